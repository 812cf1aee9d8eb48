"""Staff enter a chargeback that no provider reports, and how it ended."""

from dataclasses import dataclass, replace
from typing import Any

from comanda.errors import Invalid, NotFound, WrongState
from comanda.ids import NewId
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.guards import check
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL
from comanda.orders.vocabulary import HoldReason
from comanda.payments.book import Book
from comanda.payments.reversals import DISPUTE_STATUS, REPORTED, doubt_too_much
from comanda.payments.which import disputable, payment_named

STATES = {"open": ("pending",), "lost": ("ok", "foreign"), "won": ("void",)}


@dataclass(frozen=True, slots=True)
class Claim:
    """What the payer's bank disputes: `amount` in minor units, None for all that was not given back.
    `reason` is a code, `note` the words beside it, which are personal."""

    reason: str
    amount: int | None = None
    payment_id: str = ""
    note: str = ""


def disputing(asked: Claim, at: str, new_id: NewId) -> Decide:
    """Open a dispute: the order is held and its money set aside. `result.dispute_id` names it.

    Raises Invalid, and WrongState when more is disputed than is left of the payment.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("dispute", order)
        payment = payment_named(disputable(order), asked.payment_id)
        amount = _amount(order, payment, asked.amount)
        book = Book(order, at)
        dispute_id = f"d{book.place}"
        fresh = book.fresh("dispute", MANUAL, dispute_id, amount, payment.currency, "pending")
        entry = replace(fresh, method=payment.method, parent=payment.ref, reason=asked.reason)
        book.write("DisputeOpened", entry)
        note = Sealed(asked.note.strip(), new_id()) if asked.note.strip() else None
        book.hold(HoldReason.DISPUTE, f"{asked.reason}: {amount} {payment.currency}", note)
        return book.decision() + Decision(result=_result(entry))

    return decide


def closing_dispute(dispute_id: str, ended: str, at: str) -> Decide:
    """How it ended: `won` leaves the money here, `lost` takes it. A bank may think again, so that the other
    word may follow. Raises NotFound, and WrongState for the same word twice (`dispute-closed`) or a dispute
    that its provider decides (`provider-decides`)."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("close-dispute", order)
        entry = next((e for e in order.ledger if (e.kind, e.ref) == ("dispute", dispute_id)), None)
        if entry is None:
            raise NotFound(f"this order has no dispute {dispute_id!r}")
        if entry.provider != MANUAL or entry.reason == REPORTED:
            raise WrongState("provider-decides", "its payment provider tells how this dispute ends")
        book = Book(order, at)
        status = DISPUTE_STATUS[ended]
        status = book.counted(entry.currency) if status == "ok" else status
        if entry.status == status:
            raise WrongState("dispute-closed", f"this dispute was {ended} before")
        turned = book.turned(entry, status)
        book.write("DisputeClosed", turned)
        doubt_too_much(book)
        return book.decision() + Decision(result=_result(turned))

    return decide


def _amount(order: Order, payment: Entry, asked: int | None) -> int:
    """A bank takes back what was not given back before, whatever was only granted."""
    gone = ("ok", "foreign", "pending")
    back = (e for e in order.ledger if e.parent == payment.ref and e.kind in ("refund", "dispute"))
    left = payment.amount - sum(e.amount for e in back if e.status in gone)
    amount = left if asked is None else asked
    if left <= 0 or amount > left:
        raise WrongState("dispute-exceeds-payment", f"{max(left, 0)} of this payment can be disputed")
    if amount <= 0:
        raise Invalid.at("/amount/amount", "an amount is more than nothing")
    return amount


def _result(entry: Entry) -> dict[str, Any]:
    money = {"amount": entry.amount, "currency": entry.currency}
    state = next(name for name, status in STATES.items() if entry.status in status)
    return {"dispute_id": entry.ref, "amount": money, "status": state}
