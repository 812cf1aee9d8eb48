"""Runs of an order's workflow: each execution has a name of its own, `{order_id}-{run}`."""

from comanda.orders.decision import NOTHING, Decision, Effect, Loaded
from comanda.orders.derive import ended
from comanda.orders.desk import Desk, Done
from comanda.orders.facts import Happened, Origin


def start_next_run(desk: Desk, order_id: str, lost: int, origin: Origin) -> Done:
    """Start the run after `lost`, unless somebody did or the order has ended."""
    return desk.run(order_id, lambda loaded: _next(loaded, lost), origin)


def _next(loaded: Loaded, lost: int) -> Decision:
    if loaded.order.run != lost or ended(loaded.order):
        return NOTHING
    run = lost + 1
    return Decision(
        facts=(Happened("RunStarted", {"run": run}),),
        effects=(Effect(f"run-{run}", "lifecycle", {"run": run}),),
    )
