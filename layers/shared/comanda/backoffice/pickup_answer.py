"""What waits at the counter, as staff see it."""

from typing import Any

from comanda.orders.decision import Loaded
from comanda.orders.derive import amount_due
from comanda.orders.model import Order, ShipmentLine
from comanda.orders.pickups import at_counter, handed
from comanda.orders.wire import money


def pickup_answer(order: Order, personal: dict[str, Any]) -> dict[str, Any] | None:
    """What waits at the counter and who has come for it; None for an order that was never put aside. The code
    is not here: it is its customer's."""
    pickup = order.pickup
    if pickup is None:
        return None
    waits = tuple(ShipmentLine(line.line_id, line.sku, units) for line, units in at_counter(order))
    return {
        "location": pickup.point,
        "ready_at": pickup.ready_at if waits else None,
        "until": pickup.until or None,
        "late": pickup.late,
        "reminded": pickup.reminded,
        "shelf": pickup.shelf or None,
        "lines": [one.to_dict() for one in waits],
        "handed_over": [
            {
                "hand_over_id": one.hand_over_id,
                "at": one.at,
                "name": personal.get(one.name) or None,
                "by_code": one.by_code,
                "lines": [line.to_dict() for line in one.lines],
            }
            for one in handed(order)
        ],
    }


def waiting_answer(loaded: Loaded) -> dict[str, Any]:
    """A row of the list of what waits."""
    order, contact = loaded.order, loaded.text("contact") or {}
    return {
        "order_id": order.order_id,
        "number": order.number,
        "name": contact.get("name") or None,
        "phone": contact.get("phone") or None,
        "due": money(max(amount_due(order), 0), order.currency),
        "pickup": pickup_answer(order, loaded.personal),
    }
