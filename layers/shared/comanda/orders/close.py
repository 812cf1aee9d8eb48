"""Close an order that is delivered and settled; one that ended otherwise stays as it is."""

from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Desk, Done
from comanda.orders.facts import Happened, Origin


def close_order(desk: Desk, order_id: str, origin: Origin) -> Done:
    return desk.run(order_id, _close, origin)


def _close(loaded: Loaded) -> Decision:
    return NOTHING if ended(loaded.order) else Decision(facts=(Happened("OrderClosed", {}, "customer"),))
