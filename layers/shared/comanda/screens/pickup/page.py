"""One order at the counter: what waits of it, whether it is paid, who takes it."""

from typing import Any

from comanda.backoffice.pickup_answer import waiting_answer
from comanda.conversation.pickup import where
from comanda.errors import Problem
from comanda.orders.decision import Loaded
from comanda.orders.pickups import at_counter
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked, Given
from comanda.screens.pickup.desk import CounterDesk


def hand_over_page(
    asked: Asked, loaded: Loaded, desk: CounterDesk, code: str = "", refused: Problem | None = None
) -> Screen:
    """With `code` the customer has shown it; without, staff say how they know who it is by the number."""
    order = loaded.order
    here = f"{BASE}/orders/{order.order_id}/hand-over"
    values: dict[str, Any] = {
        "row": waiting_answer(loaded),
        "place": place_of(loaded, desk, asked.tongue.code),
        "lines": [
            {"line_id": line.line_id, "sku": line.sku, "name": line.name, "quantity": units}
            for line, units in at_counter(order)
        ],
        "version": order.version,
        "code": code,
        "here": here,
        "order_page": f"{BASE}/orders/{order.order_id}",
    }
    given = Given(here, dict(asked.form)) if refused else None
    return Screen("pickup/hand_over.html.j2", values, problem=refused, given=given)


def place_of(loaded: Loaded, desk: CounterDesk, language: str) -> str:
    """Where it waits, as the settings call it."""
    pickup = loaded.order.pickup
    if pickup is None:
        return ""
    return where(pickup.point, {"shipping": desk.settings().section("shipping")[0]}, language)[0]
