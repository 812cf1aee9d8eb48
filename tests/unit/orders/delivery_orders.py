"""What always holds of an order's delivery orders, whatever has happened to it."""

from comanda.orders.deliveries import deliveries_of, planned
from comanda.orders.delivery_status import OPEN, DeliveryStatus, work_of
from comanda.orders.delivery_units import home, lying
from comanda.orders.model import Order


def delivery_orders_are_sound(order: Order, before: Order | None = None) -> None:
    """Each unit is in one delivery order, where it lies; nothing leaves that was not picked, and so on."""
    if not order.approved:
        assert not order.deliveries
        assert not work_of(order)
        return
    work = work_of(order)
    for line in order.lines:
        mine = [one for each in work for one in each.lines if one.line is line]
        assert sum(one.own.quantity for one in mine) == line.to_ship + line.shipped
        assert sum(one.own.shipped for one in mine) == line.shipped
        assert sum(one.own.picked for one in mine) == line.picked
        assert sum(one.own.packed for one in mine) == line.packed
        assert line.packed <= line.picked <= (line.allocated if line.tracked else line.to_ship)
        assert line.delivered <= line.shipped <= line.wanted
        if line.tracked:
            assert sum(one.ready for one in mine) == line.allocated
            assert sum(one.unpaid for one in mine) == line.reserved
        for one in mine:
            assert 0 <= one.own.packed <= one.own.picked <= one.ready <= one.own.open
            assert one.waiting >= 0
    for each in work:
        there = sum(sum(lying(order, one.line).get(each.delivery.location, (0, 0))) for one in each.lines)
        assert sum(one.ready + one.unpaid for one in each.lines) <= there
        assert (each.status in OPEN) == any(one.own.open for one in each.lines)
        assert (each.status == DeliveryStatus.CANCELLED) == (not each.lines)
    the_plan_is_kept(order)
    if before:
        numbers_stay(before, order)


def the_plan_is_kept(order: Order) -> None:
    """What is stored is what would be planned anew; an order that needs no plan stores none."""
    assert planned(order) == deliveries_of(order)
    if not order.deliveries:
        assert all(one.location == home(order) and not one.promised for one in deliveries_of(order))


def numbers_stay(before: Order, after: Order) -> None:
    """A number once given stands for the same place for good."""
    places = {one.number: one.location for one in deliveries_of(after)}
    for one in before.deliveries:
        assert places[one.number] == one.location
    assert sorted(places) == list(range(1, len(places) + 1))


def nothing_left_unprepared(before: Order, after: Order) -> None:
    """What left had gone the steps of its order, and is at hand no longer."""
    name = {"pick_ship": "picked", "pick_pack_ship": "packed"}.get(before.terms.steps)
    for was, line in zip(before.lines, after.lines, strict=True):
        gone = line.shipped - was.shipped
        if name:
            assert gone <= getattr(was, name)
            assert getattr(line, name) == getattr(was, name) - gone
