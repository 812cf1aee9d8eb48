"""A wave as its orders stand now, with the alarms that follow from that."""

from dataclasses import dataclass

from comanda.dynamo.transaction import RevisionMoved
from comanda.picking.context import Picking, Totes
from comanda.picking.model import Wave
from comanda.picking.stops import Stop, stops_of
from comanda.picking.tally import Seen, looked_at

KEPT_TRIES = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """A wave, its totes against their orders by key, and its stops in the order of the walk."""

    wave: Wave
    seen: dict[str, Seen]
    stops: tuple[Stop, ...]


def look(picking: Picking, wave: Wave, totes: Totes, language: str) -> Looked:
    """Read its orders and goods. What has happened to an order is kept as an alarm, so that it is told once
    and stays until it is acknowledged; a wave that has ended is shown as it was left."""
    seen = seen_now(picking, wave, totes)
    if wave.open:
        for _ in range(KEPT_TRIES):
            if _kept(picking, wave, seen, totes):
                break
            totes = picking.store.totes(wave.wave_id)
            seen = seen_now(picking, wave, totes)
    return Looked(wave, seen, stops_of(seen.values(), picking.shelf, language))


def seen_now(picking: Picking, wave: Wave, totes: Totes) -> dict[str, Seen]:
    orders = picking.orders({tote.order_id for tote, _ in totes.values()})
    at = picking.at
    found = {}
    for key in wave.totes:
        tote = totes[key][0]
        if tote.order_id in orders:  # an order that was purged has nothing to pick
            now = looked_at(tote, orders[tote.order_id], at)
            found[key] = now if wave.open else Seen(tote, now.most, now.work)
    return found


def _kept(picking: Picking, wave: Wave, seen: dict[str, Seen], totes: Totes) -> bool:
    writes = [
        picking.store.changed(wave.wave_id, now.tote, totes[key][1])
        for key, now in seen.items()
        if now.tote != totes[key][0]
    ]
    try:
        picking.store.write(writes)
    except RevisionMoved:
        return False
    return True
