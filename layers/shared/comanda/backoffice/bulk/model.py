"""What a bulk job is: its states, the work on single orders, and what came of it. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from comanda.orders.record import Record

CHUNK_UNITS = 100


class State(StrEnum):
    PENDING = "pending"  # asked for; its orders are being listed
    RUNNING = "running"
    CANCELLING = "cancelling"  # the order at hand is finished, then no more
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # its run broke off; `resume` goes on
    FAILED = "failed"  # its orders could not be listed, so nothing was done
    COMPLETED = "completed"  # every order has a result


LIVE = frozenset({State.PENDING, State.RUNNING, State.CANCELLING})


class Outcome(StrEnum):
    DONE = "done"
    WOULD_CHANGE = "would_change"  # of a preview
    UNCHANGED = "unchanged"  # there was nothing to do
    REFUSED = "refused"  # by a guard, or there is no such order
    FAILED = "failed"  # a fault that may have passed: `resume` tries again


GOOD = frozenset({Outcome.DONE, Outcome.WOULD_CHANGE, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Job(Record):
    """The head of a job. `asked` says how many items hold what was named; a `filter` stands for itself."""

    job_id: str
    action: str
    actor: str
    created_at: str
    params: dict[str, Any] = field(default_factory=dict)
    filter: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    asked_at: str = ""  # when its present run was asked for
    preview: bool = False
    state: State = State.PENDING
    run: int = 1
    prepared: bool = False  # the chunks stand, and will never change
    total: int = 0
    chunks: int = 0
    started_at: str = ""
    finished_at: str = ""
    problem: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Unit(Record):
    """One command on one order. `key` names it within the job for good; `number` is what the caller named
    the order by, if that; `more` is what this unit has of its own beside the job's parameters."""

    key: str
    order_id: str = ""
    number: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result(Record):
    """What came of one unit. `run` is the run that saw it."""

    order_id: str
    outcome: Outcome
    run: int = 1
    number: str = ""
    problem: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    def settled(self, run: int) -> bool:
        """Whether run `run` leaves it as it is."""
        return self.outcome != Outcome.FAILED or self.run >= run

    @property
    def reason(self) -> str:
        """The problem's type, with the guard that refused."""
        guard = self.problem.get("guard")
        kind = str(self.problem.get("type", ""))
        return f"{kind}/{guard}" if guard else kind


@dataclass(frozen=True, slots=True)
class Tally(Record):
    """Sums of results; `stuck` of `failed` may go well another time."""

    done: int = 0
    failed: int = 0
    stuck: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Iterable[Result]) -> "Tally":
        found = tuple(results)
        bad = [result for result in found if result.outcome not in GOOD]
        return cls(
            done=len(found) - len(bad),
            failed=len(bad),
            stuck=sum(result.outcome == Outcome.FAILED for result in bad),
            reasons=dict(Counter(result.reason for result in bad)),
        )

    def __add__(self, other: "Tally") -> "Tally":
        reasons = dict(Counter(self.reasons) + Counter(other.reasons))
        return Tally(self.done + other.done, self.failed + other.failed, self.stuck + other.stuck, reasons)
