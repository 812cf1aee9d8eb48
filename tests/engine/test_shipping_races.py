"""Everybody ships the same delivery order at once, on AWS's own engine: never more than there is."""

from collections import Counter
from collections.abc import Callable

import pytest

from comanda import wiring
from comanda.errors import Problem
from comanda.fulfilment.carriers.port import Box, Label
from comanda.fulfilment.labels.purchase import recording as noting_label
from comanda.fulfilment.labels.ship import shipping_label
from comanda.fulfilment.labels.want import Buying, LabelParcel, buying
from comanda.fulfilment.pick import Handful, stepping
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.short_pick import ShortPick, ShortUnits, short_picking
from comanda.fulfilment.tracking import Scan
from comanda.fulfilment.units import Wanted
from comanda.orders.approve import approving
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import amount_due
from comanda.orders.desk import Decide
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.orders.verify import vouching
from comanda.payments.mark_paid import marking_paid
from tests.engine.test_buyers import buy, shop
from tests.engine.test_short_pick_races import corrections, origin
from tests.engine.test_stock_races import adds_up, in_weather, weathered
from tests.functional.conftest import Call
from tests.functional.shop import level, set_section, stock_product
from tests.unit.orders.delivery_orders import delivery_orders_are_sound

__all__ = ["shop"]
pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(280),
    pytest.mark.capability("D16", "D18", "F23", "G01"),
]
UNITS, WANTED, PRICE, NUMBER = 20, 10, 11_600, "TRK1"


def ready(call: Call) -> str:
    """A paid order of ten units, two of which have a label that lies on its box."""
    order_id = str(buy(call, 1, ("CAFE-1", WANTED)).body["order_id"])
    box = LabelParcel(Box(500), (Wanted(2, sku="CAFE-1"),))
    wish = Buying("easypost", "fedex", "GROUND", (box,), ship=False, address_ok=True)
    paid = marking_paid(origin(), lambda: "salt")
    for decide in (vouching, approving, paid, stepping("pick", Handful((Wanted(4, sku="CAFE-1"),)))):
        wiring.desk().run(order_id, decide, origin())
    wiring.desk().run(order_id, buying(wish, origin().at), origin())
    wiring.desk().run(order_id, bought, origin())
    return order_id


def bought(loaded: Loaded) -> Decision:
    label, effect = Label("shp_1", "fedex", "GROUND", NUMBER, 12_345, "MXN"), "label-l1"
    order_id, outbox = loaded.order.order_id, wiring.outbox()
    done = Decision(also=(lambda tx: outbox.buying(tx, order_id, effect, {"ref": "shp_1"}, NUMBER),))
    return noting_label(loaded, "l1", label, "s0", origin().at) + done


def parcel(number: int, delivery: int, units: int = 2) -> Decide:
    wanted = Parcel((Wanted(units, sku="CAFE-1"),), "dhl", f"T{number}", delivery=delivery, notify=False)
    return shipping(wanted, f"s{number}", origin().at)


def not_found(number: int) -> Decide:
    policy = ("refund", "backorder")[number % 2]
    asked = ShortPick((ShortUnits(1, sku="CAFE-1"),), "damaged", policy=policy)  # type: ignore[arg-type]
    return short_picking(asked, wiring.short_desk(), origin(), may_choose=True)


def taking_back(order_id: str) -> Decide:
    """The last of the parcels that nobody has scanned."""
    left = [one for one in wiring.desk().load(order_id).order.shipments if not one.scan_at]
    return wiring.undoing().deciding("shipped", left[-1].shipment_id if left else "none", origin().at)


def scanned(number: int) -> str:
    """A carrier's word of the label's parcel, which nobody may have shipped yet."""
    seen = Scan("fedex", NUMBER, "in_transit", origin().at)
    told = Origin("provider:easypost", f"webhook:{number}", origin().at)
    return wiring.scanning().record([seen], told).state


# What the threads do, by their number.
TURNS: dict[int, Callable[[str, int], Decide]] = {
    2: lambda _, number: parcel(number, delivery=1),
    3: lambda _, number: parcel(number, delivery=0),
    4: lambda _, number: shipping_label("l1", f"s{number}", origin().at),
    5: lambda _, number: stepping("pick", Handful((Wanted(2, sku="CAFE-1"),))),
    6: lambda _, number: not_found(number // 8),
    7: lambda order_id, _: taking_back(order_id),
}


@pytest.mark.parametrize(("steps", "weather"), [("ship", "storm"), ("pick_ship", "fair")])
def test_no_unit_leaves_twice_and_none_is_lost(call: Call, shop: None, steps: str, weather: str) -> None:
    set_section("fulfilment", steps=steps)
    stock_product(price=PRICE, units=UNITS)
    order_id = ready(call)

    def does(number: int) -> str:
        try:
            with weathered():
                if number % 8 == 0:
                    return scanned(number)
                if number % 8 == 1:
                    return str(buy(call, 100 + number, ("CAFE-1", 1)).status)
                decide = TURNS[number % 8](order_id, number)
                wiring.desk().run(order_id, decide, origin())
        except Problem as refusal:
            return getattr(refusal, "guard", refusal.type)
        return "done"

    outcomes = Counter(in_weather(weather, does))
    assert outcomes["done"]
    order = wiring.desk().load(order_id).order
    in_one_piece(order)
    delivery_orders_are_sound(order)
    adds_up("CAFE-1")
    (line,) = order.lines
    assert level()["on_hand"] == UNITS + corrections() - line.shipped


def in_one_piece(order: Order) -> None:
    """What has left lies in parcels, with its label once; what was refunded left with nobody."""
    (line,) = order.lines
    assert line.shipped == sum(one.quantity for parcel in order.shipments for one in parcel.lines)
    assert line.shipped + line.to_ship == line.quantity <= WANTED
    assert line.allocated + line.reserved + line.backordered == line.to_ship
    assert len([one for one in order.shipments if one.label_id == "l1"]) <= 1
    lost = [fact for fact in wiring.orders().facts(order.order_id) if fact.type == "LinesShortPicked"]
    without = sum(one["quantity"] for fact in lost if "outcome" in fact.data for one in fact.data["lines"])
    assert line.quantity == WANTED - without
    granted = sum(entry.amount for entry in order.ledger if entry.kind == "grant")
    assert granted == without * PRICE
    assert amount_due(order) <= 0
