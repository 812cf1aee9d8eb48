"""Orders for the tests of exports."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from comanda.orders.decision import Loaded
from comanda.orders.model import Exported, Line, Order, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method

AT = "2026-11-21T18:04:05.123Z"
MEXICO = ZoneInfo("America/Mexico_City")
CONTACT = {"email": "ana@example.com", "name": "Ana Muñoz Ibáñez", "phone": "+525512345678"}
SHIPPING = {
    "line1": "Av. Álvaro Obregón 45, int. 3",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06700",
    "country": "MX",
}


def line(line_id: str = "l1", sku: str = "CAFE-1", **changes: Any) -> Line:
    """Two units at 58.00 with tax in it."""
    made = Line(line_id, sku, "Café de Chiapas", 2, 5800, 11600, 0, 1600, 160_000, 11600)
    return replace(made, **changes)


def order(**changes: Any) -> Order:
    made = Order(
        order_id="order-1",
        number="P-000123",
        currency="MXN",
        channel=Channel.WEB,
        locale="es",
        lifecycle=Lifecycle.PLACED,
        method=Method.BANK_TRANSFER,
        delivery="ship",
        created_at=AT,
        updated_at=AT,
        lines=(line(),),
        charges=(),
        tax_lines=(),
        totals=Totals(11600, 1000, 250, 9900, 2966, 20750, True),
        terms=Terms(),
        version=3,
    )
    return replace(made, **changes)


def loaded(one: Order | None = None, **texts: Any) -> Loaded:
    return Loaded(one or order(), {"contact": CONTACT, "shipping": SHIPPING} | texts)


def exported(version: int, destination: str = "erp", batch: str = "b1") -> Exported:
    return Exported(destination, batch, version, AT)
