"""The wait protocol over all interleavings of its processes, with crashes between any two actions.

Nobody waits for ever whose condition holds, and nothing that has money is cancelled. Each variant of
the protocol that is known to be wrong is found out, so the exploration can fail.
"""

from collections.abc import Callable, Iterator

import pytest

from comanda.orders.balance import balance
from comanda.orders.decision import Decision, Loaded, Wait
from comanda.orders.facts import Happened
from comanda.orders.hold import retrying
from comanda.orders.model import Ending, Hold, Terms
from comanda.orders.vocabulary import HoldReason, Lifecycle
from comanda.runtime.observe import logger
from comanda.times import moment
from comanda.workflow import timeouts
from comanda.workflow.judge import NEVER, outcome
from comanda.workflow.steps import Steps
from comanda.workflow.wake import Waker
from tests.examples import AT, an_entry, an_order, named
from tests.unit.workflow.interleave import Schedule, Violation, explore
from tests.unit.workflow.world import Execution, Rules, Waits, World, placed

UNPAID = placed(an_order(approved=True, announced=True))
DUE = "2026-11-21T19:00:00.000Z"
PAST_DUE = moment("2026-11-21T19:00:01.000Z")
type Begin = Callable[[], Schedule]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tens of thousands of steps need no log, and nobody to pause for."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    logger.setLevel("CRITICAL")
    yield
    logger.setLevel("INFO")


def paying(loaded: Loaded) -> Decision:
    """The money has come; told again, it is known."""
    entry = an_entry("capture")
    if entry.entry_id in {known.entry_id for known in loaded.order.ledger}:
        return Decision()
    return Decision(facts=(Happened("PaymentCaptured", {"entry": entry.to_dict()}),), outside=True)


def payment(rules: Rules, *, deaths: int = 0, losses: int = 0, sweeps: int = 0) -> Begin:
    """An execution comes to wait for a payment, which comes at any moment."""

    def begin() -> Schedule:
        schedule = Schedule(deaths=deaths, losses=losses)
        world = World(schedule, UNPAID, rules, "payment")
        world.command("payment", paying)
        for _ in range(sweeps):
            world.sweep()
        return schedule

    return begin


@pytest.mark.parametrize(
    ("rules", "faults", "least"),
    [
        (Rules(torn_loads=True), {"deaths": 1}, 500),
        (Rules(), {"deaths": 2}, 1000),
        (Rules(), {"sweeps": 1}, 3000),
        (Rules(), {"losses": 1}, 3000),
        (Rules(until="fulfilment"), {"deaths": 1}, 1000),
    ],
    ids=["a death, loads torn", "two deaths", "the sweep", "a call given up that goes on", "two steps"],
)
@pytest.mark.capability("G11")
def test_no_payment_is_missed(rules: Rules, faults: dict[str, int], least: int) -> None:
    explored = explore(payment(rules, **faults))
    assert explored.states > least
    assert explored.ends > 0


# -- variants that lose a wake-up -------------------------------------------------------------------


class DeletesFirst(Waker):
    def judge(self, loaded: Loaded, wait: Wait) -> bool:
        answer = outcome(wait.kind, wait.run, loaded.order)
        if not answer:
            return False
        self.waits.delete(loaded.order.order_id, wait)
        self.executions.answer(wait.token, answer)
        return True


class DeletesWhateverIsThere(Waits):
    def _same(self, wait: Wait) -> bool:
        return wait.kind in self.world.kept.waits


class TakesAnyToken(Waits):
    def _put(self, wait: Wait) -> bool:
        self._set(wait.kind, wait)
        return True


class JudgesBeforeItPuts(Steps):
    def _wait(self, event: dict[str, str], order_id: str, run: int) -> None:
        loaded = self.desk.load(order_id)
        answer = outcome(event["step"], run, loaded.order)
        if answer:
            self.executions.answer(event["token"], answer)
        else:
            wait = Wait(event["step"], event["token"], run, "", "9999", event["execution"])
            self.waits.put(order_id, wait)


@pytest.mark.parametrize(
    ("rules", "faults"),
    [
        (Rules(stale_consumer=True), {}),
        (Rules(waker=DeletesFirst), {"deaths": 1}),
        (Rules(waits=TakesAnyToken), {"losses": 1}),
        (Rules(steps=JudgesBeforeItPuts), {}),
        (Rules(follow=False), {}),
        (Rules(retries=False), {"deaths": 1}),
    ],
    ids=[
        "the consumer reads waits that lag",
        "deleted before it is answered",
        "an attempt that was given up overwrites the next one's token",
        "the token is written after judging",
        "nobody reads the stream",
        "a dead step is not tried again",
    ],
)
def test_the_exploration_finds_lost_wake_ups(rules: Rules, faults: dict[str, int]) -> None:
    with pytest.raises(Violation, match=r"for ever|hangs"):
        explore(payment(rules, **faults))


# -- one key, two waits: a step that failed, is retried, and fails again -----------------------------


class FailsAgain(World):
    """Held since the payment step failed. Staff retry, it fails again at once, and staff retry again."""

    def begin(self, run: Execution) -> None:
        run.step, run.failed = "hold_for_retry", "payment"
        self.wait_already(run, "retry", NEVER)
        self.command("retry", retrying)

    def enter(self, run: Execution, step: str) -> None:
        run.step = step
        if step == "payment" and self.tokens == 0:
            self.step_failed(run)
        else:
            super().enter(run, step)

    def wrote(self, decision: Decision) -> None:
        super().wrote(decision)
        if "HoldOpened" in named(decision):
            self.command("retry", retrying)


FAILED = Hold("h1", HoldReason.STEP_FAILED, AT, "system", detail="payment: {}")
HELD = placed(an_order(approved=True, announced=True, holds=(FAILED,)))


def failing_again(rules: Rules) -> Begin:
    def begin() -> Schedule:
        schedule = Schedule()
        FailsAgain(schedule, HELD, rules, "payment")
        return schedule

    return begin


@pytest.mark.capability("G11")
def test_a_step_that_fails_again_waits_again() -> None:
    assert explore(failing_again(Rules())).states > 50


def test_the_exploration_finds_that_another_wait_is_deleted() -> None:
    with pytest.raises(Violation, match="waits for retry for ever"):
        explore(failing_again(Rules(waits=DeletesWhateverIsThere)))


# -- deadlines ---------------------------------------------------------------------------------------


def at_the_deadline(snapshot: str, step: str, *, deaths: int = 0) -> Begin:
    """The deadline is over and the sweep looks, while the money arrives."""

    def begin() -> Schedule:
        schedule = Schedule(deaths=deaths)
        world = Deadline(schedule, snapshot, Rules(until=step), step)
        world.clock = PAST_DUE
        world.command("payment", paying)
        world.sweep()
        return schedule

    return begin


class Deadline(World):
    """At the end the order has its money; it may not be over."""

    def begin(self, run: Execution) -> None:
        run.step = self.step
        self.wait_already(run, self.step, DUE)

    def check(self) -> None:
        super().check()
        order = self.current
        assert balance(order.ledger).captured == order.totals.total
        held = [hold.reason for hold in order.open_holds]
        assert order.lifecycle == Lifecycle.PLACED, f"{order.lifecycle} with money in it, held: {held}"


OVERDUE = placed(an_order(approved=True, announced=True, terms=Terms(pay_by=DUE)))
UNCONFIRMED = placed(
    an_order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, terms=Terms(verify_by=DUE))
)


@pytest.mark.parametrize(
    ("snapshot", "step"), [(OVERDUE, "payment"), (UNCONFIRMED, "verification")], ids=["unpaid", "unconfirmed"]
)
@pytest.mark.capability("G02", "G03")
def test_no_order_is_over_that_has_money(snapshot: str, step: str) -> None:
    """Cancelled a moment before the money came, it is taken up again in the next run."""
    assert explore(at_the_deadline(snapshot, step)).states > 100


def test_the_exploration_finds_a_timeout_that_does_not_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancels(loaded: Loaded, now: str) -> Decision:
        if loaded.order.lifecycle != Lifecycle.PLACED:
            return Decision()
        ending = Ending("cancelled", "timeout", "system")
        return timeouts.ending.ask(loaded.order, ending)

    monkeypatch.setattr("comanda.workflow.sweep.judge_deadlines", cancels)
    with pytest.raises(Violation, match="cancelled with money in it"):
        explore(at_the_deadline(OVERDUE, "payment"))


# -- what only the sweep can mend --------------------------------------------------------------------


def left_to_the_sweep(prepare: Callable[[World], None], rules: Rules, *, deaths: int = 0) -> Begin:
    """Whatever happens, the sweep comes later, again and again, and finds it."""

    def begin() -> Schedule:
        schedule = Schedule(deaths=deaths)
        prepare(Mended(schedule, UNPAID, rules, "payment"))
        return schedule

    return begin


class Mended(World):
    def check(self) -> None:
        self.come_to_rest()
        super().check(orphans=True)


def pay(world: World) -> None:
    world.command("payment", paying)


def pay_and_stop(world: World) -> None:
    world.command("payment", paying)
    world.schedule.spawn("stop", lambda: world.schedule.act("stop", lambda: world.stop_execution("o1-1")))


def stop(world: World) -> None:
    world.schedule.spawn("stop", lambda: world.schedule.act("stop", lambda: world.stop_execution("o1-1")))


@pytest.mark.parametrize(
    ("prepare", "rules", "deaths"),
    [
        (pay, Rules(retries=False), 1),
        (pay, Rules(follow=False), 0),
        (pay, Rules(stale_consumer=True), 0),
        (pay_and_stop, Rules(), 0),
        (stop, Rules(), 0),
    ],
    ids=[
        "a step died and is not tried again",
        "the stream is not read",
        "the stream's reader saw too little",
        "the execution was stopped while the money came",
        "the execution was stopped",
    ],
)
@pytest.mark.capability("G11")
def test_the_sweep_finds_whatever_was_left_lying(
    prepare: Callable[[World], None], rules: Rules, deaths: int
) -> None:
    assert explore(left_to_the_sweep(prepare, rules, deaths=deaths)).ends > 0
