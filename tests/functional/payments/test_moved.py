"""Staff move an order to another way to pay."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.payments.test_refunds import TOTAL, pesos
from tests.functional.payments.test_staff_entries import refused
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, show


@pytest.fixture
def by_card(call: Call, world: World) -> str:
    """An approved order whose customer's card was declined."""
    stock_product()
    set_section("payments.stripe", enabled=True, cancel_seconds=600, remind_seconds=None)
    set_section("payments.bank_transfer", enabled=True, cancel_seconds=7200, remind_seconds=3600)
    order_id = str(place(call, payment_method="stripe")["order_id"])
    approved(call, order_id)
    world.bank.decline("pi_0001")
    world.webhook("pi_0001")
    assert show(call, order_id)["payment"] == "failed"
    return order_id


def moved(call: Call, order_id: str, method: str, **more: Any) -> dict[str, Any]:
    told = done(call, order_id, "payment-method", {"payment_method": method} | more)
    assert told["result"] == {"method": method}
    order: dict[str, Any] = told["order"]
    return order


@pytest.mark.capability("D07", "G15")
def test_a_declined_card_becomes_a_transfer(call: Call, world: World, by_card: str) -> None:
    before = level()
    order = moved(call, by_card, "bank_transfer")
    assert (order["method"], order["payment"], order["due"]) == ("bank_transfer", "pending", pesos(TOTAL))
    assert order["terms"]["pay_by"] == "2026-11-21T20:00:00.000Z"
    assert level() == before
    assert world.mails(by_card).count("payment_instructions") == 1
    world.settle(by_card, "void-pi_0001")
    assert world.bank.fetch("pi_0001").status == "void"
    assert done(call, by_card, "mark-paid", {})["order"]["payment"] == "paid"
    refused(call, by_card, "payment-method", {"payment_method": "stripe"}, "nothing-due")


@pytest.mark.capability("D07")
def test_a_transfer_becomes_a_card_that_the_worker_begins(call: Call, world: World, by_card: str) -> None:
    moved(call, by_card, "bank_transfer", notify=False)
    order = moved(call, by_card, "stripe")
    assert order["method"] == "stripe"
    assert world.mails(by_card).count("payment_instructions") == 1
    start = next(
        e for e in world.loaded(by_card).effects if e.kind == "payment.start" and e.state == "wanted"
    )
    world.settle(by_card, start.effect_id)
    ref = world.effect(by_card, start.effect_id).result["ref"]
    world.bank.pay(ref)
    world.webhook(ref)
    order = show(call, by_card)
    assert (order["payment"], order["due"]) == ("paid", pesos(0))
    assert sum(e["amount"]["amount"] for e in order["ledger"] if e["kind"] == "capture") == TOTAL


def test_what_cannot_be_is_refused_and_changes_nothing(call: Call, world: World, by_card: str) -> None:
    for method in ("cheque", "request", "store_credit", "barter"):
        refused(call, by_card, "payment-method", {"payment_method": method}, "", 422)
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    refused(call, by_card, "payment-method", {"payment_method": "bank_transfer"}, "nothing-due")
