"""What goods would be as a parcel: its value and weight, for the price of its delivery."""

from collections.abc import Iterable

from comanda.carts.edit import Carts
from comanda.carts.window import Window
from comanda.orders.zones import Parcel


def parcel_of(cart_id: str, at: Carts) -> Parcel:
    """The cart's goods that are on sale, at the prices of whoever looks. Raises NotFound."""
    cart = at.store.load(cart_id)
    return parcel_of_lines([(line.sku, line.quantity) for line in cart.lines], at)


def parcel_of_lines(lines: Iterable[tuple[str, int]], at: Carts) -> Parcel:
    """These quantities by SKU, as far as they are on sale, at the prices of whoever looks."""
    wanted = list(lines)
    return _weighed(wanted, at.windows.read(sku for sku, _ in wanted))


def _weighed(wanted: Iterable[tuple[str, int]], window: Window) -> Parcel:
    lines = [(product, quantity) for sku, quantity in wanted if (product := window.on_sale(sku))]
    return Parcel(
        sum(
            window.tariff.unit_price(product.sku, product.price, quantity) * quantity
            for product, quantity in lines
        ),
        sum(product.weight_grams * quantity for product, quantity in lines),
    )
