"""A small shop for tests: settings, products, and orders placed through the real handler."""

from typing import Any

from comanda import wiring
from comanda.stock.model import Product
from comanda.stock.rows import StockRow, product_row, stock_key

ADDRESS = {
    "line1": "Av. Álvaro Obregón 45",
    "city": "Cuauhtémoc",
    "state": "CDMX",
    "postal_code": "06700",
    "country": "MX",
}
CUSTOMER = {"email": "ana@example.com", "name": "Ana Muñoz", "phone": "+52 55 1234 5678"}


def stock_product(
    sku: str = "CAFE-1", price: int = 11600, units: int | None = 10, tax_ppm: int = 160_000, **more: Any
) -> None:
    """Put a product on sale; `units` None: its stock is not counted; `more`: its other fields."""
    wiring.stock()
    product = Product(
        sku, {"es": f"Café {sku}", "en": f"Coffee {sku}"}, price, tax_ppm, tracked=units is not None, **more
    )
    type(product_row(product)).write(product_row(product))
    if units is not None:
        row = StockRow(stock_key(sku), sku=sku, location="main", on_hand=units, available=units)
        StockRow.write(row)


def set_section(name: str, /, **values: Any) -> None:
    """Change a settings section as staff would, a minute before anything else happens."""
    from comanda.settings.sections import SECTIONS

    section, version = wiring.settings().section(name)
    body = section.model_dump(mode="json") | values
    wiring.settings().put(name, SECTIONS[name].model_validate(body), version=version, at="", actor="test")
    wiring.limits_of.cache_clear()


def order_body(**changes: Any) -> dict[str, Any]:
    """A request for two units of CAFE-1 by bank transfer."""
    return {
        "lines": [{"sku": "CAFE-1", "quantity": 2}],
        "customer": CUSTOMER,
        "shipping_address": ADDRESS,
        "delivery": "ship",
        "payment_method": "bank_transfer",
        "accept_privacy": True,
        "locale": "es",
    } | changes


def place(call: Any, key: str = "key-1", **changes: Any) -> dict[str, Any]:
    """Place an order through the handler and answer its body."""
    answer = call("place_order", "POST", "/orders", order_body(**changes), headers={"Idempotency-Key": key})
    assert answer.status == 201, answer.text
    body: dict[str, Any] = answer.body
    return body


def level(sku: str = "CAFE-1") -> dict[str, int]:
    """The stock figures of a product."""
    found = wiring.stock().levels([sku])[sku]
    return {name: getattr(found, name) for name in ("on_hand", "reserved", "allocated", "available")}
