"""Several people enter the bank's word about one cheque at once, on AWS's engine: it counts once at most."""

from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.ids import new_id
from comanda.orders.balance import balance
from comanda.origin import Origin
from comanda.payments.cheque import Cheque, Returned, Word, clearing, depositing, returning
from comanda.payments.mark_paid import marking_paid
from comanda.settings.sections import PaymentMethod
from comanda.times import stamp
from tests.engine.test_buyers import shop
from tests.engine.test_stock_races import in_weather, weathered
from tests.functional.conftest import Call
from tests.functional.shop import order_body, set_section, stock_product

__all__ = ["shop"]
pytestmark = [pytest.mark.engine, pytest.mark.timeout(280), pytest.mark.capability("D06", "F02")]
DAY = "2026-11-20"
TOTAL = 23_200


@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_cheque_is_counted_once_or_not_at_all(call: Call, shop: None, weather: str) -> None:
    set_section("payments.cheque", enabled=True)
    stock_product(units=3)
    body = order_body(payment_method="cheque")
    placed = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "one"})
    order_id, at = placed.body["order_id"], stamp(wiring.now())

    def run(decide: Any, who: str) -> str:
        try:
            with weathered():
                wiring.desk().run(order_id, decide, Origin(who, "test", at))
        except Problem as refusal:
            return refusal.type
        return "done"

    run(depositing(Cheque("1", "BBVA", DAY, DAY), at, new_id), "staff:1")
    word, why = Word(DAY, DAY), Returned("no_funds")

    def says(number: int) -> str:
        who = f"staff:{number}"
        said = (
            clearing(word, at),
            returning(word, why, lambda method: PaymentMethod(), at, new_id),
            clearing(word, at),
            marking_paid(Origin(who, "test", at), new_id),
        )
        return run(said[number % 4], who)

    assert set(in_weather(weather, says)) <= {"done", "busy", "wrong-state", "invalid"}
    order = wiring.desk().load(order_id).order
    facts = [fact.type for fact in wiring.orders().facts(order_id)]
    captures = [entry for entry in order.ledger if (entry.kind, entry.status) == ("capture", "ok")]
    assert facts.count("PaymentCaptured") == len(captures) <= 1
    assert balance(order.ledger).kept == TOTAL * len(captures)
    assert facts.count("ChequeBounced") <= 1
    run(marking_paid(Origin("staff:9", "test", at), new_id), "staff:9")
    assert balance(wiring.desk().load(order_id).order.ledger).kept == TOTAL
