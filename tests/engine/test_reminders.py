"""Many sweeps find the same reminder due at once, on AWS's own engine: one mail for each time."""

from datetime import timedelta

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.origin import Origin
from comanda.times import moment, stamp
from comanda.workflow.timeouts import judge_deadlines
from tests.engine.test_buyers import shop
from tests.engine.test_stock_races import in_weather, weathered
from tests.functional.conftest import Call
from tests.functional.shop import order_body, set_section, stock_product

__all__ = ["shop"]
pytestmark = [pytest.mark.engine, pytest.mark.timeout(280), pytest.mark.capability("D07", "G02")]


@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_time_that_many_sweeps_find_reminds_once(call: Call, shop: None, weather: str) -> None:
    set_section("payments.bank_transfer", remind_seconds=600, reminders=[1200, 1800], cancel_seconds=9000)
    stock_product(units=3)
    placed = call("place_order", "POST", "/orders", order_body(), headers={"Idempotency-Key": "one"})
    order_id = placed.body["order_id"]
    begun = moment(wiring.desk().load(order_id).order.created_at)

    def sweep(at: str) -> str:
        try:
            with weathered():
                origin = Origin("system", "sweep", at)
                wiring.desk().run(order_id, lambda loaded: judge_deadlines(loaded, at), origin)
        except Problem as refusal:
            return refusal.type
        return "done"

    for turn, seconds in enumerate((601, 1201, 1801), start=1):
        at = stamp(begun + timedelta(seconds=seconds))
        assert set(in_weather(weather, lambda number, at=at: sweep(at))) <= {"done", "busy"}
        sweep(at)  # whoever found the table busy comes again
        loaded = wiring.desk().load(order_id)
        mails = [e for e in loaded.effects if e.kind == "mail" and e.data["event"] == "payment_reminder"]
        facts = [fact.type for fact in wiring.orders().facts(order_id)]
        assert (len(mails), facts.count("PaymentReminded")) == (turn, turn)
    assert [bool(one.data.get("last")) for one in sorted(mails, key=lambda one: one.wanted_at)] == [
        False,
        False,
        True,
    ]
