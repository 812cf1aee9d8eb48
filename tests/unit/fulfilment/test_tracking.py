"""The state of a parcel is the greatest of its scans, however they arrive."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.fulfilment.consign import Consignment, consigning
from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.tracking import RANKS, TERMINAL, TROUBLE, Scan, concerned, recording
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import Decision, Loaded
from comanda.orders.model import Order, RawScan
from comanda.orders.vocabulary import Fulfilment
from tests.unit.fulfilment.made import AT, after, ready_order


def at(minute: int) -> str:
    return f"2026-11-22T10:{minute:02d}:00.000Z"


def scan(status: str, minute: int = 0, carrier: str = "fedex", number: str = "794 1") -> Scan:
    return Scan(carrier, number, status, at(minute))


def shipped(*numbers: str, carrier: str = "fedex") -> Order:
    """One unit of three in each parcel."""
    order = ready_order()
    for index, number in enumerate(numbers or ("7941",), start=1):
        parcel = Parcel((Wanted(1, line_id="1"),), carrier, number)
        order = after(order, shipping(parcel, f"s{index}", AT)(Loaded(order, {})))
    return order


def consigned() -> Order:
    """Two parcels of one `ship`."""
    parcels = tuple(Parcel((Wanted(1, line_id="1"),), "fedex", number) for number in ("7941", "7942"))
    decide = consigning(Consignment(parcels, (0, 0)), "s", AT)
    return after(ready_order(), decide(Loaded(ready_order(), {})))


def recorded(order: Order, *scans: Scan, now: str = AT) -> Decision:
    return recording(order, scans, concerned(order.shipments, scans[0]), now)


def told(order: Order, *scans: Scan) -> Order:
    """The order after these scans arrived one by one."""
    for one in scans:
        decision = recorded(order, one)
        order = after(order, decision) if decision.facts else order
    return order


def picture(order: Order) -> tuple[object, ...]:
    """All that scans decide."""
    parcels = tuple(parcel.to_dict() for parcel in order.shipments)
    holds = sorted((hold.reason, hold.detail) for hold in order.open_holds)
    return parcels, tuple(line.delivered for line in order.lines), holds, order.fulfilment


SCANS = st.builds(scan, st.sampled_from(sorted(RANKS)), st.integers(0, 4))


@pytest.mark.capability("D13")
@given(
    st.lists(SCANS, min_size=1, max_size=8).flatmap(lambda s: st.tuples(st.just(s), st.permutations(s + s)))
)
def test_every_order_of_arrival_gives_one_state(case: tuple[list[Scan], list[Scan]]) -> None:
    scans, shuffled = case
    greatest = max(scans, key=lambda one: (one.status in TERMINAL, one.at, RANKS[one.status]))
    one_by_one, all_at_once = told(shipped(), *shuffled), after(shipped(), recorded(shipped(), *scans))
    assert picture(one_by_one) == picture(all_at_once)
    parcel = one_by_one.shipments[0]
    assert (parcel.status, parcel.scan_at) == (greatest.status, greatest.at)
    assert one_by_one.lines[0].delivered == (1 if greatest.status == "delivered" else 0)
    assert bool(one_by_one.open_holds) == (greatest.status in TROUBLE)


@pytest.mark.capability("D13", "C01")
def test_a_late_scan_does_not_take_a_delivery_back() -> None:
    stream = [scan("in_transit", 1), scan("out_for_delivery", 2), scan("delivered", 3)]
    for order_of_arrival in permutations(stream):
        order = told(shipped(), *order_of_arrival)
        assert order.shipments[0].status == "delivered"
        assert order.shipments[0].delivered_at == at(3)
        assert order.fulfilment == Fulfilment.PARTIALLY_DELIVERED


def test_a_known_scan_changes_nothing() -> None:
    order = told(shipped(), scan("in_transit", 1))
    assert recorded(order, scan("in_transit", 1)).facts == ()


@pytest.mark.capability("D13", "G16")
def test_a_late_scan_is_kept_and_moves_nothing() -> None:
    order = told(shipped(), scan("in_transit", 1))
    late = recorded(order, scan("pre_transit", 0))
    assert [(fact.type, fact.visibility) for fact in late.facts] == [("ShipmentScanned", "internal")]
    kept = after(order, late)
    assert [(one.status, one.at) for one in kept.shipments[0].scans] == [
        ("pre_transit", at(0)),
        ("in_transit", at(1)),
    ]
    assert kept.shipments[0].scan_at == at(1)
    assert recorded(kept, scan("pre_transit", 0), scan("in_transit", 1)).facts == ()


@pytest.mark.capability("D13", "G16")
def test_a_scan_from_the_future_hides_nothing_that_comes_before_it() -> None:
    """A carrier's clock is wrong by days: what it tells until then still counts."""
    ahead = replace(scan("in_transit", 0), at="2027-01-01T00:00:00.000Z")
    now = at(0)
    order = after(shipped(), recorded(shipped(), ahead, now=now))
    assert (order.shipments[0].status, len(order.shipments[0].scans)) == ("shipped", 1)
    assert recorded(order, ahead, now=now).facts == ()
    order = after(order, recorded(order, scan("exception", 1), now=now))
    assert (order.shipments[0].status, len(order.open_holds)) == ("exception", 1)
    when = after(order, recorded(order, ahead, now=ahead.at))
    assert (when.shipments[0].status, when.open_holds) == ("in_transit", ())


def test_scans_within_a_day_count_whatever_offset_their_carrier_writes() -> None:
    soon = replace(scan("in_transit"), at="2026-11-22T17:59:00.000Z")
    assert after(shipped(), recorded(shipped(), soon, now=AT)).shipments[0].status == "in_transit"
    last = replace(scan("delivered"), at="2027-01-01T00:00:00.000Z")
    assert after(shipped(), recorded(shipped(), last, now=AT)).shipments[0].status == "delivered"


@pytest.mark.capability("G16")
def test_a_scan_is_kept_as_its_carrier_wrote_it_and_in_no_fact() -> None:
    local = "2026-11-22T04:01:00-06:00"
    one = replace(scan("in_transit", 1), local=local, place="Puebla, MX", message="Recibido por: Ana")
    decision = recorded(shipped(), one)
    assert "Ana" not in str(decision.facts) + str(decision.effects)
    assert after(shipped(), decision).shipments[0].scans == (
        RawScan("fedex", "in_transit", at(1), local, "Puebla, MX", "Recibido por: Ana"),
    )


@pytest.mark.capability("D13", "G16", "F17")
@given(
    st.lists(
        st.tuples(st.sampled_from(("7941", "7942")), SCANS, st.sampled_from("ab")), min_size=1, max_size=6
    ).flatmap(lambda s: st.tuples(st.just(s), st.permutations(s + s)))
)
def test_parcels_of_a_consignment_each_have_one_state(case: Any) -> None:
    stream, shuffled = ([replace(s, tracking_number=n, message=m) for n, s, m in part] for part in case)
    one_by_one, again = told(consigned(), *shuffled), told(consigned(), *stream)
    assert picture(one_by_one) == picture(again)
    for parcel in one_by_one.shipments:
        own = [one for one in stream if one.tracking_number == parcel.tracking_number]
        assert {(one.status, one.at) for one in parcel.scans} == {(one.status, one.at) for one in own}
        greatest = max(own, key=lambda one: one.key, default=None)
        assert parcel.status == (greatest.status if greatest else "shipped")


@pytest.mark.capability("D13")
def test_trouble_holds_the_order_until_a_later_scan() -> None:
    order = told(shipped("7941", "7942"), scan("exception", 1))
    assert [(hold.reason, hold.detail) for hold in order.open_holds] == [("delivery_exception", "s1")]
    assert told(order, scan("in_transit", 0)).open_holds == order.open_holds
    assert told(order, scan("in_transit", 2)).open_holds == ()


def test_a_parcel_that_came_back_is_not_delivered_any_more() -> None:
    order = told(shipped(), scan("delivered", 1), scan("returned_to_sender", 2))
    assert order.lines[0].delivered == 0
    assert order.fulfilment == Fulfilment.FAILED_DELIVERY
    assert [hold.reason for hold in order.open_holds] == ["delivery_exception"]


@pytest.mark.capability("D16")
def test_each_parcel_has_its_own_way() -> None:
    order = told(shipped("7941", "7942"), scan("delivered", 1), scan("in_transit", 2, number="7942"))
    assert [parcel.status for parcel in order.shipments] == ["delivered", "in_transit"]


@pytest.mark.parametrize(
    ("carriers", "reported", "moved"),
    [
        (["easypost"], "fedex", ["s1"]),
        (["FedEx"], "fedex", ["s1"]),
        (["dhl"], "estafeta", ["s1"]),  # the number is enough
        (["dhl", "estafeta"], "estafeta", ["s2"]),  # unless another parcel fits better
        (["dhl", "ups"], "estafeta", ["s1", "s2"]),
        (["Mensajería López"], "fedex", []),
    ],
)
def test_parcels_are_found_by_number_and_carrier(
    carriers: list[str], reported: str, moved: list[str]
) -> None:
    order = ready_order()
    for index, carrier in enumerate(carriers, start=1):
        parcel = Parcel((Wanted(1, line_id="1"),), carrier, "7941")
        order = after(order, shipping(parcel, f"s{index}", AT)(Loaded(order, {})))
    order = told(order, scan("in_transit", 1, carrier=reported))
    assert [parcel.shipment_id for parcel in order.shipments if parcel.status == "in_transit"] == moved
