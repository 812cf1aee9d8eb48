"""A picker has seen an alarm, and put back what it names."""

from collections import defaultdict
from dataclasses import replace

from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, NotFound
from comanda.fulfilment.pick import Handful
from comanda.fulfilment.put_back import confirming_put_back
from comanda.fulfilment.units import Wanted
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.model import Order
from comanda.picking.context import Picking, Who
from comanda.picking.model import Alarm, Tote
from comanda.picking.store import Closed, Write

ATTEMPTS = 8


def seen(picking: Picking, who: Who, wave_id: str, alarm_id: str) -> None:
    """Once; seen again, nothing changes. Also in a wave that has ended. What the order notes as still to be
    put back lies on the shelf by that. Raises NotFound, Busy."""
    key = alarm_id.rpartition(".")[0]
    for _ in range(ATTEMPTS):
        wave, totes = picking.own(who, wave_id)
        tote = totes[key][0] if key in totes else None
        alarm = _named(tote, alarm_id)
        if alarm.seen:
            return
        try:
            _acknowledged(picking, who, wave_id, key, alarm_id, active=wave.open)
        except (RevisionMoved, Closed):
            continue
        return
    raise Busy("others keep changing this wave; nothing was written")


def _acknowledged(picking: Picking, who: Who, wave_id: str, key: str, alarm_id: str, *, active: bool) -> None:
    writes: list[Write] = []

    def decide(loaded: Loaded) -> Decision:
        tote, revision = picking.store.totes(wave_id)[key]
        alarm = _named(tote, alarm_id)
        writes[:] = [picking.store.active(wave_id, picking.until)] if active else []
        writes.append(picking.store.changed(wave_id, _seen(tote, alarm_id), revision))
        lies = _noted(loaded.order, tote, alarm)
        if not lies or alarm.seen:
            return NOTHING
        back = confirming_put_back(Handful(lies, tote.delivery))(loaded)
        return back + Decision(also=tuple(writes))

    if not picking.desk.run(key.rpartition(".")[0], decide, who.origin).changed:
        picking.store.write(writes)


def _noted(order: Order, tote: Tote, alarm: Alarm) -> tuple[Wanted, ...]:
    """Whole units that the alarm names, as far as the order notes them as not put back yet."""
    articles: dict[str, dict[str, int]] = defaultdict(dict)
    for one in alarm.put_back:
        articles[one.line_id][one.sku] = one.quantity
    noted = {one.line_id: one.quantity for one in order.put_back if one.delivery == tote.delivery}
    found = []
    for line_id, back in articles.items():
        share = tote.share(line_id)
        units = min(back.get(sku, 0) // each for sku, each in share.each.items()) if share else 0
        if units := min(units, noted.get(line_id, 0)):
            found.append(Wanted(units, line_id=line_id))
    return tuple(found)


def _named(tote: Tote | None, alarm_id: str) -> Alarm:
    alarms = tote.alarms if tote else ()
    found = next((one for one in alarms if one.alarm_id == alarm_id), None)
    if found is None:
        raise NotFound("no such alarm in this wave")
    return found


def _seen(tote: Tote, alarm_id: str) -> Tote:
    alarms = (replace(one, seen=True) if one.alarm_id == alarm_id else one for one in tote.alarms)
    return replace(tote, alarms=tuple(alarms))
