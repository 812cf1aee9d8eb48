"""What an event led to outside the order, and stopping it while nobody has begun."""

from collections.abc import Callable, Iterable
from typing import Any

from comanda.errors import WrongState
from comanda.orders.decision import NOTHING, Decision, Effect, Loaded, Outgoing
from comanda.orders.facts import Happened
from comanda.orders.model import Order

# Stops a wanted effect (order id, effect id) in the transaction that it is given, which is refused when a
# worker has begun.
type Withdraw = Callable[[str, str], Callable[[Any], None]]


def stopping(loaded: Loaded, effects: Iterable[Outgoing], withdraw: Withdraw) -> Decision:
    """None of these happens. What was skipped has not happened either. Raises WrongState (`already-told`)
    for a mail that somebody has begun to send, (`already-begun`) for anything else that was begun."""
    found = [one for one in effects if not skipped(one)]
    for one in found:
        if one.state != "wanted":
            raise _too_late(one)
    order_id = loaded.order.order_id
    return Decision(also=tuple(withdraw(order_id, one.effect_id) for one in found))


def skipped(effect: Outgoing) -> bool:
    """It was wanted, and nobody has done it."""
    return effect.state == "done" and "skipped" in effect.result


def run_anew(order: Order) -> Decision:
    """The order's workflow begins again: the run so far has gone past what it now has to wait for."""
    if not order.run:
        return NOTHING
    run = order.run + 1
    wanted = Effect(f"run-{run}", "lifecycle", {"run": run})
    return Decision(facts=(Happened("RunStarted", {"run": run}),), effects=(wanted,))


def _too_late(effect: Outgoing) -> WrongState:
    if effect.kind == "mail":
        return WrongState("already-told", "somebody has been told of it, or is being told just now")
    return WrongState("already-begun", "what it led to outside has begun")
