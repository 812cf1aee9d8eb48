"""End a wave: finished by its picker, given back, taken away by staff, or over because its lease is."""

from dataclasses import replace

from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, NotFound, WrongState
from comanda.picking.context import Picking, Who
from comanda.picking.model import CHANGED, FINISHED, RELEASED, Alarm, PutBack, Tote, Wave
from comanda.picking.store import Closed, Write

ATTEMPTS = 8


def finish(picking: Picking, who: Who, wave_id: str) -> Wave:
    """What is whole stays picked, what is open is given back. Raises NotFound, WrongState (`wave-closed`)."""
    return _ended(picking, picking.own(who, wave_id)[0], FINISHED, who.origin.actor)


def release(picking: Picking, who: Who, wave_id: str) -> Wave:
    """Give all of it back; picked units stay picked. Raises NotFound, WrongState (`wave-closed`)."""
    return _ended(picking, picking.own(who, wave_id)[0], RELEASED, who.origin.actor)


def take_away(picking: Picking, actor: str, wave_id: str) -> Wave:
    """Staff end somebody's wave. Raises NotFound, WrongState (`wave-closed` for a finished one)."""
    wave = picking.store.wave(wave_id)
    if wave is None:
        raise NotFound("no such wave")
    return _ended(picking, wave, RELEASED, actor)


def lapse(picking: Picking, wave: Wave, at: str) -> None:
    """End a wave whose lease is over, unless something is done in it at this moment."""
    _close(picking, wave, RELEASED, at, "system:lease", lapsed=True)


def _ended(picking: Picking, wave: Wave, state: str, by: str) -> Wave:
    """The wave once it has ended like that; asked again, nothing happens."""
    if wave.open:
        _close(picking, wave, state, picking.at, by)
        wave = picking.store.wave(wave.wave_id) or wave
    if wave.state != state:
        raise closed(wave)
    return wave


def closed(wave: Wave) -> WrongState:
    if wave.state == FINISHED:
        return WrongState("wave-closed", "this wave is finished")
    return WrongState("wave-closed", "this wave was given back or taken away")


def _close(picking: Picking, wave: Wave, state: str, at: str, by: str, *, lapsed: bool = False) -> None:
    """Close it if it is open; single articles of bundles that did not become whole go back."""
    for _ in range(ATTEMPTS):
        totes = picking.store.totes(wave.wave_id)
        over = [(tote, _emptied(tote, at), revision) for tote, revision in totes.values()]
        writes: list[Write] = [picking.store.ended(wave, state, at, by, lapsed=lapsed)]
        writes += [
            picking.store.changed(wave.wave_id, after, revision)
            for before, after, revision in over
            if after != before
        ]
        try:
            picking.store.write(writes)
        except RevisionMoved:
            continue
        except Closed:
            pass
        return
    raise Busy("others keep changing this wave; nothing was written")


def _emptied(tote: Tote, at: str) -> Tote:
    back = [
        PutBack(share.line_id, sku, n - share.units * share.each[sku])
        for share in tote.shares
        for sku, n in share.hand.items()
        if n > share.units * share.each[sku]
    ]
    if not back:
        return tote
    shares = tuple(
        replace(share, hand={sku: share.units * share.each[sku] for sku in share.hand})
        for share in tote.shares
    )
    alarm = Alarm(f"{tote.key}.{len(tote.alarms) + 1}", CHANGED, at, tuple(back))
    return replace(tote, shares=shares, alarms=(*tote.alarms, alarm))
