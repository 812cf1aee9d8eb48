"""Whatever customers, staff and the sweep do: every place's figures are what orders and carts hold there."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from comanda import wiring
from comanda.errors import Problem
from comanda.fulfilment.short_pick import ShortPick, ShortUnits, short_picking
from comanda.orders.approve import approving
from comanda.orders.cancel import cancelling
from comanda.orders.holdings import holdings
from comanda.orders.model import Order
from comanda.orders.verify import vouching
from comanda.payments.mark_paid import marking_paid
from comanda.workflow.timeouts import expire_reservation
from tests.functional import carts
from tests.functional.conftest import Answer, Call
from tests.functional.shop import order_body, set_section, stock_product
from tests.functional.staff import ask, command
from tests.functional.test_bundles import bundle
from tests.functional.test_workflow import order, origin
from tests.unit.orders.delivery_orders import delivery_orders_are_sound

RUNS = count(1)
PLACES = ("main", "norte")
UNITS = st.integers(1, 4)
WANTED = st.lists(st.tuples(st.sampled_from(["A", "B", "SET"]), UNITS), min_size=1, max_size=2)
type Spot = tuple[str, str, int]  # SKU, location, shard


class StockMachine(RuleBasedStateMachine):
    """A shop with two places, one product sold beyond its stock, and a bundle of both."""

    call: Call
    clock: carts.Clock
    orders: Bundle[str] = Bundle("orders")
    filled: Bundle[str] = Bundle("filled")

    def __init__(self) -> None:
        super().__init__()
        run = next(RUNS)
        self.sku = {name: f"{name}-{run}" for name in ("A", "B", "SET")}
        stock_product(self.sku["A"], units=8)
        stock_product(self.sku["B"], units=6, oversell="backorder")
        bundle(self.sku["SET"], **{self.sku["A"]: 2, self.sku["B"]: 1})
        self.on_hand = Counter({(self.sku["A"], "main"): 8, (self.sku["B"], "main"): 6})
        self.seen: set[str] = set()
        self.before: dict[str, Order] = {}
        self.carts: set[str] = set()
        self.keys = count(1)

    def key(self) -> str:
        return f"{self.sku['A']}-{next(self.keys)}"

    def lines(self, wanted: list[tuple[str, int]]) -> list[dict[str, Any]]:
        return [{"sku": self.sku[name], "quantity": units} for name, units in wanted]

    def taken(self, answer: Answer) -> Any:
        """The new order; a refusal is only ever that there is too little, or the cart's end."""
        if answer.status != 201:
            assert answer.body["type"] in ("out-of-stock", "wrong-state"), answer.text
            return multiple()
        self.seen.add(answer.body["order_id"])
        return answer.body["order_id"]

    def runs(self, order_id: str, *decisions: Any) -> None:
        for decide in decisions:
            try:
                wiring.desk().run(order_id, decide, origin())
            except Problem:
                return

    # -- customers ---------------------------------------------------------------------------------

    @rule(target=orders, wanted=WANTED)
    def buy(self, wanted: list[tuple[str, int]]) -> Any:
        body = order_body(lines=self.lines(wanted))
        headers = {"Idempotency-Key": self.key()}
        return self.taken(self.call("place_order", "POST", "/orders", body, headers=headers))

    @rule(target=filled, wanted=WANTED, checkout=st.booleans())
    def fill_a_cart(self, wanted: list[tuple[str, int]], checkout: bool) -> Any:
        answer = self.call("storefront", "POST", "/carts", {"lines": self.lines(wanted)})
        if answer.status != 201:
            return multiple()
        self.carts.add(answer.body["cart_id"])
        if checkout:
            self.go_to_checkout(answer.body["cart_id"])
        return answer.body["cart_id"]

    @rule(cart_id=filled)
    def go_to_checkout(self, cart_id: str) -> None:
        assert carts.still_there(self.call, cart_id).status in (200, 409)

    @rule(cart_id=filled, name=st.sampled_from(["A", "B", "SET"]), units=st.integers(0, 4))
    def change_a_line(self, cart_id: str, name: str, units: int) -> None:
        assert carts.put(self.call, cart_id, self.sku[name], units).status in (200, 409)

    @rule(target=orders, cart_id=filled)
    def order_a_cart(self, cart_id: str) -> Any:
        if not wiring.carts().load(cart_id).lines:
            return multiple()
        return self.taken(carts.order_of(self.call, cart_id, key=self.key()))

    # -- time --------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([200, 301]))
    def time_passes(self, seconds: int) -> None:
        self.clock.later(seconds)
        carts.sweep()

    @rule(order_id=orders)
    def the_money_does_not_come(self, order_id: str) -> None:
        self.runs(order_id, lambda loaded: expire_reservation(loaded, origin().at))

    # -- staff -------------------------------------------------------------------------------------

    @rule(order_id=orders)
    def confirm_and_take_money(self, order_id: str) -> None:
        self.runs(order_id, vouching, approving, marking_paid(origin(), lambda: "salt"))

    @rule(order_id=orders)
    def ship(self, order_id: str) -> None:
        before = order(order_id)
        left = [(line, min(line.allocated, 2)) for line in before.lines if line.allocated]
        units = [{"line_id": line.line_id, "quantity": n} for line, n in left]
        body = {"lines": units, "carrier": "fedex", "tracking_number": self.key()}
        if units and command(self.call, order_id, "ship", body, key=self.key()).status == 200:
            gone = self.held_by([before])
            gone.subtract(self.held_by([order(order_id)]))
            for (sku, location, _), n in gone.items():
                self.on_hand[sku, location] -= n

    @rule(order_id=orders, reason=st.sampled_from(["missing", "damaged", "misplaced"]))
    def short_pick(self, order_id: str, reason: Any) -> None:
        """Units leave the books of their shelf, and those of nobody else."""
        before = order(order_id)
        line = max(before.lines, key=lambda one: one.allocated)
        asked = ShortPick((ShortUnits(1, line.line_id),), reason)
        decide = short_picking(asked, wiring.short_desk(), origin(), may_choose=False)
        self.runs(order_id, decide)
        for fact in list(wiring.orders().facts(order_id))[before.facts :]:
            if fact.type == "LinesShortPicked":
                for sku, location, _, units in fact.data["lost"]:
                    self.on_hand[sku, location] -= units

    @rule(order_id=orders)
    def cancel(self, order_id: str) -> None:
        ends = cancelling("customer_request", "", "staff:1", lambda: "salt", restock=True, refund=False)
        self.runs(order_id, ends)

    @rule(name=st.sampled_from("AB"), place=st.sampled_from(PLACES), delta=st.integers(-4, 4).filter(bool))
    def adjust(self, name: str, place: str, delta: int) -> None:
        body = {"delta": delta, "reason": "found", "location": place}
        if self.tell(name, "adjust", body) == 200:
            self.on_hand[self.sku[name], place] += delta

    @rule(name=st.sampled_from("AB"), place=st.sampled_from(PLACES), counted=st.integers(0, 9))
    def count(self, name: str, place: str, counted: int) -> None:
        if self.tell(name, "count", {"counted": counted, "location": place}) == 200:
            self.on_hand[self.sku[name], place] = counted

    @rule(name=st.sampled_from("AB"), place=st.sampled_from(PLACES), shards=st.integers(1, 3))
    def spread(self, name: str, place: str, shards: int) -> None:
        self.tell(name, "spread", {"shards": shards, "location": place})

    @rule(name=st.sampled_from("AB"), there=st.booleans(), units=UNITS)
    def transfer(self, name: str, there: bool, units: int) -> None:
        origin_, to = PLACES if there else PLACES[::-1]
        if self.tell(name, "transfer", {"units": units, "from": origin_, "to": to}) == 200:
            self.on_hand[self.sku[name], origin_] -= units
            self.on_hand[self.sku[name], to] += units

    def tell(self, name: str, what: str, body: dict[str, Any]) -> int:
        path = f"/admin/stock/{self.sku[name]}/{what}"
        answer = ask(self.call, "POST", path, body, headers={"Idempotency-Key": self.key()})
        assert answer.status in (200, 404, 409), answer.text
        return answer.status

    # -- what always holds -------------------------------------------------------------------------

    def held_by(self, orders: list[Any], column: str = "") -> Counter[Spot]:
        """Units by place that these orders hold, reserved or allocated."""
        found: Counter[Spot] = Counter()
        for place in (place for one in orders for line in one.lines for place in holdings(line)):
            units = getattr(place, column) if column else place.reserved + place.allocated
            found[place.sku, place.location, place.shard] += units
        return found

    @invariant()
    def every_place_adds_up(self) -> None:
        orders = [order(order_id) for order_id in self.seen]
        for one in orders:
            delivery_orders_are_sound(one, self.before.get(one.order_id))
            self.before[one.order_id] = one
        reserved, allocated = self.held_by(orders, "reserved"), self.held_by(orders, "allocated")
        for one in (one for cart_id in self.carts for one in wiring.carts().load(cart_id).held):
            reserved[one.sku, one.location, one.shard] += one.units
        on_hand: Counter[tuple[str, str]] = Counter()
        for sku in (self.sku["A"], self.sku["B"]):
            for (location, shard), level in wiring.stock().shelf(sku, "main", 3)[1].items():
                spot = (sku, location, shard)
                assert (level.reserved, level.allocated) == (reserved.pop(spot, 0), allocated.pop(spot, 0))
                assert level.available == level.on_hand - level.reserved - level.allocated >= 0
                on_hand[sku, location] += level.on_hand
        assert not +reserved
        assert not +allocated
        assert +on_hand == +self.on_hand


@pytest.mark.capability("G01", "D01", "D21", "F07", "F08", "E10")
def test_every_place_adds_up_whatever_happens(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    set_section("limits", per_address=10**6, per_email=10**6)
    set_section("stock", locations=[{"code": "norte"}], reserve_in_cart_seconds=300)
    StockMachine.call, StockMachine.clock = staticmethod(call), carts.Clock(monkeypatch)
    quick = settings(
        max_examples=10,
        stateful_step_count=30,
        deadline=None,
        phases=[Phase.generate],  # a step is several requests: a counterexample is told as it was found
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(StockMachine, settings=quick)
