"""Which labels of an order go on its parcels. Pure."""

from comanda.errors import WrongState
from comanda.orders.model import Order, ShippingLabel
from comanda.orders.model.shipping_label import WANTED
from comanda.orders.shipping_labels import goes_on_parcel


def printable(order: Order) -> tuple[ShippingLabel, ...]:
    """Bought and not given back, oldest first. One that its carrier did not take back is not wanted on any
    parcel, unless one has left with it. Raises WrongState (`label-being-bought`, `no-label`)."""
    if any(label.state == WANTED for label in order.shipping_labels):
        raise WrongState(
            "label-being-bought", "a label of this order is still being bought: try again in a moment"
        )
    found = tuple(label for label in order.shipping_labels if goes_on_parcel(label, order.shipments))
    if not found:
        raise WrongState("no-label", "this order has no shipping label")
    return found
