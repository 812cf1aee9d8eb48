"""Build a batch: select its orders and write its content once and for good."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from comanda.crash import crash_point
from comanda.exports.contents import Writer
from comanda.exports.exporting import Exporting, Pulse
from comanda.exports.index import Entry
from comanda.exports.model import Batch, LeftOut, Ref, State, Wanted, event_for, file_name
from comanda.exports.select import (
    EVERYTHING,
    Filter,
    accepted,
    candidates,
    covered,
    goes_on,
    note_on_nothing,
    obstacle,
)
from comanda.exports.sheet import Sheet
from comanda.orders.decision import Loaded
from comanda.orders.model import Order
from comanda.times import stamp

CHUNK_ORDERS = 500
MOST_ORDERS = 100_000  # of one batch, give or take what is being read; another goes on
MOST_LEFT_OUT = 100  # named orders of which the batch says why they are not in it
CHECK_EVERY = 100  # orders looked at, whether they are taken or not
TIME_TO_FINISH = 120.0  # what storing the rest and delivering may take


@dataclass(slots=True)
class Tally:
    """What has been written so far. `stopped_at` is set when the selection stopped early."""

    orders: int = 0
    chunks: int = 0
    stopped_at: Entry | None = None
    refs: list[Ref] = field(default_factory=list)
    judged: dict[str, str | None] = field(default_factory=dict)  # of named orders: what hinders them


def build(batch: Batch, at: Exporting, pulse: Pulse) -> Batch:
    """Write the content and record its hash. A build that broke off begins anew: nobody has seen it."""
    wanted = at.batches.wanted(batch.batch_id)
    shop = at.shop()
    name = file_name(shop.name, batch.profile, batch.created_at, batch.batch_id)
    batch = at.batches.save(batch, state=State.BUILDING, file_name=name)
    chosen = at.filters(wanted.filter, batch.created_at) if wanted.filter else EVERYTHING
    sheet = Sheet(batch.profile, batch.format, batch.delimiter, ZoneInfo(shop.time_zone))
    writer = at.contents.writer(batch.key)
    now = stamp(at.now())
    try:
        tally = _write(batch, wanted, chosen, sheet, writer, at, pulse, now)
        if tally.orders or not _skips_empty(batch, at):
            writer.close()
    except BaseException:
        writer.abort()
        raise
    crash_point("export.content_stored")
    empty = not tally.orders and _skips_empty(batch, at)
    more = goes_on(wanted, tally.stopped_at, pulse.seat.cursor, now, found=tally.orders > 0)
    return at.batches.save(
        batch,
        state=State.BUILT,
        file_name="" if empty else name,
        sha256="" if empty else writer.sha256,
        size=writer.size if not empty else 0,
        orders=tally.orders,
        rows=sheet.rows,
        chunks=tally.chunks,
        left_out=_left_out(batch, wanted, tally, at),
        note="" if tally.orders else note_on_nothing(wanted, more=more),
        covers=covered(wanted, tally.stopped_at, now),
        more=more,
    )


def _write(
    batch: Batch,
    wanted: Wanted,
    chosen: Filter,
    sheet: Sheet,
    writer: Writer,
    at: Exporting,
    pulse: Pulse,
    now: str,
) -> Tally:
    tally = Tally()
    reserve = min(TIME_TO_FINISH, pulse.left() / 3)

    def full() -> bool:
        enough = tally.orders >= MOST_ORDERS or pulse.left() < reserve
        return enough and not wanted.order_ids

    def keep(order: Order) -> bool:
        if wanted.order_ids:
            tally.judged[order.order_id] = obstacle(order, wanted, batch.destination)
        return accepted(order, wanted, chosen, batch.destination)

    trail = Trail(candidates(wanted, chosen, at.index, pulse.seat.cursor, now), pulse.beat, full)
    for loaded in at.reader.stream(trail.ids(), keep):
        _add(loaded, batch, sheet, tally)
        if len(tally.refs) == CHUNK_ORDERS:
            _flush(batch, sheet, writer, tally, at)
    _flush(batch, sheet, writer, tally, at)
    tally.stopped_at = trail.stopped_at
    return tally


def _left_out(batch: Batch, wanted: Wanted, tally: Tally, at: Exporting) -> int:
    """How many named orders are not in the batch; the first of them are kept with the reason."""
    verdicts = ((order_id, tally.judged.get(order_id, "not-found")) for order_id in wanted.order_ids)
    left_out = [LeftOut(order_id, why) for order_id, why in verdicts if why]
    if left_out:
        at.batches.put_left_out(batch.batch_id, left_out[:MOST_LEFT_OUT])
    return len(left_out)


def _add(loaded: Loaded, batch: Batch, sheet: Sheet, tally: Tally) -> None:
    event = event_for(loaded.order, batch.destination) or "updated"
    sheet.add(loaded, event)
    tally.refs.append(Ref(loaded.order.order_id, loaded.order.version, event))
    tally.orders += 1


def _flush(batch: Batch, sheet: Sheet, writer: Writer, tally: Tally, at: Exporting) -> None:
    """Rows to the content, their orders to a chunk; both are forgotten here."""
    writer.write(sheet.take())
    if tally.refs:
        at.batches.put_chunk(batch.batch_id, tally.chunks, tally.refs)
        tally.chunks += 1
        tally.refs = []
        crash_point("export.chunk_stored")


def _skips_empty(batch: Batch, at: Exporting) -> bool:
    destination = at.destinations().get(batch.destination)
    return destination is None or destination.skip_empty


class Trail:
    """Hands out what is to be read, and knows where it stopped: all that was handed out is read."""

    def __init__(self, entries: Iterator[Entry], beat: Callable[[], None], full: Callable[[], bool]) -> None:
        self._entries = entries
        self._beat = beat
        self._full = full
        self._last: Entry | None = None
        self.stopped_at: Entry | None = None

    def ids(self) -> Iterator[str]:
        for count, entry in enumerate(self._entries):
            if count and count % CHECK_EVERY == 0:
                self._beat()
                if self._full():
                    self.stopped_at = self._last
                    return
            self._last = entry
            yield entry.order_id
