"""A payment that staff had confirmed comes back: a cheque bounces, a bank returns a transfer; and the
undoing of that. The order then waits for its money anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.errors import WrongState
from comanda.ids import NewId
from comanda.orders.asking import anew
from comanda.orders.balance import BOUNCED
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.derive import ended
from comanda.orders.desk import Decide
from comanda.orders.ending import over
from comanda.orders.guards import check
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL
from comanda.orders.vocabulary import HoldReason
from comanda.payments.book import Book
from comanda.payments.reversals import doubt_too_much
from comanda.payments.which import by_hand, payment_named
from comanda.settings.sections import PaymentMethod


@dataclass(frozen=True, slots=True)
class Bounce:
    """`reason` is a code, `note` the words beside it, which are personal. Without `payment_id` the only
    payment by hand is meant. `notify`: the customer is asked for the money again."""

    reason: str
    payment_id: str = ""
    note: str = ""
    notify: bool = True


def bouncing(asked: Bounce, rules: Callable[[str], PaymentMethod], at: str, new_id: NewId) -> Decide:
    """Take a confirmed payment out of what was paid, ask for it anew by the deadlines of `rules`,
    and hold the order until nothing is due. `result.payment_id` names the payment.

    Raises Invalid, and WrongState when no payment by hand stands or a refund of it is granted.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("bounce", order)
        payment = payment_named(by_hand(order, "ok"), asked.payment_id)
        _not_granted(order, payment)
        book = Book(order, at)
        entry = book.turned(payment, BOUNCED, reason=asked.reason)
        terms = {} if over(order) or ended(order) else deadlines(order, rules(order.method), at)
        told: dict[str, Any] = {"terms": terms, "notify": asked.notify}
        book.write("PaymentBounced", entry, *_attempt(book, payment), visible=True, **told)
        note = Sealed(asked.note.strip(), new_id()) if asked.note.strip() else None
        book.hold(HoldReason.PAYMENT_BOUNCED, f"{payment.entry_id}: {asked.reason}", note)
        doubt_too_much(book)
        result = {"payment_id": payment.entry_id, "amount": _money(payment)}
        return book.decision() + Decision(result=result)

    return decide


def undoing_bounce(payment_id: str, at: str) -> Decide:
    """The payment stands after all. Raises Invalid, and WrongState when none has come back."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-bounce", order)
        payment = payment_named(by_hand(order, BOUNCED), payment_id)
        book = Book(order, at)
        attempt = book.found("intent", MANUAL, payment.parent) if payment.parent else None
        again = attempt is not None and (attempt.status, attempt.reason) == ("failed", BOUNCED)
        also = [book.turned(attempt, "ok", reason="")] if attempt and again else []
        entry = book.turned(payment, "ok", reason="")
        book.write("PaymentBounceUndone", entry, *also, visible=True)
        result = {"payment_id": payment.entry_id, "amount": _money(payment)}
        return book.decision() + Decision(result=result)

    return decide


def _attempt(book: Book, payment: Entry) -> list[Entry]:
    """The attempt that the payment had ended is open again, or over where the order is."""
    attempt = book.found("intent", MANUAL, payment.parent) if payment.parent else None
    if attempt is None or attempt.status != "ok":
        return []
    return [book.turned(attempt, "void" if over(book.order) else "failed", reason=BOUNCED)]


def _not_granted(order: Order, payment: Entry) -> None:
    """Money that is not there cannot be given back: the decision to do so has to be taken back first."""
    for entry in order.ledger:
        if (entry.kind, entry.parent, entry.status) == ("refund", payment.ref, "granted"):
            raise WrongState("refund-granted", f"withdraw the refund {entry.grant} of this payment first")


def deadlines(order: Order, rules: PaymentMethod, at: str) -> dict[str, Any]:
    """When the customer is reminded, and when the order ends for want of money: both from now on. Orders
    on credit keep their due date."""
    if order.terms.on_credit:
        return {}
    return anew(order, rules, at)


def _money(entry: Entry) -> dict[str, Any]:
    return {"amount": entry.amount, "currency": entry.currency}
