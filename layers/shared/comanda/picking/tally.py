"""What is in a tote against what its order wants: looked at again, scanned into, taken out of. Pure.

A share's units in the tote are those which the order counts as picked by this wave. Whenever the tote is
looked at, the order is asked what of them it still counts (`counted`): what it has lost goes back onto the
shelf, and so do single articles of a bundle that is not wanted any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from comanda.orders.delivery_status import DeliveryStatus, LineWork, Work, work_of
from comanda.orders.model import Order
from comanda.orders.picks import articles
from comanda.orders.vocabulary import GIVEN_UP
from comanda.picking.model import CANCELLED, CHANGED, HELD, Alarm, PutBack, Share, Tote, Units


@dataclass(frozen=True, slots=True)
class Seen:
    """A tote as it stands against its order now. `most`: units of each line that may be in it."""

    tote: Tote
    most: Mapping[str, int]
    work: Work | None

    def room(self, share: Share, sku: str) -> int:
        """How many more articles of a stop are wanted."""
        return self.quantity(share, sku) - share.hand.get(sku, 0)

    def quantity(self, share: Share, sku: str) -> int:
        return self.most[share.line_id] * share.each.get(sku, 0)

    def wanted(self, share: Share) -> bool:
        """Whether the order still wants anything of this line from this delivery order."""
        return not self.tote.gone and share.wanted > 0


def looked_at(tote: Tote, order: Order, at: str) -> Seen:
    """The tote as it is now, with an alarm where something happened to the order that its picker has to know;
    `at` is a stamp."""
    work = next((one for one in work_of(order) if one.delivery.number == tote.delivery), None)
    lines = {one.line.line_id: one for one in work.lines} if work else {}
    shares, most, back = [], {}, []
    for share in (*tote.shares, *_new(tote, lines)):
        settled, surplus = _settled(share, lines.get(share.line_id))
        shares.append(settled)
        most[share.line_id] = settled.units + _to_pick(lines.get(share.line_id))
        back += surplus
    gone = order.lifecycle in GIVEN_UP or work is None or work.status == DeliveryStatus.CANCELLED
    held = bool(order.open_holds) or order.ending is not None
    after = replace(tote, shares=tuple(shares), gone=gone, held=held, quiet=False)
    return Seen(_told(tote, after, tuple(back), at), most, work)


def put_in(share: Share, sku: str, quantity: int) -> Share:
    """The share with so many articles more; whole units that they make count as picked."""
    hand = share.hand | {sku: share.hand.get(sku, 0) + quantity}
    after = replace(share, hand=hand)
    return replace(after, counted=share.counted + after.units - share.units)


def _to_pick(one: LineWork | None) -> int:
    return max(one.to_pick, 0) if one else 0


def _settled(share: Share, one: LineWork | None) -> tuple[Share, list[PutBack]]:
    """The share without what the order has lost, and that."""
    counted = one.own.picked + one.own.shipped if one else 0
    lost = min(max(share.counted - counted, 0), share.units)
    kept = {sku: n - lost * share.each[sku] for sku, n in share.hand.items()}
    whole = replace(share, hand=kept).units + _to_pick(one)
    hand: Units = {sku: min(n, whole * share.each[sku]) for sku, n in kept.items()}
    surplus = [PutBack(share.line_id, sku, n - hand[sku]) for sku, n in share.hand.items() if n > hand[sku]]
    wanted = one.own.quantity if one else 0
    return replace(share, hand=hand, counted=counted, wanted=wanted), surplus


def _new(tote: Tote, lines: Mapping[str, LineWork]) -> list[Share]:
    """Lines that have come to the delivery order, or are all of a tote that is begun."""
    known = {one.line_id for one in tote.shares}
    return [
        Share(
            line_id,
            one.line.sku,
            one.line.name,
            articles(one.line),
            wanted=0,
            counted=one.own.picked + one.own.shipped,
            barcode=one.line.barcode,
        )
        for line_id, one in lines.items()
        if line_id not in known and one.to_pick > 0
    ]


def _told(before: Tote, after: Tote, back: tuple[PutBack, ...], at: str) -> Tote:
    """The alarms with one more for what the picker has to know. A tote that is begun alarms nobody."""
    if not before.shares:
        return after
    wanted = {one.line_id: one.wanted for one in before.shares}
    other = any(one.wanted != wanted.get(one.line_id, 0) for one in after.shares)
    kinds = []
    if after.gone and (back or not before.gone):
        kinds.append(CANCELLED)
    elif back or (other and not before.quiet and not after.gone):
        kinds.append(CHANGED)
    if after.held and not before.held and not after.gone:
        kinds.append(HELD)
    alarms = before.alarms
    for kind in kinds:
        told = back if kind != HELD else ()
        alarms += (Alarm(f"{after.key}.{len(alarms) + 1}", kind, at, told),)
    return replace(after, alarms=alarms)
