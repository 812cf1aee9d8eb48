"""Close an order that is delivered and settled; one that ended otherwise stays as it is."""

from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Desk, Done
from comanda.orders.facts import Happened, Origin


def close_order(desk: Desk, order_id: str, run: int, origin: Origin) -> Done:
    """Close for the workflow's run `run`; a later run (late money revived the order) is left alone."""
    return desk.run(order_id, lambda loaded: _close(loaded, run), origin)


def _close(loaded: Loaded, run: int) -> Decision:
    if ended(loaded.order) or loaded.order.run > run:
        return NOTHING
    return Decision(facts=(Happened("OrderClosed", {}, "customer"),))
