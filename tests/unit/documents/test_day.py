"""Which parcels a hand-over list means: day of the shop, carrier, place."""

from dataclasses import replace

import pytest

from comanda.documents.day import Leaving
from comanda.orders.model import Delivery, Order, Shipment
from tests.unit.conversation.samples import lines, order

EVENING = "2026-11-22T05:59:00.000Z"  # of the 21st in Mexico City
MORNING = "2026-11-22T06:00:00.000Z"
ZONE = "America/Mexico_City"


def parcel(name: str, at: str = MORNING, carrier: str = "dhl", deliveries: tuple[int, ...] = ()) -> Shipment:
    return Shipment(name, carrier, name, (), at, deliveries=deliveries)


def meant(of: Order, *parcels: Shipment, carrier: str = "", location: str = "") -> list[str]:
    wanted = Leaving("2026-11-22", ZONE, carrier, location, usual="main")
    return [one.shipment_id for one in wanted.of(of, parcels)]


def test_a_day_is_the_shops() -> None:
    assert meant(order(), parcel("a", EVENING), parcel("b")) == ["b"]


@pytest.mark.parametrize("written", ["dhl", "DHL Express", "Dhl"])
def test_a_carrier_is_one_however_it_is_written(written: str) -> None:
    found = meant(
        order(), parcel("a", carrier=written), parcel("b", carrier="Mensajería Juan"), carrier="dhl"
    )
    assert found == ["a"]


def test_a_parcel_leaves_from_where_its_delivery_order_does() -> None:
    plan = (Delivery(1, "main"), Delivery(2, "north"))
    split = replace(order(), deliveries=plan)
    parcels = (parcel("a", deliveries=(1,)), parcel("b", deliveries=(2,)), parcel("c", deliveries=(1, 2)))
    assert meant(split, *parcels, location="north") == ["b", "c"]
    assert meant(split, *parcels, location="main") == ["a", "c"]
    assert meant(split, *parcels) == ["a", "b", "c"]


def test_of_an_order_without_a_plan_the_goods_tell() -> None:
    away = order(lines=tuple(replace(one, location="north") for one in lines()))
    assert meant(away, parcel("a"), location="north") == ["a"]
    assert meant(away, parcel("a"), location="main") == []
    bare = order(lines=tuple(replace(one, location="") for one in lines()))
    assert meant(bare, parcel("a"), location="main") == ["a"]
    alone = replace(away, deliveries=(Delivery(3, "south"),))
    assert meant(alone, parcel("a"), location="south") == ["a"]
