"""What a provider's record adds to an order: pure, and nothing when it is known already.

Identities are those of the provider's own objects, so that any number of records of the same
payment, in whatever order, end in the same ledger. Captured money is never unlearned; a payment that
is captured or void stays so.
"""

from dataclasses import replace

from comanda.orders.asking import after_lapse
from comanda.orders.balance import TAKEN
from comanda.orders.decision import Decision, Effect
from comanda.orders.derive import LAPSED, amount_due
from comanda.orders.ending import MANUAL, over, voids
from comanda.orders.model import Entry, Order
from comanda.orders.vocabulary import HoldReason
from comanda.payments.approval import APPROVED, record_approval
from comanda.payments.book import Book
from comanda.payments.provider import Charge, ProviderRecord
from comanda.payments.reversals import record_disputes, record_refunds
from comanda.times import stamp

FACT = {
    "pending": "PaymentStarted",
    "failed": "PaymentFailed",
    "processing": "PaymentProcessing",
    "void": "PaymentVoided",
}
SEEN_BY_CUSTOMER = ("failed", "processing")


def recording(order: Order, record: ProviderRecord, at: str) -> Decision:
    """The facts that are new in `record`, a payment of this order."""
    book = Book(order, at)
    intent = book.found("intent", record.provider, record.ref)
    captured = [charge for charge in record.charges if charge.captured]
    for charge in captured:
        _capture(book, record, charge, intent)
    if not captured and not _was_captured(book, record):
        _attempt(book, record, intent)
    record_refunds(book, record.provider, record.refunds)
    record_disputes(book, record.provider, record.disputes)
    return book.decision()


def _was_captured(book: Book, record: ProviderRecord) -> bool:
    captures = (e for e in book.ledger if e.kind == "capture" and e.status in TAKEN)
    return any((e.provider, e.parent) == (record.provider, record.ref) for e in captures)


def _capture(book: Book, record: ProviderRecord, charge: Charge, intent: Entry | None) -> None:
    """Money is money: it is recorded whatever it looks like; what looks wrong is held for a person."""
    if book.found("capture", record.provider, charge.ref):
        return
    asked = intent or _intent(book, record)
    status = book.counted(charge.currency)
    entry = book.fresh("capture", record.provider, charge.ref, charge.captured, charge.currency, status)
    identity = f"{record.provider}:capture:{charge.ref}"
    entry = replace(entry, method=asked.method, parent=record.ref, bank_ref=charge.bank_ref)
    also = [book.turned(asked, "ok", reason=""), *_confirmed_before(book, entry)]
    book.write("PaymentCaptured", entry, *also, visible=True, identity=identity)
    wrong = _mismatch(book, entry, asked, known=intent is not None)
    if wrong:
        book.hold(HoldReason.PAYMENT_MISMATCH, wrong)
    elif _covered(book):
        book.effects += voids(replace(book.order, ledger=book.ledger), "paid", but=record.ref)
        if record.open:
            close = {"entry_id": asked.entry_id, "ref": record.ref}
            book.effects.append(Effect(f"close-{book.place}", "payment.close", close))


def _mismatch(book: Book, entry: Entry, asked: Entry, *, known: bool) -> str:
    """Why a person has to look at this capture; empty when it is what was asked for."""
    order = book.order
    held = book.found("authorization", entry.provider, entry.parent)
    amount = asked.amount if known else order.totals.total
    if held and held.taking:
        amount = held.taking
    if (entry.amount, entry.currency) != (amount, order.currency):
        return f"asked for {amount} {order.currency}, got {entry.amount} {entry.currency}"
    over = -_due(book)
    if over > 0:
        return f"paid {over} {order.currency} more than what was owed"
    return ""


def _confirmed_before(book: Book, entry: Entry) -> list[Entry]:
    """What staff confirmed by hand before its provider reported it is the same money, not more of it."""
    given_back = {e.parent for e in book.ledger if e.kind == "refund"}
    same = ("capture", MANUAL, "ok", entry.method, entry.amount, entry.currency)
    for one in book.ledger:
        told = (one.kind, one.provider, one.status, one.method, one.amount, one.currency)
        if told == same and one.ref not in given_back and _covered(book):
            return [book.turned(one, "void", reason="reported by the provider")]
    return []


def _covered(book: Book) -> bool:
    """Nothing is due: what was given back before an edit is not asked for, so it is not missing either."""
    return _due(book) <= 0


def _due(book: Book) -> int:
    return amount_due(replace(book.order, ledger=book.ledger))


def _intent(book: Book, record: ProviderRecord) -> Entry:
    """The entry of an attempt that we hear of for the first time."""
    return book.fresh("intent", record.provider, record.ref, record.amount, record.currency, "pending")


def _attempt(book: Book, record: ProviderRecord, intent: Entry | None) -> None:
    """How an attempt stands that has brought no money yet."""
    before = intent.status if intent else ""
    if before == "void" or record.status == "succeeded":
        return  # succeeded without a charge to show: the next event brings it
    held = book.found("authorization", record.provider, record.ref)
    if record.status == "authorized":
        _authorized(book, record, intent, held)
    elif record.status == APPROVED:
        record_approval(book, record, intent or _intent(book, record))
    elif held and held.status in TAKEN:
        if record.status == "void":
            _let_go(book, record, intent or _intent(book, record), held)
    elif record.status != before:
        attempt = intent or _intent(book, record)
        turned = book.turned(attempt, record.status, reason=record.failure)
        book.write(FACT[record.status], turned, visible=record.status in SEEN_BY_CUSTOMER)
        if before == "":
            _unwanted(book, record)


def _let_go(book: Book, record: ProviderRecord, attempt: Entry, held: Entry) -> None:
    """An authorisation is gone: given up by somebody, or its time was up."""
    lapsed = record.lapsed or bool(held.until and held.until <= book.at)
    if not lapsed or over(book.order):
        book.write("PaymentVoided", book.turned(attempt, "void"), book.turned(held, "void"))
        return
    gone = book.turned(held, "void", reason=LAPSED)
    terms = {} if book.order.terms.on_credit else after_lapse(book.order.terms, book.at)
    book.write("AuthorizationLapsed", gone, book.turned(attempt, "void"), visible=True, terms=terms)


def _authorized(book: Book, record: ProviderRecord, intent: Entry | None, held: Entry | None) -> None:
    if held is not None:
        return
    reserved = sum(charge.amount for charge in record.charges) or record.amount
    status = book.counted(record.currency)
    attempt = intent or _intent(book, record)
    entry = book.fresh("authorization", record.provider, record.ref, reserved, record.currency, status)
    until = stamp(record.capture_before) if record.capture_before else ""
    entry = replace(entry, method=attempt.method, parent=record.ref, until=until)
    identity = f"{record.provider}:authorization:{record.ref}"
    book.write(
        "PaymentAuthorized", entry, book.turned(attempt, "ok", reason=""), visible=True, identity=identity
    )
    asked = attempt.amount if intent else book.order.totals.total
    if (reserved, record.currency) != (asked, book.order.currency):
        detail = f"asked for {asked} {book.order.currency}, reserved {reserved} {record.currency}"
        book.hold(HoldReason.PAYMENT_MISMATCH, detail)


def _unwanted(book: Book, record: ProviderRecord) -> None:
    """An attempt that turns up on an order that has ended, or is about to, is voided."""
    if over(book.order):
        late = replace(book.order, ledger=book.ledger)
        book.effects += [effect for effect in voids(late, "ended") if effect.data["ref"] == record.ref]
