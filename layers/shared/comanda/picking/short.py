"""A picker does not find what a stop names: the order goes on as the shop has settled."""

from dataclasses import dataclass, replace

from comanda.errors import Invalid, WrongState
from comanda.fulfilment.short_pick import ShortPick, ShortUnits, short_picking
from comanda.fulfilment.short_pick.asked import Reason
from comanda.orders.decision import Decision, Loaded
from comanda.picking.context import Picking, Totes, Who
from comanda.picking.end import closed
from comanda.picking.model import Share, Tote, stop_parts
from comanda.picking.store import Closed
from comanda.picking.tally import looked_at


@dataclass(frozen=True, slots=True)
class Lacking:
    """Articles of a stop that are not there. `short_id` is the caller's own: it happens once for good."""

    short_id: str
    stop_id: str
    quantity: int
    reason: Reason


def short(picking: Picking, who: Who, wave_id: str, lacking: Lacking) -> None:
    """Raises NotFound, Invalid for a stop that the wave has not, WrongState (`wave-closed`,
    `not-enough-to-pick`, and what short-pick is refused with), Busy."""
    wave, totes = picking.own(who, wave_id)
    key, line_id, sku = _stop(totes, lacking)

    def decide(loaded: Loaded) -> Decision:
        tote, revision = picking.store.totes(wave_id)[key]
        seen = looked_at(tote, loaded.order, picking.at)
        share = seen.tote.share(line_id)
        if share is None or sku not in share.each:
            raise Invalid.at("/stop_id", "the wave has no such stop")
        decision = short_picking(
            _asked(seen.tote, share, sku, lacking), picking.short, who.origin, may_choose=False
        )(loaded)
        if not decision.facts:  # said before
            return decision
        if lacking.quantity > seen.room(share, sku):
            why = f"{sku}: {lacking.quantity} told missing, {max(seen.room(share, sku), 0)} still to fetch"
            raise WrongState("not-enough-to-pick", why)
        told = share.short | {sku: share.short.get(sku, 0) + lacking.quantity}
        after = replace(seen.tote.having(replace(share, short=told)), quiet=True)
        writes = (
            picking.store.active(wave_id, picking.until),
            picking.store.changed(wave_id, after, revision),
        )
        return decision + Decision(also=writes)

    try:
        picking.desk.run(key.rpartition(".")[0], decide, who.origin)
    except Closed as error:
        raise closed(picking.store.wave(wave_id) or wave) from error


def _stop(totes: Totes, lacking: Lacking) -> tuple[str, str, str]:
    parts = stop_parts(lacking.stop_id)
    if parts is None or parts[0] not in totes:
        raise Invalid.at("/stop_id", "the wave has no such stop")
    return parts


def _asked(tote: Tote, share: Share, sku: str, lacking: Lacking) -> ShortPick:
    """Of a bundle so many units fall short as lack the article."""
    units = -(-lacking.quantity // share.each[sku])
    article = "" if sku == share.sku else sku
    line = ShortUnits(units, line_id=share.line_id, article=article)
    return ShortPick((line,), lacking.reason, tote.delivery, short_id=lacking.short_id)
