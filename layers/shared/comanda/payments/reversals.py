"""Money that goes back: refunds and disputes of a provider's record, against the ledger. Pure.

A refund that we granted has an entry already (`…:grant:<effect id>`); carrying it out turns that
entry, so nothing is counted twice. One made in the provider's own pages gets an entry of its own.
"""

from collections.abc import Iterable
from dataclasses import replace

from comanda.orders.balance import TAKEN, balance
from comanda.orders.model import Entry
from comanda.orders.refunds import MANUAL
from comanda.orders.vocabulary import HoldReason
from comanda.payments.book import Book
from comanda.payments.provider import Dispute, Refund

BETTER = {"ok": 0, "pending": 1, "failed": 2}
REPORTED = "reported by the provider"
DISPUTE_STATUS = {"open": "pending", "lost": "ok", "won": "void"}


def record_refunds(book: Book, provider: str, refunds: Iterable[Refund]) -> None:
    """Of several tries at the same grant the best counts."""
    best: dict[str, tuple[Entry, Refund]] = {}
    for refund in refunds:
        entry = _entry_of(book, provider, refund)
        known = best.get(entry.entry_id)
        if known is None or BETTER[refund.status] < BETTER[known[1].status]:
            best[entry.entry_id] = (entry, refund)
    for entry, refund in best.values():
        _record_refund(book, provider, entry, refund)


def _entry_of(book: Book, provider: str, refund: Refund) -> Entry:
    """The entry of this refund, the grant it carries out, or a fresh one."""
    granted = f"{provider}:grant:{refund.effect_id}"
    if refund.effect_id and granted in book.entries:
        return book.entries[granted]
    found = book.found("refund", provider, refund.ref)
    if found:
        return found
    fresh = book.fresh("refund", provider, refund.ref, refund.amount, refund.currency, "pending")
    return replace(fresh, parent=refund.charge)


def _record_refund(book: Book, provider: str, entry: Entry, refund: Refund) -> None:
    done = entry.status in TAKEN
    if refund.status == "ok" and not done and not (entry.status == "failed" and entry.ref == refund.ref):
        status = book.counted(refund.currency)
        turned = book.turned(entry, status, ref=refund.ref, amount=refund.amount, parent=refund.charge)
        book.write("RefundExecuted", turned, visible=True, identity=f"{provider}:refund:{refund.ref}")
        doubt_too_much(book)
    elif refund.status == "failed" and (entry.ref == refund.ref if done else entry.status == "pending"):
        fail_refund(book, entry, refund.reason or "failed", ref=refund.ref)


def doubt_too_much(book: Book) -> None:
    """Money that went back by hand went back once more at the provider, or by a bank: true, and for a person
    to settle."""
    sums = balance(book.ledger)
    beyond = sums.refunded - sums.captured
    if beyond > 0:
        book.hold(HoldReason.PAYMENT_MISMATCH, f"{beyond} {book.order.currency} more went back than came in")


def fail_refund(book: Book, entry: Entry, reason: str, ref: str = "") -> None:
    """The money is still here, or is here again: a person looks at it."""
    failed = book.turned(entry, "failed", ref=ref, reason=reason)
    identity = f"{entry.provider}:refund-failed:{ref}" if ref else ""
    book.write("RefundFailed", failed, identity=identity)
    book.hold(HoldReason.EFFECT_FAILED, f"refund of {entry.amount} {entry.currency}: {reason}")


def record_disputes(book: Book, provider: str, disputes: Iterable[Dispute]) -> None:
    """Open: held. Lost: the money is gone. Won: as if nothing had been."""
    for dispute in disputes:
        status = DISPUTE_STATUS[dispute.status]
        entry = book.found("dispute", provider, dispute.ref)
        if status == "ok":
            status = book.counted(dispute.currency)
        if entry is None:
            _open(book, provider, dispute, status)
        elif entry.status == "pending" and status != "pending":
            identity = f"{provider}:dispute-closed:{dispute.ref}"
            book.write("DisputeClosed", book.turned(entry, status), identity=identity)
        else:
            continue
        if status in TAKEN:
            doubt_too_much(book)


def _open(book: Book, provider: str, dispute: Dispute, status: str) -> None:
    """What staff had entered before the provider reported it is the same dispute, not another."""
    entry = book.fresh("dispute", provider, dispute.ref, dispute.amount, dispute.currency, status)
    entry = replace(entry, parent=dispute.charge, reason=dispute.reason)
    same = next((one for one in book.ledger if _entered(one, dispute)), None)
    also = [book.turned(same, "void", reason=REPORTED)] if same else []
    book.write("DisputeOpened", entry, *also, identity=f"{provider}:dispute:{dispute.ref}")
    if same is None:
        amount = f"{dispute.amount} {dispute.currency}"
        book.hold(HoldReason.DISPUTE, f"{dispute.reason or 'dispute'}: {amount}")


def _entered(entry: Entry, dispute: Dispute) -> bool:
    told = (entry.kind, entry.provider, entry.parent, entry.amount, entry.currency)
    reported = ("dispute", MANUAL, dispute.charge, dispute.amount, dispute.currency)
    return told == reported and entry.status != "void"
