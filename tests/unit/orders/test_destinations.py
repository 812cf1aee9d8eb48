"""Where each parcel went, whatever becomes of the order's address afterwards."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.destinations import destination, kept_address
from comanda.orders.model import Order, Shipment, ShipmentLine
from tests.examples import an_order


def moment(second: int) -> str:
    return f"2026-11-22T10:00:{second:02d}.000Z"


def parcel(second: int) -> Shipment:
    content = (ShipmentLine("l1", "CAFE-1", 1),)
    return Shipment(f"s{second}", "dhl", f"JD{second}", content, moment(second))


def with_parcels(order: Order, *parcels: Shipment) -> Order:
    return replace(order, shipments=(*order.shipments, *parcels))


@pytest.mark.capability("D35", "D16")
@given(st.lists(st.sampled_from(["ship", "move"]), max_size=20))
def test_a_parcel_stays_where_it_was_sent_through_any_number_of_moves(steps: list[str]) -> None:
    order, personal, sent = an_order(shipments=()), {"shipping": {"line1": "0"}}, dict[str, Any]()
    for second, step in enumerate(steps, start=1):
        if step == "ship":
            order = with_parcels(order, parcel(second))
            sent[f"s{second}"] = personal["shipping"]
        else:
            personal |= kept_address(order, personal, moment(second)) | {"shipping": {"line1": f"{second}"}}
    assert {each.shipment_id: destination(each, personal) for each in order.shipments} == sent
    assert len(personal) <= len(sent) + 1


def test_an_order_that_is_picked_up_has_no_address_to_keep() -> None:
    order = with_parcels(an_order(shipments=()), parcel(1))
    assert kept_address(order, {}, moment(2)) == {}
    assert destination(parcel(1), {}) is None
