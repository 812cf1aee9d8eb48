"""The course of an order: executions, what they wait for, the bus, the sweep."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.orders.suspect import Suspicion
    from comanda.settings.sections import Hints
    from comanda.workflow.executions import Executions
    from comanda.workflow.publish import Bus
    from comanda.workflow.steps import Steps
    from comanda.workflow.sweep import Sweep
    from comanda.workflow.waits import WaitStore
    from comanda.workflow.wake import Waker


@cache
def executions() -> "Executions":
    from comanda.workflow.executions import Executions

    return Executions(wiring.aws("stepfunctions"), lambda: variable("LIFECYCLE_STATE_MACHINE"))


@cache
def bus() -> "Bus":
    from comanda.workflow.publish import Bus

    return Bus(wiring.aws("events"), variable("EVENT_BUS"))


@cache
def waits() -> "WaitStore":
    from comanda.workflow.waits import WaitStore

    return WaitStore(variable("ORDERS_TABLE"))


@cache
def waker() -> "Waker":
    from comanda.workflow.wake import Waker

    paused = wiring.pauses().paused
    return Waker(wiring.desk(), wiring.waits(), wiring.executions(), wiring.now, paused)


@cache
def steps() -> "Steps":
    from comanda.workflow.steps import Steps

    return Steps(
        wiring.desk(),
        wiring.waits(),
        wiring.executions(),
        wiring.outbox(),
        wiring.now,
        wiring.suspicion().look_at,
        wiring.pauses().paused,
    )


@cache
def suspicion() -> "Suspicion":
    from comanda.orders.hint_counts import HintCounts
    from comanda.orders.suspect import Suspicion
    from comanda.runtime.limits import window

    return Suspicion(
        wiring.desk(),
        wiring.orders(),
        HintCounts(variable("DEDUPE_TABLE")),
        lambda: wiring.hints_of(window(wiring.now())),
        wiring.now,
    )


@lru_cache(maxsize=1)
def hints_of(window: int) -> "Hints":
    """The shop's rules, read once a minute."""
    rules: Hints = wiring.settings().section("hints")[0]
    return rules


@cache
def sweep() -> "Sweep":
    from comanda.workflow.sweep import Sweep

    table, finish = variable("ORDERS_TABLE"), wiring.purging().finish
    return Sweep(
        table,
        wiring.desk(),
        wiring.waker(),
        wiring.outbox(),
        wiring.bus(),
        wiring.executions(),
        wiring.now,
        finish,
        wiring.pauses().paused,
        _stuck_after,
    )


def _stuck_after() -> int | None:
    """After how many days without a scan a parcel is stuck."""
    days: int | None = wiring.settings().section("parcels")[0].stuck_after_days
    return days
