"""A world for the wait protocol: the real steps, waker, sweep and desk over stand-ins.

Each call of a store or of Step Functions is one action of the schedule. With `torn_loads` loading an
order takes two, since a Query promises nothing about what is written while it reads.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from comanda.canonical import canonical
from comanda.links.issue import Links
from comanda.links.keys import Keys
from comanda.orders.consequences import Consequences
from comanda.orders.course import Course
from comanda.orders.decision import Decision, Loaded, Outgoing, Wait
from comanda.orders.desk import Desk
from comanda.orders.facts import Happened
from comanda.orders.model import Order
from comanda.orders.vocabulary import Lifecycle
from comanda.origin import Origin
from comanda.times import moment, stamp
from comanda.workflow.judge import outcome
from comanda.workflow.start import start_lifecycle
from comanda.workflow.steps import Steps
from comanda.workflow.sweep import Sweep
from comanda.workflow.wake import Waker
from tests.examples import AT, ORIGIN
from tests.fakes import FakeLinkStore, FakeOrders, FakeStockBook, FakeWallets, Partition
from tests.unit.workflow.interleave import Process, Schedule

PARSED: dict[str, Loaded | None] = {}
NEXT = {"verification": "approval", "approval": "payment", "payment": "fulfilment"}
NEXT |= {"fulfilment": "delivery", "delivery": "close"}
BEYOND = "beyond"  # an execution that goes on in steps that a scenario leaves out


@dataclass
class Execution:
    """One run in Step Functions: the step it is in and the token it waits behind."""

    name: str
    run: int
    step: str
    token: str = ""
    status: str = "RUNNING"
    failed: str = ""


class Orders(FakeOrders):
    """Loads and writes are actions; tells the world what was written."""

    def __init__(self, world: "World") -> None:
        super().__init__(FakeStockBook(**world.stock))
        self.world = world

    def load(self, order_id: str) -> Loaded | None:
        """In one go, when the world's checks look. What was read before is not parsed again."""
        kept = self.world.kept
        known = PARSED.get(kept.snapshot)
        if known is None:
            known = PARSED[kept.snapshot] = super().load(order_id)
        return known

    def load_as_action(self, order_id: str, *, stale_waits: bool = False) -> Loaded | None:
        act = self.world.schedule.act
        if not self.world.rules.torn_loads:
            return act("read", lambda: self._beside(self.load(order_id), stale_waits), _seen)
        first = act("read order", lambda: self.load(order_id), _seen)
        return act("read the rest", lambda: self._beside(first, stale_waits), _seen)

    def _beside(self, found: Loaded | None, stale_waits: bool) -> Loaded | None:
        if found is None:
            return None
        waits = self.world.waits.before if stale_waits else self.world.kept.waits
        effects = tuple(self.world.kept.effects.values())
        return replace(found, waits=tuple(waits[k] for k in sorted(waits)), effects=effects)

    def write(self, course: Course) -> Order:
        return self.world.schedule.act("write", lambda: self._written(course), lambda order: order.revision)

    def _written(self, course: Course) -> Order:
        order = super().write(course)
        self.world.wrote(course.decision)
        return order


class View:
    """The desk's view of the orders; the consumer of a mutated world sees waits as they were."""

    def __init__(self, orders: Orders, *, stale_waits: bool = False) -> None:
        self.orders = orders
        self.stale_waits = stale_waits
        self.write = orders.write

    def load(self, order_id: str) -> Loaded | None:
        return self.orders.load_as_action(order_id, stale_waits=self.stale_waits)


class Waits:
    """The WAIT items with the conditions of the real store."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.before: dict[str, Wait] = {}  # as a read that lags would show them

    def put(self, order_id: str, wait: Wait) -> bool:
        return self.world.schedule.act("put wait", lambda: self._put(wait))

    def _put(self, wait: Wait) -> bool:
        known = self.world.kept.waits.get(wait.kind)
        if known and (known.run, known.since) > (wait.run, wait.since):
            return False
        self._set(wait.kind, wait)
        return True

    def look_again(self, order_id: str, wait: Wait, due_at: str) -> bool:
        def do() -> bool:
            if not self._same(wait):
                return False
            self._set(wait.kind, replace(self.world.kept.waits[wait.kind], due_at=due_at))
            return True

        return self.world.schedule.act("move wait", do)

    def delete(self, order_id: str, wait: Wait) -> bool:
        def do() -> bool:
            if not self._same(wait):
                return False
            self._set(wait.kind, None)
            return True

        return self.world.schedule.act("delete wait", do)

    def _same(self, wait: Wait) -> bool:
        known = self.world.kept.waits.get(wait.kind)
        return known is not None and known.token == wait.token

    def _set(self, kind: str, wait: Wait | None) -> None:
        waits = self.world.kept.waits
        self.before = dict(waits)
        if wait is None:
            del waits[kind]
        else:
            waits[kind] = wait


class Executions:
    """Step Functions: a token is answered once; a step whose function dies is tried again."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.all: dict[str, Execution] = {}

    def start(self, order_id: str, run: int) -> str:
        return self.world.schedule.act("start execution", lambda: self._start(run))

    def _start(self, run: int) -> str:
        name = self.arn("o1", run)
        if name not in self.all:
            self.all[name] = Execution(name, run, BEYOND)
            if not self.world.rules.until:
                self.world.enter(self.all[name], "verification")
        return name

    def arn(self, order_id: str, run: int) -> str:
        return f"{order_id}-{run}"

    def answer(self, token: str, result: str) -> bool:
        def do() -> bool:
            waiting = self._behind(token)
            if waiting:
                waiting.token = ""
                self.world.goes_on(waiting, result)
            return waiting is not None

        return self.world.schedule.act(f"answer {result}", do)

    def fail(self, token: str, error: str, cause: str) -> bool:
        def do() -> bool:
            waiting = self._behind(token)
            if waiting:
                self.world.step_failed(waiting)
            return waiting is not None

        return self.world.schedule.act(f"fail {error}", do)

    def lives(self, execution: str) -> bool:
        found = self.all.get(execution)
        return self.world.schedule.act("describe", lambda: found is not None and found.status == "RUNNING")

    def _behind(self, token: str) -> Execution | None:
        running = (one for one in self.all.values() if one.status == "RUNNING")
        return next((one for one in running if one.token == token), None)


class Outbox:
    """Claims on the order's effects, as far as workflows use them."""

    def __init__(self, world: "World") -> None:
        self.world = world

    def claim(self, owner: str, effect_id: str, *, at: str, seconds: int = 120) -> Outgoing | None:
        def do() -> Outgoing | None:
            effect = self.world.kept.effects[effect_id]
            if effect.state != "wanted":
                return None
            until = stamp(moment(at) + timedelta(seconds=seconds))
            return self._set(replace(effect, state="claimed", lease_until=until, due_at=until))

        return self.world.schedule.act("claim", do)

    def defer(self, owner: str, seen: Outgoing, *, until: str) -> bool:
        return self.world.schedule.act("defer", lambda: bool(self._set(replace(seen, due_at=until))))

    def settle(self, owner: str, effect_id: str, result: dict[str, Any]) -> bool:
        def do() -> bool:
            effect = self.world.kept.effects.get(effect_id)
            return effect is not None and bool(self._set(replace(effect, state="done", due_at="")))

        return self.world.schedule.act("settle", do)

    def _set(self, effect: Outgoing) -> Outgoing:
        self.world.kept.effects[effect.effect_id] = effect
        return effect


class Bus:
    """Whatever is published again reaches its worker."""

    def __init__(self, world: "World") -> None:
        self.world = world

    def publish(self, entries: Iterable[dict[str, Any]]) -> None:
        self.world.schedule.act("publish", self.world.announce_runs)


@dataclass
class Rules:
    """What differs between scenarios: see each field."""

    retries: bool = True  # Step Functions tries a step again whose function died
    waits: type[Waits] = Waits
    waker: type[Waker] = Waker
    steps: type[Steps] = Steps
    stale_consumer: bool = False
    until: str = "payment"  # the last step that is looked at; empty: all
    follow: bool = True  # the stream is read
    torn_loads: bool = False  # an order is loaded in two reads


@dataclass
class World:
    schedule: Schedule
    snapshot: str  # of an order as `placed` makes it
    rules: Rules
    step: str
    stock: dict[str, int] = field(default_factory=lambda: {"CAFE-1": 10, "TAZA-1": 10})

    def __post_init__(self) -> None:
        self.schedule.world = self
        self.clock = moment(AT)
        self.tokens = 0
        self.records: list[int] = []  # changes of the order that the stream still has to tell
        self.reading = False
        self.waits = self.rules.waits(self)
        self.orders = Orders(self)
        self.executions = Executions(self)
        self.outbox = Outbox(self)
        links = Links(FakeLinkStore(), lambda: Keys("key"))  # type: ignore[arg-type]
        self.consequences = Consequences(links, wallets=FakeWallets())
        self.kept = self.orders.partitions["o1"] = Partition(snapshot=self.snapshot)
        run = self.executions.all["o1-1"] = Execution("o1-1", 1, "")
        self.kept.effects["run-1"] = Outgoing(
            "run-1", "lifecycle", "claimed", {"run": 1}, AT, lease_until=AT, due_at=AT
        )
        self.begin(run)

    def begin(self, run: Execution) -> None:
        """How the scenario finds its execution."""
        self.enter(run, self.step)

    # -- what the tests begin --------------------------------------------------------------------

    def desk(self, *, stale_waits: bool = False) -> Desk:
        return Desk(View(self.orders, stale_waits=stale_waits), self.consequences)

    def now(self) -> datetime:
        return self.clock

    def command(self, name: str, decide: Callable[[Loaded], Decision]) -> None:
        """A command of a person or a provider; whoever sent it sends it again until it is answered."""
        origin = Origin("staff:1", "request:1", stamp(self.clock))
        self.schedule.spawn(name, lambda: self.desk().run("o1", decide, origin), mortal=False)

    def sweep(self, *, mortal: bool = True) -> None:
        self.schedule.spawn("sweep", lambda: self.sweeper().look_at("o1"), mortal=mortal)

    def sweeper(self) -> Sweep:
        waker = self.waker(self.desk())
        desk: Any = self.desk()
        outbox: Any = self.outbox
        executions: Any = self.executions
        bus: Any = Bus(self)
        return Sweep("orders", desk, waker, outbox, bus, executions, self.now)

    def waker(self, desk: Desk) -> Waker:
        return self.rules.waker(desk, self.waits, self.executions, self.now)  # type: ignore[arg-type]

    # -- Step Functions --------------------------------------------------------------------------

    def wait_already(self, run: Execution, kind: str, due_at: str) -> None:
        """A way to begin: the execution has put its token and waits."""
        run.token = "token0"
        self.kept.waits[kind] = Wait(kind, run.token, run.run, AT, due_at, run.name)

    def enter(self, run: Execution, step: str) -> None:
        """The execution comes to a step: its function is called."""
        run.step = step
        self.attempt(run)

    def attempt(self, run: Execution) -> None:
        self.tokens += 1
        run.token = "" if run.step == "close" else f"token{self.tokens}"
        begun = self.clock + timedelta(milliseconds=self.tokens)
        event = {"step": run.step, "order_id": "o1", "run": run.run, "token": run.token}
        event |= {"execution": run.name, "failed": {"step": run.failed, "error": {}}}
        desk, waits, executions, outbox = self.desk(), self.waits, self.executions, self.outbox
        steps = self.rules.steps(desk, waits, executions, outbox, lambda: begun)  # type: ignore[arg-type]
        about = (run.name, run.token)
        self.schedule.spawn("step", lambda: steps.run(event), losable=True, about=about)

    def goes_on(self, run: Execution, result: str) -> None:
        if result == "next_run":
            run.status = "SUCCEEDED"
        elif result == "again":
            self.enter(run, run.failed if run.step == "hold_for_retry" else run.step)
        elif self.rules.until == run.step:
            run.step = BEYOND
        else:
            self.enter(run, "close" if result == "ended" else NEXT[run.step])

    def step_failed(self, run: Execution) -> None:
        if run.step == "hold_for_retry":
            run.status, run.token = "FAILED", ""
        else:
            run.failed = run.step
            self.enter(run, "hold_for_retry")

    def stop_execution(self, name: str) -> None:
        """StopExecution: every token is dead."""
        self.executions.all[name].status = "ABORTED"
        self.executions.all[name].token = ""

    # -- the stream ------------------------------------------------------------------------------

    def wrote(self, decision: Decision) -> None:
        if self.rules.follow:
            self.records.append(len(self.records))
            self._read_stream()
        for effect in decision.effects:
            if effect.kind == "lifecycle":
                self._announce(effect.effect_id)

    def announce_runs(self) -> None:
        """The sweep has told the bus again of runs that are still wanted."""
        for effect in list(self.kept.effects.values()):
            if effect.kind == "lifecycle" and effect.state == "wanted":
                self._announce(effect.effect_id)

    def _announce(self, effect_id: str) -> None:
        """The queue of wanted runs."""
        self.schedule.spawn("starter", lambda: self._start(effect_id), mortal=False)

    def _start(self, effect_id: str) -> None:
        outbox: Any = self.outbox
        executions: Any = self.executions
        start_lifecycle("o1", effect_id, desk=self.desk(), outbox=outbox, executions=executions, now=self.now)

    def _read_stream(self) -> None:
        """One reader at a time, record after record; a record is told again until its reader is done."""
        if self.records and not self.reading:
            self.reading = True
            waker = self.waker(self.desk(stale_waits=self.rules.stale_consumer))
            self.schedule.spawn("consumer", lambda: self._consume(waker), about="stream")

    def _consume(self, waker: Waker) -> None:
        waker.wake("o1")
        self.schedule.act("acknowledge", lambda: None)

    # -- what the explorer asks ------------------------------------------------------------------

    def ended(self, process: Process, how: str) -> None:
        if process.about == "stream":
            self.reading = False
            if how == "done":
                self.records.pop(0)
            self._read_stream()
        elif process.about:
            self._step_ended(self.executions.all[process.about[0]], process.about[1], how)

    def _step_ended(self, run: Execution, token: str, how: str) -> None:
        if run.step == "close" and how == "done":
            run.status = "SUCCEEDED"
        elif how in ("died", "lost") and run.token == token and self.rules.retries:
            self.attempt(run)

    def key(self) -> Any:
        kept = self.kept
        effects = tuple((e.effect_id, e.state, e.due_at) for e in kept.effects.values())
        waits = tuple(repr(kept.waits[kind]) for kind in sorted(kept.waits))
        runs = tuple(repr(run) for run in self.executions.all.values())
        return (kept.snapshot, effects, waits, runs, len(self.records), self.reading, self.clock)

    def check(self, *, orphans: bool = False) -> None:
        """Everything has come to rest: who still waits must have to, and a live order is followed.

        `orphans` lets a run that a later one has replaced hang.
        """
        order = self.current
        for run in self.executions.all.values():
            assert run.status != "FAILED", f"{run.name} failed in {run.step}"
            if run.status == "RUNNING" and run.step != BEYOND and not (orphans and run.run < order.run):
                kind = "retry" if run.step == "hold_for_retry" else run.step
                assert run.token, f"{run.name} hangs in {run.step}"
                answer = outcome(kind, run.run, order)
                assert not answer, f"{run.name} waits for {kind} for ever, though it is to be told {answer}"
        over = order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED, Lifecycle.CLOSED)
        alive = [run.run for run in self.executions.all.values() if run.status == "RUNNING"]
        assert over or order.run in alive, f"nobody follows the order in run {order.run}"

    @property
    def current(self) -> Order:
        found = self.orders.load("o1")
        assert found
        return found.order

    def come_to_rest(self, passes: timedelta = timedelta(minutes=10), looks: int = 3) -> None:
        """Time passes and the sweep comes, again and again, with nobody in its way."""
        for _ in range(looks):
            self.clock += passes
            self.sweep(mortal=False)
            while self.schedule.processes:
                self.schedule.step((next(iter(self.schedule.processes)), "go"))


def placed(order: Order) -> str:
    """The snapshot of an order that has just been placed; it is at its first revision."""
    happened = Happened("OrderPlaced", {"order": order.to_dict()})
    return canonical(Course(None, ORIGIN).add(Decision(facts=(happened,))).after.snapshot())


def _seen(loaded: Loaded | None) -> Any:
    if loaded is None:
        return None
    effects = tuple((effect.effect_id, effect.state, effect.due_at) for effect in loaded.effects)
    return (loaded.order.head_hash, repr(loaded.waits), effects)
