"""A cheque's way: deposited, then cleared or bounced by word of the bank, usually on the next business day.

While it is deposited its attempt is being processed: the order neither ends nor is paid. Only the clearing
counts as money."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from comanda.errors import Invalid, WrongState
from comanda.ids import NewId
from comanda.orders.balance import BOUNCED, deposited, returned
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.derive import amount_due
from comanda.orders.desk import Decide
from comanda.orders.ending import MANUAL, open_attempts, over
from comanda.orders.guards import check
from comanda.orders.model import Entry, Order
from comanda.orders.vocabulary import HoldReason, Method
from comanda.payments.book import Book
from comanda.payments.bounce import deadlines
from comanda.payments.which import payment_named
from comanda.settings.sections import PaymentMethod

SATURDAY = 5
OWN = "deposit-"  # how attempts are called that began with a cheque itself


@dataclass(frozen=True, slots=True)
class Cheque:
    """`number` and `bank` are personal. `amount` in minor units, None for all that is due; `on` is the day of
    the deposit in the shop's calendar, `today` the shop's day."""

    number: str
    bank: str
    on: str
    today: str
    amount: int | None = None

    @property
    def name(self) -> str:
        return " · ".join(part for part in (self.number.strip(), self.bank.strip()) if part)


@dataclass(frozen=True, slots=True)
class Word:
    """What the bank said of the cheque `cheque_id` (the only one deposited, when empty), and on which day."""

    on: str
    today: str
    cheque_id: str = ""
    receipt: bool = True


@dataclass(frozen=True, slots=True)
class Returned:
    """Why the bank sent it back: a code; `note` are words, which are personal."""

    reason: str
    note: str = ""
    notify: bool = True


def clears_on(day: str) -> str:
    """The business day after `day`: Saturdays and Sundays are none; holidays are not known here."""
    following = date.fromisoformat(day) + timedelta(days=1)
    while following.weekday() >= SATURDAY:
        following += timedelta(days=1)
    return following.isoformat()


def depositing(cheque: Cheque, at: str, new_id: NewId) -> Decide:
    """Note a cheque that was taken to the bank; `result.cheque_id` names it.

    Raises Invalid for a day to come, a cheque that is deposited already, or no amount, and WrongState.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("deposit-cheque", order)
        _not_to_come(cheque.on, cheque.today)
        amount = amount_due(order) if cheque.amount is None else cheque.amount
        if amount <= 0:
            raise Invalid.at("/amount/amount", "an amount is more than nothing")
        if any(loaded.text(entry.reference) == cheque.name for entry in deposited(order.ledger)):
            raise Invalid.at("/number", "this cheque is deposited already")
        book = Book(order, at)
        name = f"note:cheque-{book.place}"
        sealed = Sealed(cheque.name, new_id())
        book.personal[name] = sealed
        entry = replace(_attempt(book, amount), on=cheque.on, reference=name)
        book.write("ChequeDeposited", entry, visible=True, personal={name: sealed.digest})
        expected = {"cheque_id": entry.entry_id, "expected_on": clears_on(cheque.on)}
        return book.decision() + Decision(result=expected | {"amount": _money(entry)})

    return decide


def clearing(word: Word, at: str) -> Decide:
    """The bank credited it: now the money counts. `result.payment_id` names the payment.

    Raises Invalid, and WrongState when no cheque is deposited.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("clear-cheque", order)
        attempt = _meant(order, word)
        book = Book(order, at)
        number = 1 + sum(1 for e in order.ledger if e.kind == "capture" and e.provider == MANUAL)
        entry = replace(
            book.fresh("capture", MANUAL, f"cheque-{number}", attempt.amount, attempt.currency, "ok"),
            method=Method.CHEQUE,
            parent=attempt.ref,
            reference=attempt.reference,
            on=word.on,
        )
        told: dict[str, Any] = {} if word.receipt else {"terms": {"receipt": False}}
        book.write(
            "PaymentCaptured",
            entry,
            book.turned(attempt, "ok"),
            visible=True,
            identity=entry.entry_id,
            **told,
        )
        result = {"payment_id": entry.entry_id, "amount": _money(entry)}
        return book.decision() + Decision(result=result)

    return decide


def returning(
    word: Word, why: Returned, rules: Callable[[str], PaymentMethod], at: str, new_id: NewId
) -> Decide:
    """The bank sent it back before it counted: the money is asked for anew by the deadlines of `rules`, and
    the order is held until nothing is due. Raises Invalid, and WrongState when no cheque is deposited."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("bounce-cheque", order)
        attempt = _meant(order, word)
        book = Book(order, at)
        terms = {} if over(order) else deadlines(order, rules(order.method), at)
        entry = book.turned(attempt, "failed", reason=BOUNCED)
        book.write(
            "ChequeBounced",
            entry,
            visible=True,
            terms=terms,
            notify=why.notify,
            reason=why.reason,
            on=word.on,
        )
        note = Sealed(why.note.strip(), new_id()) if why.note.strip() else None
        book.hold(HoldReason.PAYMENT_BOUNCED, f"{entry.entry_id}: {why.reason}", note)
        return book.decision() + Decision(result={"cheque_id": entry.entry_id, "amount": _money(entry)})

    return decide


def undoing_cheque(cheque_id: str, at: str) -> Decide:
    """Take the last word about a cheque back: one that bounced is deposited again, one that is deposited was
    not. A cleared one is taken back as any payment. Raises Invalid, and WrongState."""

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-cheque", order)
        attempt = payment_named((*deposited(order.ledger), *returned(order.ledger)), cheque_id)
        book = Book(order, at)
        if attempt.status == "failed":
            if over(order):
                raise WrongState("order-ended", "the order is closed, cancelled or expired")
            entry = book.turned(attempt, "processing", reason="")
        else:
            open_again = "void" if attempt.ref.startswith(OWN) or over(order) else "pending"
            again = {"amount": amount_due(order)} if open_again == "pending" else {}
            entry = book.turned(attempt, open_again, reason="", on="", reference="", **again)
        book.write("ChequeTakenBack", entry, visible=True)
        return book.decision() + Decision(result={"cheque_id": entry.entry_id})

    return decide


def _attempt(book: Book, amount: int) -> Entry:
    """The open attempt by hand that the cheque pays in full, or one of its own."""
    order = book.order
    waiting = (e for e in open_attempts(order) if (e.provider, e.status) == (MANUAL, "pending"))
    fits = next(waiting, None) if amount >= amount_due(order) else None
    if fits is None:
        fits = book.fresh("intent", MANUAL, f"{OWN}{book.place}", amount, order.currency, "processing")
        return replace(fits, method=Method.CHEQUE)
    return book.turned(fits, "processing", amount=amount)


def _meant(order: Order, word: Word) -> Entry:
    """The cheque that the bank speaks of. Raises Invalid."""
    attempt = payment_named(deposited(order.ledger), word.cheque_id)
    _not_to_come(word.on, word.today)
    if word.on < attempt.on:
        raise Invalid.at("/on", f"it was deposited on {attempt.on}")
    return attempt


def _not_to_come(day: str, today: str) -> None:
    if day > today:
        raise Invalid.at("/on", f"this day is still to come: today is {today}")


def _money(entry: Entry) -> dict[str, Any]:
    return {"amount": entry.amount, "currency": entry.currency}
