"""Take delivery orders as a wave: nobody else has them until it ends or its lease is over."""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass

from comanda.dynamo.transaction import AlreadyDone, RevisionMoved
from comanda.errors import Busy, Invalid, NotFound, WrongState
from comanda.orders.delivery_status import Work
from comanda.picking.context import Picking, Who
from comanda.picking.end import lapse
from comanda.picking.model import Tote, Wave
from comanda.picking.pickable import LOOKED_THROUGH, Pickable, claimed, pickable, waiting
from comanda.picking.store import Taken
from comanda.picking.tally import looked_at
from comanda.settings.sections import Shipping

ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What a picker wants: all of a location, of a carrier, or these delivery orders (`P-000123/1`)."""

    wave_id: str
    by: str  # location | order | carrier
    location: str = ""
    carrier: str = ""
    numbers: tuple[str, ...] = ()
    most: int = 0  # 0: as many as the shop's setting allows

    def fits(self, one: Pickable) -> bool:
        place = not self.location or one.work.delivery.location == self.location
        return place and (not self.carrier or one.carrier == self.carrier)


def take(picking: Picking, who: Who, wish: Wish) -> Wave:
    """Begin a wave; the same `wave_id` again answers the same wave.

    Raises Invalid for delivery orders that there are not, NotFound for somebody else's wave, WrongState
    (`wave-open`, `line-taken`, `nothing-to-pick`, `on-hold`), Busy.
    """
    for attempt in range(ATTEMPTS):
        known = picking.store.wave(wish.wave_id)
        if known is not None:
            if known.picker != who.sub:
                raise NotFound("no such wave of yours")
            return known
        last = picking.store.of_picker(who.sub)
        if last is not None and last.open:
            raise _open(last)
        at = picking.at
        chosen = _chosen(picking, wish, at)
        for one in chosen:
            if one.wave is not None and one.wave.open:
                lapse(picking, one.wave, at)
        wave = _wave(picking, who, wish, chosen, at)
        free = {one.key: one.wave for one in chosen if one.wave}
        try:
            picking.store.begin(wave, [_tote(one, at) for one in chosen], free, last)
        except (Taken, AlreadyDone, RevisionMoved):
            time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 5)))  # noqa: S311 - jitter
            continue
        return wave
    raise Busy("others keep taking the same delivery orders")


def _wave(picking: Picking, who: Who, wish: Wish, chosen: list[Pickable], at: str) -> Wave:
    return Wave(
        wave_id=wish.wave_id,
        picker=who.sub,
        name=who.name,
        by=wish.by,
        created_at=at,
        until=picking.until,
        totes=tuple(one.key for one in chosen),
        location=wish.location,
        carrier=wish.carrier,
    )


def _tote(one: Pickable, at: str) -> Tote:
    work = one.work
    empty = Tote(work.order.order_id, work.delivery.number, work.name, work.delivery.location)
    return looked_at(empty, work.order, at).tote


def _chosen(picking: Picking, wish: Wish, at: str) -> list[Pickable]:
    """What the wave gets: nothing that is held, nothing that somebody has."""
    sections = picking.settings.sections(["fulfilment", "shipping"])
    most = sections["fulfilment"].wave_deliveries
    most = min(wish.most or most, most)
    if wish.by == "order":
        return _named(picking, wish, sections["shipping"], at, most)
    free, _ = waiting(
        picking,
        sections["shipping"],
        lambda one: wish.fits(one) and not one.held and not one.taken(at),
        enough=lambda found: len(found) >= most,
    )
    if not free:
        raise WrongState("nothing-to-pick", "nothing is ready to be picked there that nobody has taken")
    return free[:most]


def _named(picking: Picking, wish: Wish, shipping: Shipping, at: str, most: int) -> list[Pickable]:
    """The delivery orders that were named, all of them; an order's number means all that it has."""
    wanted = dict.fromkeys(number.strip().upper() for number in wish.numbers)
    if not 1 <= len(wanted) <= most:
        raise Invalid.at("/numbers", f"1 to {most} delivery orders")
    found, _ = waiting(
        picking,
        shipping,
        lambda one: bool(_names(one.work) & wanted.keys()),
        enough=lambda found: not _missing(wanted, found),
        orders=LOOKED_THROUGH,  # what is not among them is found by its number
    )
    missing = _missing(wanted, found)
    if missing:  # beyond what was looked through
        ids = picking.by_number([number.rpartition("/")[0] or number for number in missing])
        works = [work for order in picking.orders(set(ids.values())).values() for work in pickable(order)]
        found += claimed([work for work in works if _names(work) & set(missing)], picking, shipping)
        missing = _missing(wanted, found)
    if missing:
        raise WrongState("nothing-to-pick", f"nothing of {', '.join(missing)} is ready to be picked")
    for one in found:
        if one.taken(at) and one.wave:
            raise _taken(one.work.name, one.wave)
        if one.held:
            raise WrongState("on-hold", "the order is on hold")
    return found[:most]


def _names(work: Work) -> set[str]:
    return {work.name.upper(), work.order.number.upper()}


def _missing(wanted: Iterable[str], found: Iterable[Pickable]) -> list[str]:
    told = {name for one in found for name in _names(one.work)}
    return [number for number in wanted if number not in told]


def _taken(number: str, wave: Wave) -> WrongState:
    refused = WrongState("line-taken", f"{number} is being picked by {wave.name}")
    refused.extra |= {"taken_by": wave.name, "number": number}
    return refused


def _open(wave: Wave) -> WrongState:
    refused = WrongState("wave-open", "another wave of yours is open: finish it or give it back first")
    refused.extra |= {"wave_id": wave.wave_id}
    return refused
