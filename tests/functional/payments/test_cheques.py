"""Cheques through the staff API: deposited, cleared, bounced, corrected; found in the list; many at once."""

from datetime import timedelta
from typing import Any

import pytest

from comanda.times import stamp
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.bulk_world import Bulk, bulk
from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.payments.test_refunds import TOTAL, pesos
from tests.functional.payments.test_staff_entries import PARCEL, refused
from tests.functional.payments.world import World
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, ask, command, show

__all__ = ["bulk"]  # the fixture

CHEQUE = {"number": "000123", "bank": "BBVA", "on": "2026-11-20"}


def by_cheque(call: Call, key: str = "place-1", **settings: Any) -> str:
    """An approved order that its customer means to pay by cheque."""
    if key == "place-1":
        stock_product(units=100)
    set_section("payments.cheque", enabled=True, title={"es": "Cheque", "en": "Cheque"}, **settings)
    order_id = str(place(call, key, payment_method="cheque")["order_id"])
    approved(call, order_id)
    return order_id


def listed(call: Call, **query: str) -> list[str]:
    answer = ask(call, "GET", "/admin/orders", query=query)
    assert answer.status == 200, answer.text
    return [row["order_id"] for row in answer.body["items"]]


@pytest.mark.capability("D06", "C18")
def test_a_cheque_is_deposited_clears_the_next_business_day_and_pays(call: Call, world: World) -> None:
    order_id = by_cheque(call, cancel_seconds=600, remind_seconds=300)
    told = done(call, order_id, "deposit-cheque", CHEQUE)
    cheque_id = told["result"]["cheque_id"]
    assert told["result"] == {
        "cheque_id": cheque_id, "expected_on": "2026-11-23", "amount": pesos(TOTAL)
    }  # fmt: skip
    order = told["order"]
    (entry,) = order["ledger"]
    assert (entry["status"], entry["reference"], entry["on"], entry["expected_on"]) == (
        "processing",
        "000123 · BBVA",
        "2026-11-20",
        "2026-11-23",
    )
    assert (order["payment"], order["due"], order["money"]) == ("pending", pesos(TOTAL), "cheque_deposited")
    refused(call, order_id, "ship", PARCEL, "not-paid")
    world.clock.on(days=9)
    world.run(order_id, lambda loaded: judge_deadlines(loaded, stamp(world.clock())), "system")
    assert show(call, order_id)["lifecycle"] == "placed"  # its bank takes its time; nobody cancels it
    assert world.mails(order_id).count("payment_reminder") == 0
    order = done(call, order_id, "clear-cheque", {"cheque_id": cheque_id, "on": "2026-11-23"})["order"]
    assert (order["payment"], order["due"], order["money"]) == ("paid", pesos(0), None)
    assert world.mails(order_id).count("payment_received") == 1
    assert "000123" not in str(show(call, order_id)["history"])
    refused(call, order_id, "clear-cheque", {}, "no-cheque")
    done(call, order_id, "ship", PARCEL)
    assert ask(call, "GET", f"/admin/orders/{order_id}/history/verify").body["whole"]


@pytest.mark.capability("D06")
def test_a_shop_may_ship_before_the_cheque_clears(call: Call, world: World) -> None:
    order_id = by_cheque(call, ship_before_payment=True)
    done(call, order_id, "deposit-cheque", CHEQUE)
    order = done(call, order_id, "ship", PARCEL)["order"]
    assert (order["fulfilment"], order["payment"]) == ("partially_shipped", "pending")


@pytest.mark.capability("D06", "F05")
def test_a_cheque_bounces_before_it_counted_and_is_deposited_after_all(call: Call, world: World) -> None:
    order_id = by_cheque(call)
    done(call, order_id, "deposit-cheque", CHEQUE)
    body = {"reason": "Sin fondos, dice Ana", "on": "2026-11-21"}
    order = done(call, order_id, "bounce-cheque", body)["order"]
    assert (order["payment"], order["label"], order["money"]) == ("failed", "error", "cheque_bounced")
    assert world.mails(order_id).count("payment_failed") == 1
    assert "Ana" not in str(show(call, order_id)["history"])
    refused(call, order_id, "bounce-cheque", body, "no-cheque")
    order = done(call, order_id, "undo-cheque")["order"]
    assert (order["payment"], order["label"], order["money"]) == ("pending", "pending", "cheque_deposited")
    order = done(call, order_id, "undo-cheque")["order"]
    assert (order["ledger"][0]["status"], order["money"]) == ("pending", None)
    refused(call, order_id, "undo-cheque", {}, "no-cheque-to-undo")


def test_what_is_wrong_with_an_entry_is_said_where_it_is(call: Call, world: World) -> None:
    order_id = by_cheque(call)
    tomorrow = (world.clock() + timedelta(days=1)).date().isoformat()
    for body in ({"number": ""}, CHEQUE | {"on": tomorrow}, CHEQUE | {"on": "21/11/2026"}, {"bank": "BBVA"}):
        refused(call, order_id, "deposit-cheque", body, "", 422)
    dollars = {"amount": {"amount": 5, "currency": "USD"}}
    refused(call, order_id, "deposit-cheque", CHEQUE | dollars, "", 422)
    done(call, order_id, "deposit-cheque", CHEQUE)
    refused(call, order_id, "deposit-cheque", CHEQUE, "", 422)
    refused(call, order_id, "clear-cheque", {"on": "2026-11-19"}, "", 422)
    refused(call, order_id, "pay", {}, "", 404)


@pytest.mark.capability("D06", "C29")
def test_deposited_cheques_are_found_and_cleared_together(call: Call, bulk: Bulk, world: World) -> None:
    ids = [by_cheque(call, f"place-{n}") for n in (1, 2, 3)]
    for number, order_id in enumerate(ids[:2]):
        done(call, order_id, "deposit-cheque", CHEQUE | {"number": f"00{number}"})
    assert sorted(listed(call, money="cheque_deposited")) == sorted(ids[:2])
    assert listed(call, **{"not.money": "cheque_deposited"}) == [ids[2]]
    job = bulk.run("clear-cheque", ids=ids, params={"on": "2026-11-21"})
    assert (job["done"], job["failed"], job["reasons"]) == (2, 1, {"wrong-state/no-cheque": 1})
    assert [show(call, order_id)["payment"] for order_id in ids] == ["paid", "paid", "pending"]
    again = bulk.run("clear-cheque", ids=ids[:2])
    assert again["reasons"] == {"wrong-state/no-cheque": 2}
    assert [len(show(call, one)["ledger"]) for one in ids] == [2, 2, 1]
    assert listed(call, money="cheque_deposited") == []


@pytest.mark.capability("D06")
def test_a_clearing_is_taken_back_while_its_receipt_waits(call: Call, world: World) -> None:
    order_id = by_cheque(call)
    done(call, order_id, "deposit-cheque", CHEQUE)
    world.clock.on(seconds=1)
    payment = done(call, order_id, "clear-cheque")["result"]["payment_id"]
    order = done(call, order_id, "undo-paid", {"payment_id": payment})["order"]
    assert (order["payment"], order["money"]) == ("pending", "cheque_deposited")
    assert command(call, order_id, "clear-cheque").body["order"]["payment"] == "paid"
