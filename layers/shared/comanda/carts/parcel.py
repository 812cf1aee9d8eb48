"""What a cart would be as a parcel: its value and weight, for the price of its delivery."""

from comanda.carts.edit import Carts
from comanda.orders.zones import Parcel


def parcel_of(cart_id: str, at: Carts) -> Parcel:
    """The cart's goods that are on sale, at the prices of whoever looks. Raises NotFound."""
    cart = at.store.load(cart_id)
    window = at.windows.read(line.sku for line in cart.lines)
    lines = [(product, line.quantity) for line in cart.lines if (product := window.on_sale(line.sku))]
    return Parcel(
        sum(
            window.tariff.unit_price(product.sku, product.price, quantity) * quantity
            for product, quantity in lines
        ),
        sum(product.weight_grams * quantity for product, quantity in lines),
    )
