"""What the back-office indexes hold of an order: keys, signatures and the row to filter by."""

from comanda.orders.derive import label
from comanda.orders.model import Order


def state_signature(order: Order) -> str:
    """lifecycle|payment|fulfilment|returns|hold kind — one partition of the `state` index each."""
    held = order.open_holds
    kind = held[0].reason if held else "-"
    return "|".join((order.lifecycle, order.payment, order.fulfilment, order.returns, kind))


def source_signature(order: Order) -> str:
    """channel|method|verified — one partition of the `source` index each."""
    return "|".join((order.channel, order.method, "yes" if order.verified else "no"))


def row(order: Order) -> dict[str, str]:
    """The filter attributes that every index carries (≤ 220 bytes)."""
    return {
        "s": state_signature(order),
        "o": source_signature(order),
        "l": str(label(order) or "-"),
        "n": order.number,
    }


def position(order: Order) -> str:
    """Sort key of `created`, `state` and `source`: by time of placing, ties by id."""
    return f"{order.created_at}#{order.order_id}"
