"""Policy `backorder`: other units at once from where they are free, the rest waits in the queue."""

from comanda.errors import WrongState
from comanda.fulfilment.short_pick.case import Case, Remedy
from comanda.fulfilment.short_pick.instead import Instead, units_instead
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.mails import mail
from comanda.orders.promise import EVENT as PROMISED


def waiting_for_others(case: Case) -> Remedy:
    """Raises WrongState (`not-counted`) where no stock is counted: nothing of that can wait."""
    uncounted = sorted({one.line.sku for one in case.shares if not one.line.tracked})
    if uncounted:
        raise WrongState("not-counted", f"no stock is counted of {', '.join(uncounted)}: nothing can wait")
    instead = units_instead(case.order, case.taken, case.lost, case.asked.reason, case.desk.stock)
    told = {"found": instead.found} if instead.found else {}
    told |= {"waiting": instead.waiting} if instead.waiting else {}
    more = Decision(moves=instead.moves) + _mail(case.short_id, instead)
    return Remedy(told, more=more, result=_result(instead), shown=bool(instead.waiting))


def _mail(short_id: str, instead: Instead) -> Decision:
    """One word to the customer, about what waits and has a day; without one there is nothing to tell yet."""
    days = [one["promised_at"] for one in instead.waiting if one["promised_at"]]
    if not days:
        return NOTHING
    lines = [one["line_id"] for one in instead.waiting if one["promised_at"]]
    return Decision(effects=(mail(PROMISED, short_id, lines=lines, promised_at=max(days)),))


def _result(instead: Instead) -> dict[str, object]:
    waiting = [
        {"line_id": one["line_id"], "quantity": one["quantity"], "promised_at": one["promised_at"] or None}
        for one in instead.waiting
    ]
    moved = [{"line_id": one["line_id"], "quantity": one["quantity"]} for one in instead.found]
    recount = [{"sku": sku, "location": where, "free": n} for (sku, where), n in instead.free.items()]
    return {"moved": moved, "waiting": waiting, "recount": recount}
