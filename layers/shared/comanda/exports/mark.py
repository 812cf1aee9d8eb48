"""Mark the orders of a batch that has arrived, each by a command of its own."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from comanda.crash import crash_point
from comanda.errors import NotFound
from comanda.exports.exporting import Exporting, OutOfTime, Pulse
from comanda.exports.model import Batch, Ref, last_export
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.facts import Happened, Origin
from comanda.times import stamp

THREADS = 4
TIME_FOR_A_CHUNK = 60.0


def mark(batch: Batch, at: Exporting, pulse: Pulse) -> Batch:
    """The batch once all its orders say that they were exported.

    Goes on behind the last chunk that was finished. Raises OutOfTime between two chunks.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(batch.marked, batch.chunks):
            if pulse.left() < TIME_FOR_A_CHUNK:
                raise OutOfTime
            refs = at.batches.chunk(batch.batch_id, number)
            for _ in pool.map(partial(_mark_one, batch, at), refs):
                pulse.beat()
                crash_point("export.order_marked")
            batch = at.batches.save(batch, marked=number + 1)
            crash_point("export.chunk_marked")
    return batch


def _mark_one(batch: Batch, at: Exporting, ref: Ref) -> None:
    origin = Origin("system", f"export:{batch.batch_id}", stamp(at.now()))
    try:
        at.desk.run(ref.order_id, lambda loaded: exported(loaded, ref, batch), origin)
    except NotFound:
        return  # erased since


def exported(loaded: Loaded, ref: Ref, batch: Batch) -> Decision:
    """Record the export, unless it is known or the destination has a newer version by now."""
    known = last_export(loaded.order, batch.destination)
    if known and (known.batch == batch.batch_id or known.version > ref.version):
        return NOTHING
    if known and batch.resent and known.version == ref.version:
        return NOTHING
    data = {"destination": batch.destination, "batch": batch.batch_id, "version": ref.version}
    return Decision(facts=(Happened("OrderExported", data),))
