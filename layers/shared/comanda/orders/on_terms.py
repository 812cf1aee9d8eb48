"""Orders that a business pays later: what they owe, and how the checkout and every command keep count."""

from dataclasses import replace
from typing import Any, Protocol

from comanda.customers.open_account import CreditTerms
from comanda.orders.course import Course
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.derive import amount_due
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order, Terms
from comanda.orders.vocabulary import UNPLACED, HoldReason, Lifecycle, Method
from comanda.times import later

# A provider takes its money at once, and an order request asks for none.
METHODS = frozenset({Method.BANK_TRANSFER, Method.CHEQUE})
DAY = 86_400


class Accounts(Protocol):
    """Where it is kept what customers owe."""

    def owe(self, tx: Any, customer_id: str, by: int, limit: int | None = None) -> None: ...


def on_terms(terms: Terms, credit: CreditTerms | None, method: Method, at: str) -> Terms:
    """The order's terms: goods first, money by the due date, which is also when it is asked for. An
    order on credit neither loses its units nor is cancelled for want of money."""
    if credit is None or method not in METHODS:
        return terms
    due = later(at, credit.net_days * DAY)
    return replace(
        terms,
        on_credit=True,
        due_at=due,
        remind_at=due,
        reminders=(),
        pay_by="",
        hold_seconds=0,
        ship_before_payment=True,
    )


def owed(order: Order | None) -> int:
    """What is still to be paid on terms, in minor units."""
    over = (Lifecycle.CANCELLED, Lifecycle.EXPIRED, *UNPLACED)
    if order is None or not order.terms.on_credit or order.lifecycle in over:
        return 0
    return max(amount_due(order), 0)


def opening(
    order: Order, credit: CreditTerms | None, accounts: Accounts, *, held: bool, spent: int = 0
) -> Decision:
    """What placing adds to the account, beside what store credit and gift cards have `spent` on it.

    `held`: beyond the limit, as the setting wants, with a hold.
    """
    by = max(owed(order) - spent, 0)
    if credit is None or not by:
        return NOTHING
    limit = None if held else credit.limit
    written = Decision(also=(lambda tx: accounts.owe(tx, order.customer_id, by, limit),))
    if not held:
        return written
    hold = Hold("h-credit", HoldReason.CREDIT_LIMIT, order.created_at, "system")
    return written + Decision(facts=(Happened("HoldOpened", {"hold": hold.to_dict()}),))


def following(course: Course, after: Order, accounts: Accounts | None) -> Decision:
    """Every later change of what is owed, in its own transaction; a new account takes it over."""
    before = course.before
    if accounts is None or before is None:
        return NOTHING
    moves = {before.customer_id: -owed(before)}
    moves[after.customer_id] = moves.get(after.customer_id, 0) + owed(after)
    writes = [(customer_id, by) for customer_id, by in moves.items() if by]
    return Decision(also=tuple(_writing(accounts, customer_id, by) for customer_id, by in writes))


def _writing(accounts: Accounts, customer_id: str, by: int) -> Any:
    return lambda tx: accounts.owe(tx, customer_id, by)
