"""The waves of all pickers, as staff see them: who, what, how far."""

from typing import Any

from comanda.picking.answer import head_answer, progress
from comanda.picking.context import Picking
from comanda.picking.look import seen_now
from comanda.picking.model import Wave
from comanda.picking.stops import stops_of

MOST = 100  # of the newest waves are looked at


def waves(picking: Picking, *, ended: bool = False) -> list[dict[str, Any]]:
    """Open waves, the newest first, with `ended` those that ended lately too. `lapsed`: the lease is over, so
    that anybody may take what it has; `alarms` counts those that nobody has acknowledged."""
    return [told(picking, wave) for wave in picking.store.recent(MOST) if ended or wave.open]


def told(picking: Picking, wave: Wave) -> dict[str, Any]:
    totes = picking.store.totes(wave.wave_id)
    seen = seen_now(picking, wave, totes)
    alarms = [alarm for now in seen.values() for alarm in now.tote.alarms if not alarm.seen]
    return head_answer(wave) | {
        "lapsed": wave.lapsed(picking.at),
        "ended_at": wave.ended_at or None,
        "deliveries": [{"order_id": now.tote.order_id, "number": now.tote.number} for now in seen.values()],
        "alarms": len(alarms),
        "progress": progress(stops_of(seen.values(), picking.shelf, "")),
    }
