"""What an export needs of the outside, and what its steps share."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from comanda.exports.contents import Contents
from comanda.exports.model import Batch
from comanda.exports.seats import Seat, Seats
from comanda.exports.select import Filter, Index
from comanda.exports.store import BatchStore
from comanda.ids import NewId
from comanda.orders.decision import Loaded
from comanda.orders.desk import Decide, Done
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.settings.pauses import Paused, never_paused
from comanda.settings.sections import Destination, Shop


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to deliver. `open` streams its content; it raises when the bytes are not the recorded ones."""

    name: str
    size: int
    sha256: str
    open: Callable[[], Iterator[bytes]]


class Courier(Protocol):
    """Takes files to one destination."""

    def deliver(
        self, parcel: Parcel, *, staged: bool, on_staged: Callable[[], None], beat: Callable[[], None]
    ) -> str:
        """Put the file there under its final name and answer how that was seen.

        `on_staged` is called when the whole file lies under its temporary name, before it gets the
        final one; `staged` says that this had happened before. `beat` is called while bytes flow.
        Raises DeliveryFailed.
        """
        ...


class Reader(Protocol):
    def stream(self, order_ids: Iterable[str], keep: Callable[[Order], bool]) -> Iterator[Loaded]: ...


class Desk(Protocol):
    def run(self, order_id: str, decide: Decide, origin: Origin) -> Done: ...


class Runs(Protocol):
    """The queue that wakes batches."""

    def wake(self, batch_id: str, seconds: int = 0, call: int = 0) -> None: ...


class Notice(Protocol):
    """Tells the merchant; the same batch may be told again, which must not write a second mail."""

    def export_failed(self, batch: Batch) -> None: ...


@dataclass(frozen=True, slots=True)
class Exporting:
    """Everything behind the use cases of this area."""

    batches: BatchStore
    seats: Seats
    contents: Contents
    index: Index
    reader: Reader
    desk: Desk
    shop: Callable[[], Shop]
    destinations: Callable[[], dict[str, Destination]]
    courier: Callable[[str, Destination], Courier]
    filters: Callable[[dict[str, Any], str], Filter]
    runs: Runs
    notice: Notice
    now: Callable[[], datetime]
    new_id: NewId
    paused: Paused = never_paused


class OutOfTime(Exception):
    """The process is about to be stopped; what is left is done by the next one."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A run's sign of life and how much time it has left, in seconds."""

    seat: Seat
    now: Callable[[], datetime]
    left: Callable[[], float]

    def beat(self) -> None:
        """Raises SeatLost."""
        self.seat.renew(self.now())
