"""A small explorer: processes stop before each action on the shared world, and all orders are tried.

Processes are greenlets that run the real code. They are deterministic functions of what they have
seen, so two schedules that lead to the same world and the same observations are one state.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from greenlet import getcurrent, greenlet

type Choice = tuple[str, str]  # process, what happens to it: go | die | lose


class Died(BaseException):
    """The process was killed; nothing of it may catch this."""


class World(Protocol):
    """The shared state of a scenario."""

    def key(self) -> Any: ...

    def ended(self, process: "Process", how: str) -> None: ...

    def check(self) -> None: ...


@dataclass(eq=False)
class Process:
    """`mortal` may die once; `losable` may be given up by its caller and still run on."""

    name: str
    kind: str
    mortal: bool
    losable: bool
    about: Any = None
    at: str = "begin"
    seen: int = 0  # a digest of all it has seen so far
    thread: Any = None


class Schedule:
    """One course of events. `deaths` and `losses` are how many may happen in it."""

    def __init__(self, *, deaths: int = 0, losses: int = 0) -> None:
        self.deaths = deaths
        self.losses = losses
        self.processes: dict[str, Process] = {}
        self.world: World
        self._born = 0

    def spawn(
        self,
        kind: str,
        work: Callable[[], object],
        *,
        mortal: bool = True,
        losable: bool = False,
        about: Any = None,
    ) -> None:
        """A new process; it runs up to its first action at once, which nobody can see."""
        self._born += 1
        process = Process(f"{kind}{self._born}", kind, mortal, losable, about)

        def body() -> str:
            try:
                work()
            except Died:
                return "died"
            return "done"

        process.thread = greenlet(body)
        self.processes[process.name] = process
        self._run(process)

    def act[T](self, label: str, do: Callable[[], T], note: Callable[[T], Any] = repr) -> T:
        """What a process does to the world, or sees of it: first everybody else may have their turn."""
        process = self._of(getcurrent())
        if process is None:
            return do()
        process.at = label
        process.thread.parent.switch()
        try:
            result = do()
        except Exception as error:
            process.seen = hash((process.seen, label, type(error).__name__))
            raise
        process.seen = hash((process.seen, label, note(result)))
        return result

    def _of(self, thread: Any) -> Process | None:
        return next((one for one in self.processes.values() if one.thread is thread), None)

    def choices(self) -> list[Choice]:
        found = [(name, "go") for name in self.processes]
        if self.deaths:
            found += [(name, "die") for name, one in self.processes.items() if one.mortal]
        if self.losses:
            found += [(name, "lose") for name, one in self.processes.items() if one.losable]
        return found

    def step(self, choice: Choice) -> None:
        name, what = choice
        process = self.processes[name]
        if what == "go":
            self._run(process)
        elif what == "die":
            self.deaths -= 1
            self._kill(process)
            self._gone(process, "died")
        else:
            self.losses -= 1
            process.losable = False
            self.world.ended(process, "lost")

    def _kill(self, process: Process) -> None:
        process.thread.parent = getcurrent()
        process.thread.throw(Died)

    def _run(self, process: Process) -> None:
        process.thread.parent = getcurrent()
        process.thread.switch()
        if process.thread.dead:
            self._gone(process, "done")

    def _gone(self, process: Process, how: str) -> None:
        del self.processes[process.name]
        self.world.ended(process, how)

    def key(self) -> int:
        running = tuple(
            (one.kind, one.at, one.seen, one.losable, repr(one.about)) for one in self.processes.values()
        )
        return hash((self.world.key(), tuple(sorted(running)), self.deaths, self.losses))

    def close(self) -> None:
        for process in list(self.processes.values()):
            self._kill(process)
        self.processes.clear()


@dataclass
class Explored:
    states: int = 0
    ends: int = 0


class Violation(AssertionError):
    """A property does not hold; the message tells the course of events."""


def explore(begin: Callable[[], Schedule], *, most: int = 200_000) -> Explored:
    """Try every schedule; raises Violation at the first end where the world's check fails."""
    visited: set[int] = set()
    result = Explored()
    pending: list[tuple[Choice, ...]] = [()]
    while pending:
        trail = list(pending.pop())
        schedule = begin()
        story = [_told(schedule, choice) for choice in _replay(schedule, trail)]
        while (key := schedule.key()) not in visited:
            visited.add(key)
            choices = schedule.choices()
            if not choices:
                result.ends += 1
                _judge(schedule, story)
                break
            pending += [(*trail, other) for other in choices[1:]]
            story.append(_told(schedule, choices[0]))
            schedule.step(choices[0])
            trail.append(choices[0])
        schedule.close()
        result.states = len(visited)
        if result.states > most:
            raise RuntimeError(f"more than {most} states: the scenario is too large")
    return result


def _replay(schedule: Schedule, trail: list[Choice]) -> Iterator[Choice]:
    for choice in trail:
        yield choice
        schedule.step(choice)


def _told(schedule: Schedule, choice: Choice) -> str:
    name, what = choice
    at = schedule.processes[name].at
    return f"{name}: {at}" if what == "go" else f"{name} {what}s before: {at}"


def _judge(schedule: Schedule, story: list[str]) -> None:
    try:
        schedule.world.check()
    except AssertionError as failed:
        raise Violation("\n".join([str(failed), *story])) from failed
