"""Shipping some or all units of an order."""

from typing import Any

import pytest

from comanda.errors import AmbiguousLine, Invalid, WrongState
from comanda.fulfilment.carriers import carrier_code, tracking_page
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import Decision, Loaded, Move
from comanda.orders.model import Line, Order
from comanda.orders.vocabulary import Fulfilment
from tests.unit.fulfilment.made import AT, after, line, ready_order


def ship(order: Order, *wanted: Wanted, **more: Any) -> Decision:
    parcel = Parcel(wanted, "fedex", "7941", **more)
    return shipping(parcel, "s1", AT)(Loaded(order, {}))


@pytest.mark.capability("D15", "D16", "D17", "D18")
def test_a_part_leaves_the_shelf() -> None:
    order = ready_order()
    decision = ship(order, Wanted(2, sku="CAFE-1"))
    assert decision.moves == (Move("CAFE-1", "main", allocated=-2, on_hand=-2),)
    assert decision.moves[0].available == 0
    assert decision.result == {"shipment_id": "s1"}
    shipped = after(order, decision)
    assert (shipped.lines[0].shipped, shipped.lines[0].allocated, shipped.lines[0].to_ship) == (2, 1, 1)
    assert shipped.fulfilment == Fulfilment.PARTIALLY_SHIPPED
    rest = shipping(Parcel((Wanted(1, sku="CAFE-1"),), "ups", "1Z9"), "s2", AT)(Loaded(shipped, {}))
    assert after(shipped, rest).fulfilment == Fulfilment.SHIPPED


@pytest.mark.capability("C23", "C24", "D14")
def test_the_customer_is_told_unless_staff_say_no() -> None:
    order = ready_order()
    assert [(e.effect_id, e.data) for e in ship(order, Wanted(1, line_id="1")).effects] == [
        ("mail-shipped-s1", {"event": "shipped", "shipment_id": "s1"})
    ]
    assert ship(order, Wanted(1, line_id="1"), notify=False).effects == ()


def test_a_line_without_counted_stock_moves_none() -> None:
    decision = ship(ready_order(line("1", "REGALO", 1, tracked=False)), Wanted(1, sku="REGALO"))
    assert decision.moves == ()
    assert decision.facts[0].data["taken"] == []


TWO = (line("1", "CAFE-1", 2, allocated=2), line("2", "CAFE-1", 2, allocated=1, reserved=1))


@pytest.mark.parametrize(
    ("wanted", "refusal", "pointer"),
    [
        ([Wanted(1, sku="CAFE-1")], AmbiguousLine, "/lines/0/sku"),
        ([Wanted(1, line_id="1"), Wanted(1, sku="TE-1")], Invalid, "/lines/1/sku"),
        ([Wanted(1, line_id="9")], Invalid, "/lines/0/line_id"),
        ([Wanted(1, line_id="1", sku="TE-1")], Invalid, "/lines/0/line_id"),
    ],
)
def test_lines_have_to_be_clear(wanted: list[Wanted], refusal: type[Invalid], pointer: str) -> None:
    with pytest.raises(refusal) as refused:
        ship(ready_order(*TWO), *wanted)
    assert type(refused.value) is refusal
    assert refused.value.extra["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "wanted",
    [[Wanted(3, line_id="1")], [Wanted(2, line_id="2")], [Wanted(1, line_id="1"), Wanted(2, line_id="1")]],
)
def test_no_more_leaves_than_is_set_aside(wanted: list[Wanted]) -> None:
    with pytest.raises(WrongState) as refused:
        ship(ready_order(*TWO), *wanted)
    assert refused.value.guard == "not-enough-to-ship"


def test_an_order_that_nobody_approved_is_not_shipped() -> None:
    order = ready_order()
    unapproved = Order.from_dict({k: v for k, v in order.to_dict().items() if k != "approved"})
    with pytest.raises(WrongState) as refused:
        ship(unapproved, Wanted(1, line_id="1"))
    assert refused.value.guard == "not-approved"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("FedEx", "fedex"),
        ("FedExSmartPost", "fedex"),
        ("DHL Express", "dhl"),
        ("Estafeta", "estafeta"),
        (" Mensajería López ", "Mensajería López"),
    ],
)
def test_a_carrier_is_known_under_any_spelling(written: str, code: str) -> None:
    assert carrier_code(written) == code


def test_the_tracking_page_quotes_the_number() -> None:
    assert tracking_page("ups", "1Z/9&x") == "https://www.ups.com/track?tracknum=1Z%2F9%26x"
    assert tracking_page("Mensajería López", "1") == ""


def test_lines_keep_their_counts_consistent() -> None:
    def sound(one: Line) -> bool:
        return one.shipped <= one.quantity - one.cancelled and one.allocated >= 0

    order = after(ready_order(), ship(ready_order(), Wanted(3, line_id="1")))
    assert all(map(sound, order.lines))
    assert order.lines[0].to_ship == 0
