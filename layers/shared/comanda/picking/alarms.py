"""A picker has seen an alarm, and put back what it names."""

from dataclasses import replace

from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, NotFound
from comanda.picking.context import Picking, Who
from comanda.picking.model import Tote
from comanda.picking.store import Closed

ATTEMPTS = 8


def seen(picking: Picking, who: Who, wave_id: str, alarm_id: str) -> None:
    """Once; seen again, nothing changes. Also in a wave that has ended. Raises NotFound, Busy."""
    for _ in range(ATTEMPTS):
        wave, totes = picking.own(who, wave_id)
        key = alarm_id.rpartition(".")[0]
        tote, revision = totes.get(key, (None, 0))
        alarm = next((one for one in tote.alarms if one.alarm_id == alarm_id), None) if tote else None
        if tote is None or alarm is None:
            raise NotFound("no such alarm in this wave")
        if alarm.seen:
            return
        writes = [picking.store.changed(wave_id, _seen(tote, alarm_id), revision)]
        if wave.open:
            writes.insert(0, picking.store.active(wave_id, picking.until))
        try:
            picking.store.write(writes)
        except (RevisionMoved, Closed):
            continue
        return
    raise Busy("others keep changing this wave; nothing was written")


def _seen(tote: Tote, alarm_id: str) -> Tote:
    alarms = (replace(one, seen=True) if one.alarm_id == alarm_id else one for one in tote.alarms)
    return replace(tote, alarms=tuple(alarms))
