"""Payments that come back, fees and disputes through the staff API."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.payments.test_refunds import TOTAL, card, pesos, transfer
from tests.functional.payments.world import World
from tests.functional.shop import set_section
from tests.functional.staff import approved, ask, command, show
from tests.functional.tables import contents

PARCEL: dict[str, Any] = {
    "lines": [{"sku": "CAFE-1", "quantity": 1}],
    "carrier": "dhl",
    "tracking_number": "T1",
}


def refused(call: Call, order_id: str, name: str, body: Any, guard: str, status: int = 409) -> None:
    """The command is refused, and nothing has changed."""
    before = contents()
    answer = command(call, order_id, name, body)
    assert (answer.status, answer.body.get("guard", "")) == (status, guard), answer.text
    assert contents() == before


def note_fee(call: Call, order_id: str) -> dict[str, Any]:
    """A fee that nobody is charged for: quiet, so the version stays and the key has to be told."""
    body = {"amount": pesos(350), "reason": "bank", "note": "comisión"}
    version = show(call, order_id)["version"]
    answer = command(call, order_id, "fees", body, key="noted", version=version)
    assert (answer.status, answer.body["version"]) == (200, version), answer.text
    order: dict[str, Any] = answer.body["order"]
    return order


@pytest.mark.capability("F05", "C18")
def test_a_cheque_bounces_is_asked_for_again_and_made_good(call: Call, world: World) -> None:
    set_section("payments.bank_transfer", enabled=True, remind_seconds=600, cancel_seconds=1200)
    order_id = transfer(call)
    approved(call, order_id)
    told = done(call, order_id, "bounce", {"reason": "Fondos insuficientes, dice Ana"})
    assert told["result"] == {"payment_id": "manual:capture:paid-1", "amount": pesos(TOTAL)}
    order = told["order"]
    assert (order["payment"], order["paid"], order["due"]) == ("failed", pesos(0), pesos(TOTAL))
    assert (order["label"], order["stage"]) == ("error", "quotation_sent")
    (hold,) = [one for one in order["holds"] if one["open"]]
    assert (hold["reason"], hold["note"]) == ("payment_bounced", "Fondos insuficientes, dice Ana")
    assert "Ana" not in str(show(call, order_id)["history"])
    assert world.mails(order_id).count("payment_failed") == 1
    refused(call, order_id, "ship", PARCEL, "on-hold")
    refused(call, order_id, "bounce", {"reason": "no_funds"}, "nothing-to-bounce")
    answer = command(call, order_id, "mark-paid", {"reference": "SPEI 2"})
    assert (answer.body["order"]["payment"], answer.body["order"]["label"]) == ("paid", "pending")
    done(call, order_id, "ship", PARCEL)


def test_a_bounce_is_undone(call: Call, world: World) -> None:
    order_id = transfer(call)
    before = show(call, order_id)
    done(call, order_id, "bounce", {"reason": "mistake", "notify": False})
    assert world.mails(order_id).count("payment_failed") == 0
    order = done(call, order_id, "undo-bounce", {"payment_id": "manual:capture:paid-1"})["order"]
    assert (order["payment"], order["due"], order["ledger"]) == (
        "paid",
        pesos(0),
        before["ledger"],
    )
    refused(call, order_id, "undo-bounce", {}, "nothing-bounced")


def test_nothing_comes_back_of_a_card(call: Call, world: World) -> None:
    order_id = card(call, world)
    refused(call, order_id, "bounce", {"reason": "no_funds"}, "nothing-to-bounce")
    refused(call, order_id, "bounce", {"reason": ""}, "", 422)
    refused(call, order_id, "disputes", {"reason": "fraudulent", "payment_id": "x"}, "", 422)


@pytest.mark.capability("F05")
def test_a_fee_is_charged_paid_and_taken_off(call: Call, world: World) -> None:
    order_id = transfer(call)
    dollars = {"amount": 5, "currency": "USD"}
    refused(call, order_id, "fees", {"amount": dollars, "reason": "bank"}, "", 422)
    noted = note_fee(call, order_id)
    assert (noted["due"], noted["totals"]["total"]) == (pesos(0), pesos(TOTAL))
    assert [(e["amount"], e["reason"], e["reference"]) for e in noted["ledger"] if e["kind"] == "fee"] == [
        (pesos(350), "bank", "comisión")
    ]
    body = {"amount": pesos(1_500), "reason": "bounced", "title": "Cargo por cheque devuelto"}
    charged = done(call, order_id, "fees", body)
    order = charged["order"]
    assert (order["due"], order["totals"]["total"]) == (pesos(1_500), pesos(TOTAL + 1_500))
    assert order["charges"][-1]["title"] == "Cargo por cheque devuelto"
    assert world.mails(order_id).count("order_edited") == 1
    assert done(call, order_id, "mark-paid", {})["order"]["payment"] == "paid"
    off = done(call, order_id, f"fees/{charged['result']['fee_id']}/withdraw")["order"]
    assert (off["payment"], off["due"]) == ("overpaid", pesos(-1_500))
    assert [one["why"] for one in off["actions"]] == ["overpaid"]
    refused(call, order_id, f"fees/{charged['result']['fee_id']}/withdraw", {}, "fee-withdrawn")
    refused(call, order_id, "fees/f999/withdraw", {}, "", 404)


@pytest.mark.capability("F16")
def test_a_dispute_is_entered_and_lost(call: Call, world: World) -> None:
    order_id = transfer(call)
    opened = done(call, order_id, "disputes", {"reason": "not_received", "amount": pesos(5_000)})
    assert opened["result"]["status"] == "open"
    name = opened["result"]["dispute_id"]
    refused(
        call,
        order_id,
        "disputes",
        {"reason": "fraudulent", "amount": pesos(TOTAL)},
        "dispute-exceeds-payment",
    )
    refused(
        call, order_id, "refund", {"reason": "customer", "amount": pesos(TOTAL)}, "refund-exceeds-payment"
    )
    lost = done(call, order_id, f"disputes/{name}/close", {"outcome": "lost"})["order"]
    assert (lost["payment"], lost["due"]) == ("partially_refunded", pesos(5_000))
    assert world.mails(order_id).count("refunded") == 0  # what a bank takes is not our refund
    refused(call, order_id, f"disputes/{name}/close", {"outcome": "lost"}, "dispute-closed")
    refused(call, order_id, "disputes/d999/close", {"outcome": "won"}, "", 404)
    won = done(call, order_id, f"disputes/{name}/close", {"outcome": "won"})["order"]
    assert (won["payment"], won["due"], [one for one in won["holds"] if one["open"]]) == (
        "paid",
        pesos(0),
        [],
    )


def test_the_customer_reads_of_what_concerns_them(call: Call, world: World) -> None:
    order_id = transfer(call)
    done(call, order_id, "bounce", {"reason": "no_funds"})
    body = {"amount": pesos(1_500), "reason": "bounced", "title": "Cargo por cheque devuelto"}
    done(call, order_id, "fees", body)
    note_fee(call, order_id)
    shown = {one["type"] for one in show(call, order_id)["history"] if one["visibility"] == "customer"}
    assert {"PaymentBounced", "FeeCharged"} <= shown
    assert not {"FeeRecorded", "HoldOpened"} & shown
    whole = ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body
    assert whole["whole"], whole
