"""Several parcels in one `ship`: every unit that is asked for leaves in one of them, and no other."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.consign import MOST_PARCELS, Consignment, consigning
from comanda.fulfilment.ship import Parcel
from comanda.fulfilment.units import Wanted
from comanda.orders.consignments import consignment_of, nth
from comanda.orders.decision import Decision, Loaded
from comanda.orders.model import Order
from comanda.orders.vocabulary import Fulfilment
from tests.unit.fulfilment.made import AT, after, line, ready_order

COFFEE = line("1", "CAFE-1", 3, allocated=3, location="main", weight_grams=500)
TEA = line("2", "TE-2", 2, allocated=2, location="main", weight_grams=100)


def parcel(number: str, *lines: tuple[str, int], **more: Any) -> Parcel:
    return Parcel(tuple(Wanted(units, line_id=line_id) for line_id, units in lines), "dhl", number, **more)


def ship(order: Order, *parcels: Parcel, tares: tuple[int, ...] = (), **more: Any) -> Decision:
    asked = Consignment(parcels, tares or (0,) * len(parcels), **more)
    return consigning(asked, "s", AT)(Loaded(order, {}))


def refused(order: Order, *parcels: Parcel) -> tuple[str, str]:
    with pytest.raises(Invalid) as refusal:
        ship(order, *parcels)
    (error,) = refusal.value.extra["errors"]
    return error["pointer"], error["detail"]


@pytest.mark.capability("F17", "D16", "D17", "D18")
def test_lines_are_distributed_over_parcels_that_know_each_other() -> None:
    order = ready_order(COFFEE, TEA)
    decision = ship(order, parcel("A", ("1", 2), ("2", 1)), parcel("B", ("1", 1), ("2", 1)), tares=(50, 0))
    whole = after(order, decision)
    assert decision.result == {"shipment_id": "s", "shipment_ids": ["s", "s-02"], "consignment": "s"}
    assert [(e.effect_id, e.data) for e in decision.effects] == [
        ("mail-shipped-s", {"event": "shipped", "shipment_id": "s", "consignment": "s"})
    ]
    assert [
        (p.tracking_number, consignment_of(p), nth(whole, p), p.weight_grams) for p in whole.shipments
    ] == [
        ("A", "s", (1, 2), 1150),
        ("B", "s", (2, 2), 600),
    ]
    assert whole.fulfilment == Fulfilment.SHIPPED


def test_one_parcel_is_no_consignment() -> None:
    decision = ship(ready_order(COFFEE), parcel("A", ("1", 1)))
    assert decision.effects[0].data == {"event": "shipped", "shipment_id": "s"}
    assert after(ready_order(COFFEE), decision).shipments[0].consignment == ""


def test_a_parcel_without_lines_takes_the_rest() -> None:
    order = ready_order(COFFEE, TEA)
    whole = after(order, ship(order, parcel("A", ("1", 1)), parcel("B")))
    assert [line.to_dict() for line in whole.shipments[1].lines] == [
        {"line_id": "1", "sku": "CAFE-1", "quantity": 2},
        {"line_id": "2", "sku": "TE-2", "quantity": 2},
    ]


def test_a_weight_is_known_or_it_is_not() -> None:
    order = ready_order(COFFEE, line("2", "TE-2", 2, allocated=2))
    whole = after(order, ship(order, parcel("A", ("1", 1), weight_grams=777), parcel("B")))
    assert [one.weight_grams for one in whole.shipments] == [777, 0]


@pytest.mark.parametrize(
    ("parcels", "pointer"),
    [
        ([parcel("A", ("1", 1)), parcel("a ", ("2", 1))], "/parcels/1/tracking_number"),
        ([parcel("A", ("1", 1)), parcel("B", ("9", 1))], "/parcels/1/lines/0/line_id"),
        ([parcel("A"), parcel("B")], "/parcels/1/lines"),
        ([parcel("A", ("1", 3), ("2", 2)), parcel("B")], "/parcels/1/lines"),
    ],
)
def test_each_parcel_has_to_be_clear(parcels: list[Parcel], pointer: str) -> None:
    assert refused(ready_order(COFFEE, TEA), *parcels)[0] == pointer


def test_all_of_them_are_judged_together() -> None:
    with pytest.raises(WrongState) as refusal:
        ship(ready_order(COFFEE), parcel("A", ("1", 2)), parcel("B", ("1", 2)))
    assert refusal.value.guard == "not-enough-to-ship"
    assert "4 asked for, 3 ready" in refusal.value.detail


def test_no_more_parcels_than_a_transaction_holds() -> None:
    many = [line(f"{n}", f"SKU-{n}", 1, allocated=1, location="main") for n in range(80)]
    pointer, why = refused(
        ready_order(*many), *(parcel(f"T{n}", (f"{n}", 1)) for n in range(5)), parcel("T6")
    )
    assert (pointer, why[:9]) == ("/parcels", "at most 4")
    plenty = ready_order(line("1", "CAFE-1", 90, allocated=90, location="main"))
    assert len(ship(plenty, *(parcel(f"T{n}", ("1", 1)) for n in range(MOST_PARCELS))).facts) == MOST_PARCELS


@pytest.mark.capability("F17")
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=5))
def test_no_unit_is_lost_or_shipped_twice(contents: list[tuple[int, int]]) -> None:
    order = ready_order(COFFEE, TEA)
    asked = [
        parcel(f"T{n}", *((name, units) for name, units in (("1", coffee), ("2", tea)) if units))
        for n, (coffee, tea) in enumerate(contents)
    ]
    try:
        decision = ship(order, *asked)
    except (Invalid, WrongState):
        return
    whole = after(order, decision)
    sent: Counter[str] = Counter()
    for one in whole.shipments:
        sent.update({own.line_id: own.quantity for own in one.lines})
    assert all(own.shipped == sent[own.line_id] <= own.quantity for own in whole.lines)
    assert all(own.allocated + own.shipped == own.quantity for own in whole.lines)
    assert -sum(move.on_hand for move in decision.moves) == sum(sent.values())
