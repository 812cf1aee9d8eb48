"""Parcels that had not left are taken back: every unit counts again where it was counted as gone."""

from dataclasses import replace

import pytest

from comanda.fulfilment.ship import Parcel, shipping
from comanda.fulfilment.units import Wanted
from comanda.fulfilment.unship import unconsigning
from comanda.orders.course import Course
from comanda.orders.decision import Loaded
from comanda.orders.model import Delivery, DeliveryLine, Order
from tests.unit.fulfilment.made import AT, ORIGIN, after, line, ready_order

COFFEE = line("1", "CAFE-1", 3, allocated=3, location="main")


@pytest.mark.capability("D16", "F17")
def test_parcels_from_before_the_plan_do_not_take_the_same_units_back() -> None:
    order, history = ready_order(COFFEE), []
    for number in ("s", "s-02"):
        parcel = Parcel((Wanted(1, line_id="1"),), "dhl", number, notify=False, consignment="s")
        left = Course(order, ORIGIN).add(shipping(parcel, number, AT)(Loaded(order, {})))
        order, history = left.after, [*history, *left.facts]
    plan = (
        Delivery(1, "main", lines=(DeliveryLine("1", 2, shipped=1),)),
        Delivery(2, "norte", lines=(DeliveryLine("1", 1, shipped=1),)),
    )
    order = replace(order, deliveries=plan)

    back = unconsigning("s", lambda _: history, lambda *_: None)(Loaded(order, {}))

    assert [fact.data["of"] for fact in back.facts] == [[[1, "1", 1]], [[2, "1", 1]]]
    assert shipped_of(after(order, back)) == [0, 0]


def shipped_of(order: Order) -> list[int]:
    return [own.shipped for one in order.deliveries for own in one.lines]
