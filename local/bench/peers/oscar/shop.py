"""The shop's tables, its products with stock, and what is on the books once customers have been there."""

import os
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

TITLES = ("Café de Chiapas", "Taza de barro", "Café de Veracruz", "Molino de mano", "Filtro de tela")
UNITS = 100_000  # in stock, of each


@dataclass(frozen=True, slots=True)
class Books:
    """What the shop has on its books over all orders."""

    orders: int
    lines: int
    units_allocated: int
    addresses: int
    guests: int


def opened(database: str) -> Any:
    """The shop as a WSGI application, with its catalogue in a new SQLite file, or in `:memory:`."""
    os.environ["OSCAR_DATABASE"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "local.bench.peers.oscar.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    _stock_shelves()
    return get_wsgi_application()


def _stock_shelves() -> None:
    from oscar.core.loading import get_model

    get_model("address", "Country").objects.create(
        iso_3166_1_a2="MX", iso_3166_1_a3="MEX", printable_name="México", is_shipping_country=True
    )
    kind = get_model("catalogue", "ProductClass").objects.create(name="Mercancía")
    partner = get_model("partner", "Partner").objects.create(name="Almacén")
    for number, title in enumerate(TITLES, 1):
        product = get_model("catalogue", "Product").objects.create(
            id=number, title=title, upc=f"SKU-{number}", product_class=kind
        )
        get_model("partner", "StockRecord").objects.create(
            product=product,
            partner=partner,
            partner_sku=f"SKU-{number}",
            price_currency="MXN",
            price=Decimal("58.00"),
            num_in_stock=UNITS,
        )


def books() -> Books:
    from django.db.models import Sum
    from oscar.core.loading import get_model

    order = get_model("order", "Order").objects
    allocated = get_model("partner", "StockRecord").objects.aggregate(all=Sum("num_allocated"))["all"]
    return Books(
        orders=order.count(),
        lines=get_model("order", "Line").objects.count(),
        units_allocated=allocated or 0,
        addresses=get_model("order", "ShippingAddress").objects.count(),
        guests=order.exclude(guest_email="").values("guest_email").distinct().count(),
    )
