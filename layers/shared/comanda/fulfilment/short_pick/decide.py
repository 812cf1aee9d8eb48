"""Say that units of an order cannot be had where they were to lie, and what becomes of them."""

from collections.abc import Callable
from typing import Any

from comanda.errors import Forbidden, Invalid
from comanda.fulfilment.pick import written_down
from comanda.fulfilment.short_pick.asked import ShortDesk, ShortPick
from comanda.fulfilment.short_pick.backorder import waiting_for_others
from comanda.fulfilment.short_pick.books import corrected
from comanda.fulfilment.short_pick.case import Case, Remedy
from comanda.fulfilment.short_pick.lost import Share, shares_of
from comanda.fulfilment.short_pick.refund import doing_without_them
from comanda.fulfilment.short_pick.substitute import replacing_them
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check
from comanda.orders.holdings import item
from comanda.stock.model import Move

REMEDIES: dict[str, Callable[[Case], Remedy]] = {
    "backorder": waiting_for_others,
    "refund": doing_without_them,
    "substitute": replacing_them,
}
NOTHING_BECAME: dict[str, Any] = {
    "moved": [],
    "waiting": [],
    "recount": [],
    "replaced": [],
    "difference": None,
    "refund": None,
    "cancelled": False,
}


def short_picking(asked: ShortPick, desk: ShortDesk, origin: Origin, *, may_choose: bool) -> Decide:
    """The decision that units are missing, damaged or misplaced.

    They leave the books of their shelf, and the order; the policy says what becomes of that. `may_choose`:
    whether the caller may name one (a picker may not).

    `result`: `{short_id, policy, lines: [{delivery, line_id, quantity}], moved: [{line_id, quantity}],
    waiting: [{line_id, quantity, promised_at}], recount: [{sku, location, free}], replaced: [{line_id, sku,
    quantity, of}], difference, refund: {refund_id, amount} or None, cancelled}`; `policy` is the one that was
    followed.

    Raises Forbidden, WrongState (`not-enough-to-pick`, `not-counted`, `payment-under-way`), AmbiguousLine,
    Invalid.
    """
    if (asked.policy or asked.substitute) and not may_choose:
        raise Forbidden("what becomes of units that are not found is the shop's to decide")

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        if asked.short_id and desk.seen(order.order_id, f"short:{asked.short_id}"):
            return Decision(result={"short_id": asked.short_id})
        check("short-pick", order)
        short_id = asked.short_id or f"s{order.facts + 1}"
        case = Case(loaded, asked, shares_of(order, asked), short_id, desk, origin)
        policy = asked.policy or desk.rules().policy
        if asked.substitute and policy != "substitute":
            raise Invalid.at("/substitute", f"the policy is {policy}: nothing takes the place of the units")
        remedy = REMEDIES[policy](case)
        followed = remedy.policy or policy
        return written_down(order) + remedy.before + _short(case, followed, remedy) + remedy.more

    return decide


def _short(case: Case, policy: str, remedy: Remedy) -> Decision:
    """The fact, the books, and what the caller hears."""
    told: dict[str, Any] = {
        "short_id": case.short_id,
        "reason": case.asked.reason,
        "policy": policy,
        "lines": [_line(one) for one in case.shares],
        "taken": [item(line, units, picks) for line, units, picks in case.taken],
        "of": [[one.number, one.line.line_id, one.units] for one in case.shares],
        "lost": [list(pick) for pick in case.lost],
    }
    picked = [[one.number, one.line.line_id, one.picked] for one in case.shares if one.picked]
    told |= ({"picked": picked} if picked else {}) | remedy.told
    noted = _noted(case)
    told |= {"personal": {name: text.digest for name, text in noted.items()}} if noted else {}
    lines = [{"delivery": s.number, "line_id": s.line.line_id, "quantity": s.units} for s in case.shares]
    result = {"short_id": case.short_id, "policy": policy, "lines": lines}
    made = Decision(
        facts=(Happened("LinesShortPicked", told, "customer" if remedy.shown else "internal"),),
        moves=_given_up(case),
        personal=noted,
        identities=(f"short:{case.asked.short_id}",) if case.asked.short_id else (),
        result=result | NOTHING_BECAME | remedy.result,
    )
    return made + corrected(case.order, case.lost, -1, case.asked.reason, case.desk, case.origin)


def _line(one: Share) -> dict[str, Any]:
    told = {"line_id": one.line.line_id, "sku": one.line.sku, "quantity": one.units, "location": one.location}
    return told | ({"article": one.article} if one.article else {})


def _given_up(case: Case) -> tuple[Move, ...]:
    return tuple(
        Move(sku, location, allocated=-units, shard=shard, again=True)
        for _, _, picks in case.taken
        for sku, location, shard, units in picks
    )


def _noted(case: Case) -> dict[str, Sealed]:
    """Free text may name people, so it is personal."""
    note = case.asked.note.strip()
    return {f"note:short-{case.short_id}": Sealed(note, case.desk.new_id())} if note else {}
