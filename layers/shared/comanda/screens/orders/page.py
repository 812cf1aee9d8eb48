"""The page of one order."""

from typing import Any

from comanda.orders.decision import Loaded
from comanda.orders.guards import allowed
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.orders.kinds import kind_of

AXES = (
    ("LIFECYCLE", "lifecycle"),
    ("PAYMENT", "payment"),
    ("FULFILMENT", "fulfilment"),
    ("RETURNS", "returns"),
)


def address_of(order_id: str) -> str:
    return f"{BASE}/orders/{order_id}"


def order_screen(asked: Asked, loaded: Loaded, order: dict[str, Any]) -> Screen:
    """The page of an order; `order` is what the staff API answers of it."""
    axes = [
        (name, asked.tongue.word(family, order[name]), kind_of(family, order[name])) for family, name in AXES
    ]
    values = {
        "order": order,
        "axes": axes,
        "kind_of": kind_of,
        "here": address_of(order["order_id"]),
        "approvable": allowed("approve", loaded.order),
    }
    return Screen("orders/page.html.j2", values)
