"""Pickers are offered what can be picked, however much that cannot be is older."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.picking.context import Picking, Who
from comanda.picking.pickable import LOOKED_THROUGH, MOST_FOUND, MOST_ORDERS, waiting
from comanda.picking.work import work
from comanda.settings.sections import Fulfilment, Shipping, Stock
from tests.unit.fulfilment.made import line, ready_order

pytestmark = pytest.mark.capability("D10", "D11")
WHO = Who("ana", "Ana", Origin("staff:ana", "t", "2026-11-22T18:00:00.000Z"))
READY = ready_order()
WITHOUT_UNITS = ready_order(line("1", "CAFE-1", 3, backordered=3, location="main"))


class Floor:
    """Orders by age, and nobody who picks; `read` counts those that were read."""

    def __init__(self, *orders: tuple[Order, int]) -> None:
        self.orders, self.read, self.store = orders, 0, self

    def waiting(self) -> Iterator[Order]:
        for order, many in self.orders:
            for _ in range(many):
                self.read += 1
                yield replace(order, order_id=f"order-{self.read}")

    def claims(self, keys: Any) -> dict[str, Any]:
        assert list(keys) is not None
        return {}


def found(floor: Floor, **more: Any) -> tuple[list[str], bool]:
    ready, others = waiting(cast(Picking, floor), Shipping(), **more)
    return [one.work.order.order_id for one in ready], others


def test_what_is_ready_is_offered_behind_any_number_of_orders_that_wait_for_units() -> None:
    assert found(Floor((WITHOUT_UNITS, 700), (READY, 2))) == (["order-701", "order-702"], False)


class Looking(Floor):
    """A picker who looks and has no wave."""

    at = "2026-11-22T18:00:00.000Z"

    @property
    def settings(self) -> "Looking":
        return self

    def sections(self, names: list[str]) -> dict[str, Any]:
        known = {"shipping": Shipping(), "stock": Stock(), "fulfilment": Fulfilment()}
        return {name: known[name] for name in names}

    def of_picker(self, sub: str) -> None:
        return None


@pytest.mark.parametrize(("waiting_for_units", "more"), [(LOOKED_THROUGH, True), (LOOKED_THROUGH - 1, False)])
def test_a_look_at_the_list_goes_through_fewer_orders_than_taking_a_wave(
    waiting_for_units: int, more: bool
) -> None:
    floor = Looking((WITHOUT_UNITS, waiting_for_units), (READY, 1))
    told = work(cast(Picking, floor), WHO, "en")
    assert (len(told["deliveries"]), told["more"]) == (0 if more else 1, more)
    assert floor.read == LOOKED_THROUGH + more < MOST_ORDERS
    assert found(Floor((WITHOUT_UNITS, waiting_for_units), (READY, 1)))[1] is False


def test_where_not_all_was_looked_through_it_is_said() -> None:
    assert found(Floor((WITHOUT_UNITS, MOST_ORDERS + 1), (READY, 1))) == ([], True)
    assert found(Floor((WITHOUT_UNITS, MOST_ORDERS))) == ([], False)
    ready, others = found(Floor((READY, 2 * MOST_FOUND)))
    assert (len(ready), others) == (MOST_FOUND, True)


def test_no_more_is_read_than_is_needed() -> None:
    floor = Floor((READY, 1_000))
    ready, _ = found(floor, enough=lambda some: len(some) >= 20)
    assert ready[:2] == ["order-1", "order-2"]
    assert floor.read <= 50


def test_the_oldest_that_fit_come_first() -> None:
    late = lambda one: int(one.work.order.order_id.removeprefix("order-")) > 600  # noqa: E731
    ready, _ = found(Floor((READY, 1_000)), fits=late, enough=lambda some: len(some) >= 20)
    assert ready[0] == "order-601"
