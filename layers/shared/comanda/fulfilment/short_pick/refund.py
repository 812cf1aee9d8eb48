"""Policy `refund`: the order does without the units, and what was paid for them goes back."""

from typing import Any

from comanda.fulfilment.short_pick.case import Case, Remedy
from comanda.orders import ending
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import amount_due
from comanda.orders.edits.do_without import doing_without
from comanda.orders.edits.money import asking_anew, check_money, difference
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.mails import mail
from comanda.orders.model import Ending
from comanda.orders.refunds import NOT_FOUND, Plan, carrying_out, granting, refundable
from comanda.orders.wire import money

REASON = "out_of_stock"  # why an order ends of which nothing is left


def doing_without_them(case: Case) -> Remedy:
    """The lines fall by the units, each with its share of tax and discount. Money that is here for them is
    granted and carried out, the way it was paid; what is not paid is not asked for. An order of which nothing
    is left is cancelled.

    Raises WrongState (`payment-under-way`).
    """
    outcome = doing_without(case.order, case.units)
    return _nothing_left(case) if outcome is None else settled(case, outcome)


def settled(case: Case, outcome: Outcome, **mailed: Any) -> Remedy:
    """The order comes to `outcome`: what that means for its money, and the one mail (with `mailed` beside).

    Raises WrongState (`payment-under-way`).
    """
    check_money(case.order, outcome)
    granted, told = _money_back(case, outcome)
    asked = asking_anew(case.loaded, outcome, case.origin.at)
    data = {"outcome": outcome.to_dict()} | ({"refund_id": told["refund_id"]} if told else {})
    result = {"difference": difference(case.order, outcome), "refund": told or None, "cancelled": False}
    amount = told["amount"]["amount"] if told else 0
    more = granted + asked + _edited(case, amount, **mailed)
    return Remedy(data, more=more, result=result, shown=True)


def _money_back(case: Case, outcome: Outcome) -> tuple[Decision, dict[str, Any]]:
    """What was paid for what the order loses by `outcome`: granted, and begun as far as providers do it. What
    people pay back by hand waits for them."""
    order = case.order
    over = min(order.totals.total - outcome.totals.total, -amount_due(applied(order, outcome)))
    amount = min(over, refundable(order))
    if amount <= 0:
        return NOTHING, {}
    granted, grant, parts = granting(order, Plan(amount), case.origin.at, reason=NOT_FOUND)
    begun, _ = carrying_out(order, grant, parts, case.origin.at, by_hand=False)
    return granted + begun, {"refund_id": grant.grant, "amount": money(amount, order.currency)}


def _edited(case: Case, amount: int, **more: Any) -> Decision:
    """The one mail that tells of it: what came off, what the order comes to, what goes back."""
    gone = [[one.line.name, one.units] for one in case.shares]
    return Decision(effects=(mail("order_edited", case.short_id, gone=gone, amount=amount, **more),))


def _nothing_left(case: Case) -> Remedy:
    """It ends as staff would end it; until open attempts to pay are stopped its units count as waiting."""
    waiting = [
        {"line_id": line_id, "quantity": units, "promised_at": "", "before": ""}
        for line_id, units in case.units.items()
        if any(one.line.line_id == line_id and one.line.tracked for one in case.shares)
    ]
    end = Ending("cancelled", REASON, case.origin.actor)
    result = {"difference": None, "refund": None, "cancelled": True}
    told = {"waiting": waiting} if waiting else {}
    return Remedy(told | {"ended": True}, more=ending.ask(case.order, end), result=result)
