"""Say that units of an order cannot be had where they were to lie, and what becomes of them."""

from typing import Any

from comanda.errors import Forbidden, WrongState
from comanda.fulfilment.pick import written_down
from comanda.fulfilment.short_pick.asked import ShortDesk, ShortPick
from comanda.fulfilment.short_pick.books import corrected
from comanda.fulfilment.short_pick.instead import Instead, Taken, units_instead
from comanda.fulfilment.short_pick.lost import Share, lost_of, shares_of, taken_from
from comanda.orders.decision import NOTHING, Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.holdings import item
from comanda.orders.mails import mail
from comanda.orders.model import Order
from comanda.orders.promise import EVENT as PROMISED
from comanda.stock.model import Move


def short_picking(asked: ShortPick, desk: ShortDesk, origin: Origin, *, may_choose: bool) -> Decide:
    """The decision that units are missing, damaged or misplaced.

    They leave the books of their shelf, and the order. Others are allocated in their place from where they
    are free; the rest waits in the queue, as old as its order, and the customer is told the day if there is
    one. `may_choose`: whether the caller may name a policy (a picker may not).

    `result`: `{short_id, policy, lines: [{delivery, line_id, quantity}], moved: [{line_id, location,
    quantity}], waiting: [{line_id, quantity, promised_at}], recount: [{sku, location, free}]}`.

    Raises Forbidden, WrongState (`not-enough-to-pick`, `not-counted`), AmbiguousLine, Invalid.
    """
    if asked.policy and not may_choose:
        raise Forbidden("what becomes of units that are not found is the shop's to decide")

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        if asked.short_id and desk.seen(order.order_id, f"short:{asked.short_id}"):
            return Decision(result={"short_id": asked.short_id})
        check("short-pick", order)
        shares = shares_of(order, asked)
        uncounted = sorted({one.line.sku for one in shares if not one.line.tracked})
        if uncounted:
            raise WrongState(
                "not-counted", f"no stock is counted of {', '.join(uncounted)}: nothing can wait"
            )
        return written_down(order) + _short(order, shares, asked, desk, origin)

    return decide


def _short(order: Order, shares: list[Share], asked: ShortPick, desk: ShortDesk, origin: Origin) -> Decision:
    short_id = asked.short_id or f"s{order.facts + 1}"
    taken, lost = taken_from(shares), lost_of(shares)
    instead = units_instead(order, taken, lost, asked.reason, desk.stock)
    told: dict[str, Any] = {
        "short_id": short_id,
        "reason": asked.reason,
        "policy": "backorder",
        "lines": [_line(one) for one in shares],
        "taken": [item(line, units, picks) for line, units, picks in taken],
        "of": [[one.number, one.line.line_id, one.units] for one in shares],
        "lost": [list(pick) for pick in lost],
    }
    picked = [[one.number, one.line.line_id, one.picked] for one in shares if one.picked]
    told |= {"picked": picked} if picked else {}
    told |= {"found": instead.found} if instead.found else {}
    told |= {"waiting": instead.waiting} if instead.waiting else {}
    noted = _noted(short_id, asked.note, desk)
    told |= {"personal": {name: text.digest for name, text in noted.items()}} if noted else {}
    fact = Happened("LinesShortPicked", told, "customer" if instead.waiting else "internal")
    made = Decision(
        facts=(fact,),
        moves=(*_given_up(taken), *instead.moves),
        personal=noted,
        identities=(f"short:{asked.short_id}",) if asked.short_id else (),
        result=_result(short_id, shares, instead),
    )
    books = corrected(order, lost, -1, asked.reason, desk, origin)
    return made + books + _mail(short_id, instead)


def _line(one: Share) -> dict[str, Any]:
    told = {"line_id": one.line.line_id, "sku": one.line.sku, "quantity": one.units, "location": one.location}
    return told | ({"article": one.article} if one.article else {})


def _given_up(taken: list[Taken]) -> list[Move]:
    return [
        Move(sku, location, allocated=-units, shard=shard, again=True)
        for _, _, picks in taken
        for sku, location, shard, units in picks
    ]


def _noted(short_id: str, note: str, desk: ShortDesk) -> dict[str, Sealed]:
    """Free text may name people, so it is personal."""
    return {f"note:short-{short_id}": Sealed(note.strip(), desk.new_id())} if note.strip() else {}


def _mail(short_id: str, instead: Instead) -> Decision:
    """One word to the customer, about what waits and has a day; without one there is nothing to tell yet."""
    days = [one["promised_at"] for one in instead.waiting if one["promised_at"]]
    if not days:
        return NOTHING
    lines = [one["line_id"] for one in instead.waiting if one["promised_at"]]
    return Decision(effects=(mail(PROMISED, short_id, lines=lines, promised_at=max(days)),))


def _result(short_id: str, shares: list[Share], instead: Instead) -> dict[str, Any]:
    lines = [{"delivery": s.number, "line_id": s.line.line_id, "quantity": s.units} for s in shares]
    waiting = [
        {"line_id": one["line_id"], "quantity": one["quantity"], "promised_at": one["promised_at"] or None}
        for one in instead.waiting
    ]
    moved = [{"line_id": one["line_id"], "quantity": one["quantity"]} for one in instead.found]
    recount = [{"sku": sku, "location": where, "free": n} for (sku, where), n in instead.free.items()]
    return {
        "short_id": short_id,
        "policy": "backorder",
        "lines": lines,
        "moved": moved,
        "waiting": waiting,
        "recount": recount,
    }
