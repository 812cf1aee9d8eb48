"""Staff marked an order as paid by mistake and take that back, while nobody has been told."""

from collections.abc import Callable
from typing import Any

from comanda.errors import WrongState
from comanda.orders.balance import BOUNCED
from comanda.orders.decision import Decision, Loaded, Outgoing
from comanda.orders.desk import Decide
from comanda.orders.ending import over
from comanda.orders.guards import check
from comanda.orders.model import Entry
from comanda.payments.book import Book
from comanda.payments.which import by_hand, payment_named

RECEIPT = "payment_received"
MISTAKE = "mistake"

type Withdraw = Callable[[str, str], Callable[[Any], None]]


def unmarking(payment_id: str, at: str, withdraw: Withdraw) -> Decide:
    """Take a payment that was marked by hand out of the books, and its receipt off the way.

    `withdraw` stops a wanted effect in the transaction of this command, which is refused when a worker
    has begun. Raises Invalid, and WrongState (`already-told`) when the marking led to more than a
    receipt that still waits: then only `bounce` is honest.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("bounce", order)
        payment = payment_named(by_hand(order, "ok"), payment_id)
        receipts = _receipts(loaded, payment)
        book = Book(order, at)
        attempt = book.found("intent", payment.provider, payment.parent) if payment.parent else None
        waits = "processing" if attempt and attempt.on else "pending"  # a cheque is at the bank again
        open_again = "void" if over(order) else waits
        also = [book.turned(attempt, open_again, reason="")] if attempt and attempt.status == "ok" else []
        entry = book.turned(payment, BOUNCED, reason=MISTAKE)
        book.write("PaymentUnmarked", entry, *also, visible=True)
        stopped = tuple(withdraw(order.order_id, one.effect_id) for one in receipts)
        return book.decision() + Decision(also=stopped, result={"payment_id": payment.entry_id})

    return decide


def _receipts(loaded: Loaded, payment: Entry) -> list[Outgoing]:
    """The receipts of the marking, none of them begun. Raises WrongState when it led to anything else."""
    followed = [effect for effect in loaded.effects if effect.wanted_at == payment.at]
    for effect in followed:
        receipt = effect.kind == "mail" and effect.data.get("event") == RECEIPT
        if not receipt or effect.state != "wanted":
            raise WrongState("already-told", "the payment has been told or had other effects; use bounce")
    return followed
