"""A card is charged while its reservation runs out, on AWS's own engine: money and units stay together."""

import threading
from contextlib import suppress
from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.origin import Origin
from comanda.payments.provider import ProviderRefused
from comanda.times import stamp
from comanda.workflow.timeouts import expire_reservation
from tests.engine.test_buyers import shop
from tests.engine.test_stock_races import in_weather, weathered
from tests.functional.carts import Clock
from tests.functional.conftest import Call
from tests.functional.shop import level, order_body, set_section, stock_product
from tests.payments.fake import FakeProvider

__all__ = ["shop"]
pytestmark = [pytest.mark.engine, pytest.mark.timeout(280), pytest.mark.capability("D21", "G02", "G03")]
REF = "pi_0001"


class OneAtATime:
    """A provider whose own records change by one call at a time, as a real one's do."""

    def __init__(self, provider: FakeProvider) -> None:
        self.provider = provider
        self.lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.provider, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            with self.lock:
                return found(*given, **named)

        return call


class Till:
    """What may happen to one unpaid order by card at the same moment, each by its real use case."""

    def __init__(self, order_id: str, bank: Any, clock: Clock) -> None:
        self.order_id = order_id
        self.bank = bank
        self.clock = clock

    def origin(self) -> Origin:
        return Origin("system", "test", stamp(self.clock.now))

    def pays(self) -> None:
        with suppress(ProviderRefused):
            self.bank.pay(REF)

    def records(self) -> None:
        wiring.recorder().record_payment("stripe", REF, self.origin())

    def expires(self) -> None:
        now = self.origin()
        wiring.desk().run(self.order_id, lambda loaded: expire_reservation(loaded, now.at), now)

    def voids(self) -> None:
        detail = {"order_id": self.order_id, "effect_id": f"void-{REF}", "kind": "payment.void"}
        wiring.settling().settle({"detail": detail})

    def does(self, number: int, payer: int) -> str:
        """The work of one thread; `payer` is the one whose customer pays just then."""
        try:
            with weathered():
                if number == payer:
                    self.pays()
                (self.expires, self.voids, self.records, self.voids)[number % 4]()
        except Problem as refusal:
            return refusal.type
        return "done"

    def comes_to_rest(self) -> None:
        """What the sweep and the queues do afterwards, when leases are over."""
        for _ in range(4):
            self.clock.later(900)
            self.records()
            self.expires()
            self.voids()


@pytest.mark.parametrize("payer", [2, 27])
@pytest.mark.parametrize("weather", ["fair", "storm"])
def test_a_capture_and_the_end_of_a_hold_at_once(
    call: Call, shop: None, monkeypatch: pytest.MonkeyPatch, weather: str, payer: int
) -> None:
    """Whoever comes first: paid with its units, or void without them; never money for nothing."""
    clock = Clock(monkeypatch)
    bank: Any = OneAtATime(FakeProvider(now=lambda: clock.now))
    monkeypatch.setattr(wiring, "provider", lambda code: bank)
    set_section("payments.stripe", enabled=True, hold_seconds=60, remind_seconds=None, cancel_seconds=None)
    stock_product(units=3)
    body = order_body(payment_method="stripe")
    placed = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "card"})
    assert placed.body["payment_action"]["id"] == REF
    till = Till(placed.body["order_id"], bank, clock)
    clock.later(61)
    assert set(in_weather(weather, lambda number: till.does(number, payer))) <= {"done", "busy"}
    till.comes_to_rest()
    order = wiring.desk().load(till.order_id).order
    captured = sum(charge.captured for charge in bank.fetch(REF).charges)
    facts = [fact.type for fact in wiring.orders().facts(till.order_id)]
    paid = captured > 0
    assert (order.payment, order.reservation) == (("paid", "") if paid else ("voided", "expired"))
    assert sum(entry.amount for entry in order.ledger if entry.kind == "capture") == captured
    assert facts.count("PaymentCaptured") == paid
    assert order.lines[0].reserved == 2 * paid
    assert level() == {"on_hand": 3, "reserved": 2 * paid, "allocated": 0, "available": 3 - 2 * paid}
    assert facts.count("StockReserved") - facts.count("ReservationExpired") == paid
