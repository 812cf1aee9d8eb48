"""Which labels of an order go on its parcels. Pure."""

from comanda.errors import WrongState
from comanda.orders.model import Order, ShippingLabel
from comanda.orders.model.shipping_label import BOUGHT, WANTED
from comanda.orders.shipping_labels import parcel_of


def printable(order: Order) -> tuple[ShippingLabel, ...]:
    """Bought and not given back, oldest first. One that its carrier did not take back is not wanted on any
    parcel, unless one has left with it. Raises WrongState (`label-being-bought`, `no-label`)."""
    if any(label.state == WANTED for label in order.shipping_labels):
        raise WrongState(
            "label-being-bought", "a label of this order is still being bought: try again in a moment"
        )
    found = tuple(label for label in order.shipping_labels if _goes_on(order, label))
    if not found:
        raise WrongState("no-label", "this order has no shipping label")
    return found


def _goes_on(order: Order, label: ShippingLabel) -> bool:
    if label.state != BOUGHT:
        return False
    return label.reason != "void-refused" or parcel_of(order, label) is not None
