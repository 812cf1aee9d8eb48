"""A payment that its customer has approved and that waits for us to take the money. Pure."""

from dataclasses import replace

from comanda.orders.decision import Effect
from comanda.orders.derive import amount_due
from comanda.orders.ending import open_attempts, over
from comanda.orders.model import Entry, Order
from comanda.orders.reservation import ENDING
from comanda.payments.book import METHOD_OF, Book
from comanda.payments.provider import ProviderRecord

APPROVED = "approved"


def record_approval(book: Book, record: ProviderRecord, attempt: Entry) -> None:
    """Have the money taken, once for each approval, if the order still wants this payment.

    What it does not want is left alone: money that we do not take stays with the customer.
    """
    if attempt.status == "processing" or not _wanted(book, record):
        return
    identity = f"{record.provider}:approval:{record.ref}:{record.approval}"
    data = {"entry_id": attempt.entry_id, "ref": record.ref, "amount": record.amount, "why": APPROVED}
    book.effects.append(Effect(f"capture-{book.place}", "payment.capture", data))
    book.write(
        "PaymentProcessing", book.turned(attempt, "processing", reason=""), visible=True, identity=identity
    )


def _wanted(book: Book, record: ProviderRecord) -> bool:
    order = replace(book.order, ledger=book.ledger)
    ends = over(order) or order.reservation == ENDING
    chosen = order.method == METHOD_OF.get(record.provider)
    wanting = amount_due(order) - _on_its_way(order, record.ref)
    return not ends and chosen and record.currency == order.currency and 0 < record.amount <= wanting


def _on_its_way(order: Order, ref: str) -> int:
    """What other attempts are about to bring: who approves in two tabs is charged in one."""
    others = (entry for entry in open_attempts(order) if entry.ref != ref)
    sure = (e for e in others if e.status == "processing" or e.kind == "authorization")
    return sum(entry.amount for entry in sure)
