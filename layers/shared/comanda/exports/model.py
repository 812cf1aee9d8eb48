"""What an export batch is, and which orders a destination is to hear of. Pure."""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from comanda.orders.model import Exported, Order
from comanda.orders.record import Record
from comanda.orders.vocabulary import Lifecycle
from comanda.times import moment


class State(StrEnum):
    PENDING = "pending"  # asked for
    BUILDING = "building"  # orders are being selected and written
    BUILT = "built"  # the content is stored and will never change
    SENDING = "sending"  # on its way; with `sent_at`: there, its orders are being marked
    DELIVERED = "delivered"
    FAILED = "failed"


FINISHED = frozenset({State.DELIVERED, State.FAILED})
LIVE = frozenset({Lifecycle.PLACED, Lifecycle.CLOSED})
# Orders in these states are of no interest to any destination, whatever happened before.
UNSEEN = frozenset({Lifecycle.DRAFT, Lifecycle.QUOTED, Lifecycle.AWAITING_VERIFICATION, Lifecycle.EXPIRED})


@dataclass(frozen=True, slots=True)
class Trouble(Record):
    """Why a batch did not get on: what, where and why. `step` is build, deliver or mark."""

    type: str
    detail: str
    step: str
    at: str


@dataclass(frozen=True, slots=True)
class Wanted(Record):
    """What was asked for: these orders, or those of a filter, or whatever is new.

    `after` is where an earlier batch of the same request stopped in the `created` index.
    """

    mode: str = "new"  # new | all
    order_ids: tuple[str, ...] = ()
    filter: dict[str, Any] = field(default_factory=dict)
    after: str = ""

    @property
    def everything_new(self) -> bool:
        """The run that goes on from the destination's cursor."""
        return self.mode == "new" and not self.order_ids and not self.filter


@dataclass(frozen=True, slots=True)
class Batch(Record):
    """One file for one destination. From `built` on, `file_name`, `sha256` and `size` never change."""

    batch_id: str
    destination: str
    profile: str
    format: str
    delimiter: str
    created_at: str
    requested_by: str
    scheduled: bool = False
    state: State = State.PENDING
    file_name: str = ""
    sha256: str = ""
    size: int = 0
    orders: int = 0
    rows: int = 0
    chunks: int = 0
    left_out: int = 0  # asked for by id, and not to be exported
    note: str = ""  # why it holds no orders
    covers: str = ""  # how far the selection looked; see Wanted.after and Seat.cursor
    more: bool = False  # the selection stopped early: another batch goes on
    attempts: int = 0
    call: int = 0  # number of the last attempt's wake-up call
    next_at: str = ""  # not to be tried again before
    staged: bool = False  # the whole file lay under its temporary name
    sent_at: str = ""  # the file was seen under its final name
    evidence: str = ""  # how that was seen
    marked: int = 0  # chunks whose orders are marked
    delivered_at: str = ""
    trouble: Trouble | None = None
    told: bool = False  # the merchant knows of the failure
    resent: int = 0
    revision: int = 0

    @property
    def finished(self) -> bool:
        return self.state in FINISHED

    @property
    def entry(self) -> str:
        """Its place among those that wait for the destination's seat."""
        return f"{self.created_at}#{self.batch_id}"

    @property
    def uncertain(self) -> bool:
        """Nobody knows whether the file got its final name."""
        return self.staged and not self.sent_at

    @property
    def has_content(self) -> bool:
        return bool(self.sha256)

    @property
    def key(self) -> str:
        """Where the content lies."""
        return f"batches/{self.destination}/{self.batch_id}/{self.file_name}"


@dataclass(frozen=True, slots=True)
class Ref:
    """An order as a batch holds it."""

    order_id: str
    version: int
    event: str  # new | updated | cancelled


@dataclass(frozen=True, slots=True)
class LeftOut(Record):
    """An order that was asked for by its id and is not in the batch."""

    order_id: str
    why: str  # not-found | not-placed | expired | cancelled-before-export | already-exported


class DeliveryFailed(Exception):
    """A destination did not take the file. `passing` says whether trying again can help."""

    def __init__(self, type: str, detail: str, *, passing: bool) -> None:
        super().__init__(detail)
        self.type = type
        self.detail = detail
        self.passing = passing


def last_export(order: Order, destination: str) -> Exported | None:
    return next((one for one in order.exported if one.destination == destination), None)


def event_for(order: Order, destination: str) -> str | None:
    """What the destination is told of this order; None when it is not to hear of it.

    A cancelled order is of interest only to those who have it.
    """
    known = last_export(order, destination)
    if order.lifecycle in LIVE:
        return "updated" if known else "new"
    if order.lifecycle == Lifecycle.CANCELLED and known:
        return "cancelled"
    return None


def is_news(order: Order, destination: str) -> bool:
    """The destination has not seen the order in its present version."""
    known = last_export(order, destination)
    return known is None or known.version < order.version


def file_name(store: str, profile: str, created_at: str, batch_id: str) -> str:
    """`{store}_{entity}_{YYYYMMDD_HHMMSS}_{batch}.csv`, in UTC, without spaces, never used twice."""
    return f"{slug(store)}_{profile}_{moment(created_at):%Y%m%d_%H%M%S}_{batch_id}.csv"


def slug(text: str) -> str:
    """Lower-case ASCII letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "shop"
