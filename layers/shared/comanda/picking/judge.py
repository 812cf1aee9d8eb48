"""What a scan comes to: which stop it is for, whether it counts, what it makes whole. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comanda.errors import WrongState
from comanda.fulfilment.pick import Told
from comanda.orders.guards import check
from comanda.orders.model import Order
from comanda.picking.codes import fits
from comanda.picking.model import Share, Tote, stop_parts
from comanda.picking.stops import Stop
from comanda.picking.tally import Seen, put_in

PICKED, ALREADY, UNKNOWN, WRONG, OVER = "picked", "already", "unknown_code", "wrong_item", "over_scan"
CANCELLED, HELD, CLOSED = "cancelled", "held", "closed"


@dataclass(frozen=True, slots=True)
class Given:
    """What a phone sends: the code as it was read, with a stop if one was chosen; `at` by its clock."""

    scan_id: str
    code: str
    stop_id: str = ""
    quantity: int = 1
    at: str = ""


def meant(
    one: Given, stops: Iterable[Stop], room: dict[str, int], known: Callable[[str], bool]
) -> Stop | str:
    """The stop that a scan is for, or why it is for none. Without a stop the first on the walk that bears the
    code and has room. `room` is what each stop still takes; `known` tells whether a code is of the shop's."""
    bearing = [stop for stop in stops if fits(one.code, stop.codes)]
    if not bearing:
        return WRONG if known(one.code) else UNKNOWN
    if one.stop_id:
        return next((stop for stop in bearing if stop.stop_id == one.stop_id), WRONG)
    ready = [stop for stop in bearing if stop.state == "open"]
    roomy = [stop for stop in ready if room[stop.stop_id] >= one.quantity]
    alive = [stop for stop in bearing if stop.state != CANCELLED]
    return (roomy or ready or alive or bearing)[0]


def judge(order: Order, seen: Seen, one: Given, stop: Stop) -> str:
    """The outcome of a scan for this stop, with the order and its tote as they are now."""
    share = _share(seen.tote, stop)
    if share is None or not seen.wanted(share):
        return CANCELLED
    try:
        check("pick", order)
    except WrongState:
        return HELD
    return PICKED if one.quantity <= seen.room(share, stop.sku) else OVER


def filled(tote: Tote, one: Given, stop: Stop) -> Tote:
    """The tote with what was scanned in it."""
    share = _share(tote, stop)
    return tote.having(put_in(share, stop.sku, one.quantity)) if share else tote


def _share(tote: Tote, stop: Stop) -> Share | None:
    parts = stop_parts(stop.stop_id)
    return tote.share(parts[1]) if parts else None


def made_whole(before: Tote, after: Tote) -> Told:
    """Whole units of lines that the scans have made, as a fact tells them."""
    units = {share.line_id: share.units for share in before.shares}
    return [
        [after.delivery, share.line_id, share.units - units.get(share.line_id, 0)]
        for share in after.shares
        if share.units > units.get(share.line_id, 0)
    ]
