"""Scans of a phone, as they come: each counts once for good, whatever is sent twice, late or out of order.

All scans of one order are one commit of it: what they pick, the tote that they fill, and the identity of each
scan are one transaction. What is refused is remembered as well, so that the same scan always has the same
answer. Scans that were counted before the connection broke are answered `already`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import batched

from comanda.crash import crash_point
from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy
from comanda.fulfilment.pick import STEPS, stepped
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.model import Order
from comanda.picking.context import Picking, Who
from comanda.picking.judge import (
    ALREADY,
    CLOSED,
    PICKED,
    Given,
    filled,
    judge,
    made_whole,
    meant,
)
from comanda.picking.look import Looked, look
from comanda.picking.model import Scan
from comanda.picking.stops import Stop
from comanda.picking.store import Closed, Write
from comanda.picking.tally import looked_at

ATTEMPTS = 8
MOST_AT_ONCE = 40  # scans of one order in one transaction, beside the order's own writes and its totes


@dataclass(slots=True)
class Batch:
    """Scans on their way: what has become of each."""

    picking: Picking
    who: Who
    wave_id: str
    done: dict[str, Scan] = field(default_factory=dict)
    before: set[str] = field(default_factory=set)  # had their outcome before this request
    closed: bool = False

    def outcome(self, scan_id: str) -> tuple[str, str]:
        """What is answered: the outcome and the stop."""
        scan = self.done.get(scan_id)
        if scan is None:
            return CLOSED, ""
        counted = scan.outcome == PICKED and scan_id in self.before
        return ALREADY if counted else scan.outcome, scan.stop_id


def scan(picking: Picking, who: Who, wave_id: str, given: Iterable[Given]) -> dict[str, tuple[str, str]]:
    """Count what is new of the scans; answers outcome and stop of each by its id.

    A wave that has ended takes none: `closed`. Raises NotFound, Busy; scans of orders that were committed
    before stay counted, and sending all of them again is right.
    """
    wave, totes = picking.own(who, wave_id)
    fresh = {one.scan_id: one for one in given}  # the same id twice is one scan
    batch = Batch(picking, who, wave_id)
    batch.done = picking.store.scans(wave_id, fresh)
    batch.before = set(batch.done)
    left = [one for scan_id, one in fresh.items() if scan_id not in batch.done]
    if wave.open and left:
        looked = look(picking, wave, totes, "")
        _count(batch, left, looked)
    return {scan_id: batch.outcome(scan_id) for scan_id in fresh}


def _count(batch: Batch, scans: list[Given], looked: Looked) -> None:
    by_order: dict[str, list[tuple[Given, Stop]]] = defaultdict(list)
    refused: list[Scan] = []
    room = {stop.stop_id: stop.room for stop in looked.stops}
    for one in scans:
        found = meant(one, looked.stops, room, batch.picking.known)
        if isinstance(found, str):
            refused.append(Scan(one.scan_id, found, one.stop_id, one.quantity, one.at))
        else:
            room[found.stop_id] -= one.quantity
            by_order[found.order_id].append((one, found))
    try:
        for order_id, mine in by_order.items():
            for part in batched(mine, MOST_AT_ONCE, strict=False):
                _of_order(batch, order_id, part)
                crash_point("order-picked")
        _remember(batch, refused)
    except Closed:
        batch.closed = True


@dataclass(slots=True)
class _Judged:
    """One order's scans as they were judged last."""

    scans: list[Scan] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    known: dict[str, Scan] = field(default_factory=dict)


def _of_order(batch: Batch, order_id: str, scans: Iterable[tuple[Given, Stop]]) -> None:
    """Count scans of one order: one commit. Raises Closed, Busy."""
    mine = list(scans)
    judged = _Judged()

    def decide(loaded: Loaded) -> Decision:
        return _decided(batch, loaded.order, mine, judged)

    for _ in range(ATTEMPTS):
        crash_point("before-order")
        done = batch.picking.desk.run(order_id, decide, batch.who.origin)
        try:
            if not done.changed:  # nothing for the order: refusals, or single articles of a bundle
                batch.picking.store.write(judged.writes)
        except RevisionMoved:
            continue
        batch.before |= judged.known.keys()
        batch.done |= judged.known | {scan.scan_id: scan for scan in judged.scans}
        return
    raise Busy("others keep changing this wave; nothing was written")


def _decided(batch: Batch, order: Order, scans: list[tuple[Given, Stop]], judged: _Judged) -> Decision:
    """What the scans come to now. The tote is read anew with the order: both are judged as they are."""
    picking, wave_id = batch.picking, batch.wave_id
    judged.known = picking.store.scans(wave_id, [one.scan_id for one, _ in scans])
    stored = picking.store.totes(wave_id)
    keys = dict.fromkeys(stop.tote for _, stop in scans)
    seen = {key: looked_at(stored[key][0], order, picking.at) for key in keys}
    totes = {key: now.tote for key, now in seen.items()}
    judged.scans = []
    for one, stop in scans:
        if one.scan_id in judged.known:
            continue
        outcome = judge(order, replace(seen[stop.tote], tote=totes[stop.tote]), one, stop)
        judged.scans.append(Scan(one.scan_id, outcome, stop.stop_id, one.quantity, one.at))
        if outcome == PICKED:
            totes[stop.tote] = filled(totes[stop.tote], one, stop)
    judged.writes = [picking.store.scanned(wave_id, scan) for scan in judged.scans]
    judged.writes += [
        picking.store.changed(wave_id, tote, stored[key][1])
        for key, tote in totes.items()
        if tote != stored[key][0]
    ]
    if judged.scans:
        judged.writes.insert(0, picking.store.active(wave_id, picking.until))
    told = [line for key, tote in totes.items() for line in made_whole(seen[key].tote, tote)]
    if not told:
        return NOTHING
    return stepped(order, STEPS["pick"], told) + Decision(also=tuple(judged.writes))


def _remember(batch: Batch, refused: list[Scan]) -> None:
    """Write what fitted no stop. One that had an outcome meanwhile keeps it."""
    store = batch.picking.store
    for part in batched(refused, MOST_AT_ONCE, strict=False):
        left = list(part)
        for _ in range(ATTEMPTS):
            known = store.scans(batch.wave_id, [one.scan_id for one in left])
            batch.before |= known.keys()
            batch.done |= known
            left = [one for one in left if one.scan_id not in known]
            if not left:
                break
            active = store.active(batch.wave_id, batch.picking.until)
            try:
                store.write([active, *(store.scanned(batch.wave_id, one) for one in left)])
            except RevisionMoved:
                continue
            batch.done |= {one.scan_id: one for one in left}
            break
        else:
            raise Busy("others keep changing this wave; nothing was written")
