"""Staff read orders and command them, through the real handler."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.mails import deliver, effects, letters
from tests.functional.shop import CUSTOMER, level, place, stock_product
from tests.functional.staff import approved, ask, command, show


def requested(call: Call, **changes: Any) -> str:
    """An order request that asks for no money: it can be shipped once it is approved."""
    stock_product()
    order_id: str = place(call, payment_method="request", **changes)["order_id"]
    return order_id


@pytest.mark.capability("C16", "C07")
def test_staff_see_everything_of_an_order(call: Call) -> None:
    order_id = requested(call, comment="Sin prisa", purchase_order="OC-7")
    answer = ask(call, "GET", f"/admin/orders/{order_id}")
    assert answer.headers["etag"] == f'"{answer.body["version"]}"'
    order = answer.body
    assert (order["order_id"], order["number"], order["label"]) == (order_id, "P-000001", None)
    assert order["customer"]["email"] == CUSTOMER["email"]
    assert order["addresses"]["shipping"]["city"] == "Cuauhtémoc"
    assert (order["comment"], order["purchase_order"]) == ("Sin prisa", "OC-7")
    assert order["lines"][0]["reserved"] == 2
    assert order["execution_arn"].endswith(f":execution:order_lifecycle:{order_id}-1")
    assert [fact["type"] for fact in order["history"]][:2] == ["OrderPlaced", "StockReserved"]
    assert all(fact["hash"] for fact in order["history"])
    assert [mail["event"] for mail in order["conversation"]] == ["verification"]


def test_an_unknown_order_is_not_found(call: Call) -> None:
    answer = ask(call, "GET", "/admin/orders/nobody")
    assert (answer.status, answer.body["type"]) == (404, "not-found")


@pytest.mark.capability("A14")
def test_approving_sets_the_goods_aside(call: Call) -> None:
    order_id = requested(call)
    order = approved(call, order_id)
    assert (order["label"], order["approved"], order["lifecycle"]) == ("processed", True, "placed")
    assert order["lines"][0]["allocated"] == 2
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 2, "available": 8}


@pytest.mark.capability("D15", "D16", "D18")
def test_an_order_leaves_in_two_parcels(call: Call) -> None:
    order_id = requested(call)
    approved(call, order_id)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "FedEx", "tracking_number": "794 1"}
    first = command(call, order_id, "ship", parcel)
    assert first.status == 200, first.text
    shipment = first.body["order"]["shipments"][0]
    assert first.body["result"] == {"shipment_id": shipment["shipment_id"]}
    assert (shipment["carrier"], shipment["status"]) == ("fedex", "shipped")
    assert shipment["tracking_url"] == "https://www.fedex.com/fedextrack/?trknbr=794%201"
    assert first.body["order"]["fulfilment"] == "partially_shipped"
    second = command(call, order_id, "ship", parcel | {"tracking_number": "7942", "notify": False})
    assert second.body["order"]["fulfilment"] == "shipped"
    assert level() == {"on_hand": 8, "reserved": 0, "allocated": 0, "available": 8}
    assert [m["event"] for m in show(call, order_id)["conversation"]].count("shipped") == 1


def test_what_cannot_be_shipped_is_refused_and_nothing_moves(call: Call) -> None:
    order_id = requested(call)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 3}], "carrier": "dhl", "tracking_number": "1"}
    early = command(call, order_id, "ship", parcel)
    assert (early.status, early.body["guard"]) == (409, "not-approved")
    approved(call, order_id)
    answer = command(call, order_id, "ship", parcel)
    assert (answer.status, answer.body["type"], answer.body["guard"]) == (
        409, "wrong-state", "not-enough-to-ship",
    )  # fmt: skip
    assert level()["on_hand"] == 10
    assert show(call, order_id)["shipments"] == []


def test_a_sku_on_two_lines_has_to_be_named_by_line(call: Call) -> None:
    order_id = requested(call, lines=[{"sku": "CAFE-1", "quantity": 1}, {"sku": "CAFE-1", "quantity": 2}])
    approved(call, order_id)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "1"}
    answer = command(call, order_id, "ship", parcel)
    assert (answer.status, answer.body["type"]) == (422, "ambiguous-line")
    line = show(call, order_id)["lines"][1]["line_id"]
    named = command(call, order_id, "ship", parcel | {"lines": [{"line_id": line, "quantity": 2}]})
    assert [line["shipped"] for line in named.body["order"]["lines"]] == [0, 2]


def test_a_replay_answers_as_the_first_time(call: Call) -> None:
    order_id = requested(call)
    approved(call, order_id)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "1"}
    version = show(call, order_id)["version"]
    first = command(call, order_id, "ship", parcel, key="k", version=version)
    command(call, order_id, "hold", {"reason": "fraud", "note": "Revisar"})
    again = command(call, order_id, "ship", parcel, key="k", version=version)
    assert again.status == 200
    assert again.headers["idempotent-replay"] == "true"
    assert "idempotent-replay" not in first.headers
    assert again.body == first.body
    assert again.headers["etag"] == first.headers["etag"]
    assert len(show(call, order_id)["shipments"]) == 1
    other = command(call, order_id, "ship", parcel | {"carrier": "ups"}, key="k")
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")


def test_a_key_counts_for_its_caller_and_command_only(call: Call) -> None:
    order_id = requested(call)
    assert command(call, order_id, "verify", key="k").status == 200
    assert command(call, order_id, "approve", key="k").status == 200
    answer = command(call, order_id, "approve", key="k", role="admin")
    assert (answer.status, answer.body["guard"]) == (409, "already-approved")


@pytest.mark.capability("C18", "C17", "C20", "D05")
def test_a_transfer_is_confirmed_with_the_banks_reference(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    approved(call, order_id)
    part = {"amount": {"amount": 3200, "currency": "MXN"}}
    first = command(call, order_id, "mark-paid", part, key="a").body["order"]
    assert (first["payment"], first["due"]) == ("partially_paid", {"amount": 20000, "currency": "MXN"})
    rest = command(call, order_id, "mark-paid", {"reference": "SPEI 889"}, key="b").body["order"]
    assert (rest["payment"], rest["due"]["amount"], rest["lines"][0]["allocated"]) == ("paid", 0, 2)
    assert [entry["reference"] for entry in rest["ledger"] if entry["kind"] == "capture"] == [
        None,
        "SPEI 889",
    ]
    again = command(call, order_id, "mark-paid", {"reference": "SPEI 889"}, key="b")
    assert (again.headers["idempotent-replay"], again.body["order"]) == ("true", rest)
    foreign = command(call, order_id, "mark-paid", {"amount": {"amount": 1, "currency": "USD"}}, key="c")
    assert (foreign.status, foreign.body["errors"][0]["pointer"]) == (422, "/amount/currency")
    assert "SPEI" not in str(show(call, order_id)["history"])


@pytest.mark.parametrize("name", ["reject", "cancel", "ship", "mark-paid"])
def test_what_moves_money_or_stock_needs_a_key(call: Call, name: str) -> None:
    order_id = requested(call)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "1"}
    body = {"ship": parcel, "mark-paid": {}}.get(name, {"reason": "no hay"})
    before = show(call, order_id)
    answer = command(call, order_id, name, body, key=None)
    assert (answer.status, answer.body["type"]) == (400, "idempotency-key-missing")
    assert show(call, order_id) == before


@pytest.mark.parametrize(
    ("header", "status", "kind"),
    [(None, 428, "if-match-missing"), ('"0"', 412, "stale"), ("*", 400, "malformed")],
)
def test_a_command_needs_the_present_version(call: Call, header: str | None, status: int, kind: str) -> None:
    order_id = requested(call)
    before = show(call, order_id)
    headers = {"If-Match": header} if header else {}
    answer = ask(call, "POST", f"/admin/orders/{order_id}/verify", {}, headers=headers)
    assert (answer.status, answer.body["type"]) == (status, kind)
    assert show(call, order_id) == before


@pytest.mark.capability("C21", "D21", "D07")
def test_cancelling_gives_the_stock_back(call: Call) -> None:
    order_id = requested(call)
    answer = command(call, order_id, "cancel", {"reason": "Llamó la señora Ana"})
    order = answer.body["order"]
    assert (order["lifecycle"], order["cancel_reason"]) == ("cancelled", "other")
    assert order["cancel_note"] == "Llamó la señora Ana"
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert "señora" not in str(show(call, order_id)["history"])


def test_rejecting_says_why_to_the_customer(call: Call) -> None:
    order_id = requested(call)
    answer = command(call, order_id, "reject", {"reason": "Ya no hay café"})
    assert (answer.body["order"]["lifecycle"], answer.body["order"]["cancel_reason"]) == (
        "cancelled", "rejected",
    )  # fmt: skip
    assert "order_rejected" in [mail["event"] for mail in show(call, order_id)["conversation"]]


def test_a_hold_stops_shipping_until_it_is_released(call: Call) -> None:
    order_id = requested(call)
    approved(call, order_id)
    hold_id = command(call, order_id, "hold", {"reason": "Falta la factura"}).body["result"]["hold_id"]
    hold = show(call, order_id)["holds"][0]
    assert (hold["hold_id"], hold["reason"], hold["note"], hold["open"]) == (
        hold_id, "manual", "Falta la factura", True,
    )  # fmt: skip
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "dhl", "tracking_number": "1"}
    assert command(call, order_id, "ship", parcel).body["guard"] == "on-hold"
    assert command(call, order_id, "release-hold", {"hold_id": hold_id}).status == 200
    assert command(call, order_id, "ship", parcel).status == 200


def test_a_mail_in_doubt_is_shown_and_sent_again_by_a_person(call: Call) -> None:
    order_id = requested(call)
    mail = effects(order_id)["verification"]
    claim = wiring.outbox().claim(order_id, mail.effect_id, at="2026-11-22T10:00:00.000Z")
    assert claim is not None
    assert wiring.outbox().doubt(order_id, claim, "the sender stopped")
    assert [mail["state"] for mail in show(call, order_id)["conversation"]] == ["unknown"]
    answer = command(call, order_id, "retry", key="first")
    assert (answer.status, answer.body["result"]) == (200, {"released": [], "mails": [mail.effect_id]})
    assert deliver(order_id, "verification") == []
    assert letters()[-1]["X-Comanda-Event"] == "verification"
    assert command(call, order_id, "retry", key="second").body["guard"] == "nothing-failed"
    order = show(call, order_id)
    assert [mail["state"] for mail in order["conversation"]] == ["done"]
    fact = order["history"][-1]
    assert (fact["type"], fact["data"]) == ("MailsWantedAgain", {"mails": [mail.effect_id]})
    assert (fact["visibility"], fact["actor"]) == ("internal", "staff:user-staff")


def test_nothing_to_retry_is_said(call: Call) -> None:
    answer = command(call, requested(call), "retry")
    assert (answer.status, answer.body["guard"]) == (409, "nothing-failed")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": [], "carrier": "dhl", "tracking_number": "1"}, "/lines"),
        ({"lines": [{"quantity": 1}], "carrier": "dhl", "tracking_number": "1"}, "/lines/0"),
        (
            {"lines": [{"sku": "X", "quantity": 0}], "carrier": "dhl", "tracking_number": "1"},
            "/lines/0/quantity",
        ),
        ({"lines": [{"sku": "X", "quantity": 1}], "carrier": "dhl"}, "/tracking_number"),
        (
            {
                "lines": [{"sku": "X", "quantity": 1}],
                "carrier": "d",
                "tracking_number": "1",
                "expected_at": "soon",
            },
            "/expected_at",
        ),
    ],
)
def test_a_body_is_judged_field_by_field(call: Call, body: dict[str, Any], pointer: str) -> None:
    answer = command(call, requested(call), "ship", body)
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert [error["pointer"] for error in answer.body["errors"]] == [pointer]
