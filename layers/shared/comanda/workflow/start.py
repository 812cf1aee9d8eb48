"""Start the execution that an order wants; keep its effect in sight until the order is closed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from comanda.orders.desk import Desk
from comanda.orders.outbox import Outbox
from comanda.settings.pauses import LIFECYCLE, Paused, never_paused
from comanda.times import stamp
from comanda.workflow.executions import Executions

FIRST_LOOK = timedelta(minutes=1)


def start_lifecycle(
    order_id: str,
    effect_id: str,
    *,
    desk: Desk,
    outbox: Outbox,
    executions: Executions,
    now: Callable[[], datetime],
    paused: Paused = never_paused,
) -> None:
    """Start the run of `effect_id` (`run-<n>`), once. An older run is not started any more; while the
    workflow is paused it stays wanted, and the sweep announces it again."""
    if paused(LIFECYCLE):
        return
    run = int(effect_id.removeprefix("run-"))
    order = desk.load(order_id).order
    if order.run > run:
        outbox.settle(order_id, effect_id, {"superseded": order.run})
        return
    claim = outbox.claim(order_id, effect_id, at=stamp(now()))
    if claim is None:
        return
    executions.start(order_id, run)
    outbox.defer(order_id, claim, until=stamp(now() + FIRST_LOOK))
