"""Picking: waves, and where the delivery orders to pick are found."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comanda.orders.model import Order
    from comanda.picking.context import Picking


@cache
def picking() -> "Picking":
    from comanda.backoffice.bulk.select import ids_of
    from comanda.orders.snapshots import snapshots
    from comanda.picking.context import Picking
    from comanda.picking.store import WaveStore

    return Picking(
        store=WaveStore(variable("JOBS_TABLE")),
        desk=wiring.desk(),
        shelf=wiring.stock(),
        settings=wiring.settings(),
        waiting=_waiting,
        orders=lambda order_ids: snapshots(variable("ORDERS_TABLE"), order_ids),
        by_number=lambda numbers: ids_of(numbers, wiring.search_tokens(), variable("ORDERS_TABLE")),
        known=_known,
        short=wiring.short_desk(),
        now=lambda: wiring.now(),
    )


def _waiting() -> "Iterator[Order]":
    """Orders that are not shipped whole, oldest first, as the list of deliveries finds them."""
    from comanda.backoffice.deliveries.list import orders_to_ship

    yield from orders_to_ship(wiring.order_list(), wiring.now())


def _known(code: str) -> bool:
    """Whether a code is the SKU or the barcode of a product on sale."""
    from comanda.backoffice.find_products import product_of_code
    from comanda.errors import NotFound

    try:
        product_of_code(code, wiring.product_list())
    except NotFound:
        return False
    return True
