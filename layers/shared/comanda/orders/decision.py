"""What a command decides, before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from comanda.canonical import canonical, sha256
from comanda.orders.facts import Happened
from comanda.orders.model import Order, RawScan
from comanda.stock.model import Move as Move

type Personal = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something outside that is wanted: a mail, a refund, a workflow run.

    `effect_id` names it for good within the order: it is the idempotency key and the reference at
    the provider. `data` holds no personal data. With `claimed_until` the writer itself does it at
    once and nobody else touches it before that time.
    """

    effect_id: str
    kind: str  # mail | lifecycle | payment.start | .void | .refund | .capture | .close
    data: dict[str, Any] = field(default_factory=dict)
    claimed_until: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A personal text with its salt; the history holds only the digest."""

    value: Any
    salt: str

    @property
    def digest(self) -> str:
        return sha256(self.salt + canonical(self.value))


@dataclass(frozen=True, slots=True)
class Decision:
    """Facts with everything that must be written in their transaction. No facts: nothing happens.

    `identities` are effects of the outside (a charge, a scan) that count once for ever.
    `also` adds other areas' writes to the same transaction. `outside` says that this has happened
    already, out there: it is recorded even when the stock it asks for is gone. `forgotten` names
    personal texts that are not kept any longer. `scans` are all raw scans of a parcel, by its id: they lie
    beside the history.
    """

    facts: tuple[Happened, ...] = ()
    moves: tuple[Move, ...] = ()
    effects: tuple[Effect, ...] = ()
    personal: dict[str, Sealed] = field(default_factory=dict)
    identities: tuple[str, ...] = ()
    result: dict[str, Any] = field(default_factory=dict)
    also: tuple[Callable[[Any], None], ...] = ()
    outside: bool = False
    forgotten: tuple[str, ...] = ()
    scans: dict[str, tuple[RawScan, ...]] = field(default_factory=dict)

    def __add__(self, other: "Decision") -> "Decision":
        return Decision(
            self.facts + other.facts,
            self.moves + other.moves,
            self.effects + other.effects,
            self.personal | other.personal,
            self.identities + other.identities,
            self.result | other.result,
            self.also + other.also,
            self.outside or other.outside,
            self.forgotten + other.forgotten,
            self.scans | other.scans,
        )


NOTHING = Decision()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An outside effect as it is stored: wanted → claimed → done | failed | unknown."""

    effect_id: str
    kind: str
    state: str
    data: dict[str, Any]
    wanted_at: str
    lease_until: str = ""
    attempts: int = 0
    result: dict[str, Any] = field(default_factory=dict)
    due_at: str = ""  # when the sweep looks after it; empty once it is settled
    revision: int = 0  # of the commit that wanted it
    progress: dict[str, Any] = field(default_factory=dict)  # how far its worker got


@dataclass(frozen=True, slots=True)
class Wait:
    """A workflow that waits: who to answer, and until when."""

    kind: str
    token: str
    run: int
    since: str
    due_at: str
    execution: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """An order with what lies beside it in its partition."""

    order: Order
    personal: dict[str, Any]  # name → value; an erased text is missing
    effects: tuple[Outgoing, ...] = ()
    waits: tuple[Wait, ...] = ()

    def text(self, name: str) -> Any:
        """A personal text, or an empty string when it was never given or has been erased."""
        return self.personal.get(name, "")
