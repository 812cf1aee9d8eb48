"""Take a scan back: its article goes back onto the shelf, and the order counts it no more."""

from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, NotFound, WrongState
from comanda.fulfilment.pick import STEPS, Handful, stepped, taken
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.guards import check
from comanda.orders.model import Order
from comanda.picking.context import Picking, Who
from comanda.picking.end import closed
from comanda.picking.judge import PICKED
from comanda.picking.model import Scan, Share, Tote, stop_parts
from comanda.picking.store import Closed, Write
from comanda.picking.tally import looked_at, put_in

ATTEMPTS = 8


def undo(picking: Picking, who: Who, wave_id: str, scan_id: str, undo_id: str) -> None:
    """Once for good: the same `undo_id` again changes nothing.

    Raises NotFound, WrongState (`wave-closed`, `scan-not-counted`, `not-picked` for what is packed), Busy.
    """
    wave, _ = picking.own(who, wave_id)
    for _ in range(ATTEMPTS):
        scan = picking.store.scans(wave_id, [scan_id]).get(scan_id)
        if scan is None:
            raise NotFound("no such scan in this wave")
        if scan.undone == undo_id:
            return
        if scan.outcome != PICKED or scan.undone:
            raise WrongState("scan-not-counted", "this scan does not count, or was taken back before")
        if not wave.open:
            raise closed(wave)
        try:
            _taken_back(picking, who, wave_id, scan, undo_id)
        except RevisionMoved:
            continue
        except Closed:
            wave = picking.own(who, wave_id)[0]
            continue
        return
    raise Busy("others keep changing this wave; nothing was written")


def _taken_back(picking: Picking, who: Who, wave_id: str, scan: Scan, undo_id: str) -> None:
    """One transaction of order, tote and scan. Raises RevisionMoved, Closed, what the order refuses."""
    key, line_id, sku = stop_parts(scan.stop_id) or ("", "", "")
    writes: list[Write] = []

    def decide(loaded: Loaded) -> Decision:
        again = picking.store.scans(wave_id, [scan.scan_id])[scan.scan_id]
        if again.undone:
            raise RevisionMoved("taken back by somebody else")
        tote, revision = picking.store.totes(wave_id)[key]
        now = looked_at(tote, loaded.order, picking.at).tote
        share = now.share(line_id)
        if share is None or share.hand.get(sku, 0) < scan.quantity:
            raise WrongState("scan-not-counted", "this scan does not count, or was taken back before")
        less = put_in(share, sku, -scan.quantity)
        writes[:] = [
            picking.store.active(wave_id, picking.until),
            picking.store.taken_back(wave_id, scan, undo_id),
            picking.store.changed(wave_id, now.having(less), revision),
        ]
        return _unpicked(loaded.order, now, share, less, writes)

    done = picking.desk.run(key.rpartition(".")[0], decide, who.origin)
    if not done.changed:
        picking.store.write(writes)


def _unpicked(order: Order, tote: Tote, before: Share, after: Share, writes: list[Write]) -> Decision:
    """Whole units that are no longer whole go back; single articles of a bundle concern the tote alone."""
    units = before.units - after.units
    if not units:
        return NOTHING
    check("undo-pick", order)
    handful = Handful((Wanted(units, line_id=before.line_id),), tote.delivery)
    told = taken(order, STEPS["undo-pick"], handful)
    return stepped(order, STEPS["undo-pick"], told) + Decision(also=tuple(writes))
