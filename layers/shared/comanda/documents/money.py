"""The sums at the foot of a paper, as charged and as paid."""

from comanda.conversation.view import OrderView
from comanda.documents.sheet import Sum
from comanda.orders.derive import balance
from comanda.orders.model import Order


def sums_of(view: OrderView) -> tuple[Sum, ...]:
    """From the subtotal to the total, with the sign that each part has."""
    return tuple(Sum(one.label, one.amount, one.strong) for one in view.totals)


def received(order: Order, view: OrderView) -> tuple[Sum, ...]:
    """Each payment that counts with its day, what of it went back, and what is left to pay."""
    speech, sums = view.speech, balance(order.ledger)

    def money(amount: int) -> str:
        return speech.money(amount, order.currency)

    paid = [entry for entry in order.ledger if (entry.kind, entry.status) == ("capture", "ok")]
    rows = [
        Sum(
            speech.say("Received on %(day)s", day=speech.date(entry.on or entry.at)),
            money(entry.amount),
            True,
        )
        for entry in paid
    ]
    if sums.refunded:
        rows.append(Sum(speech.say("Given back"), money(-sums.refunded)))
    if view.due_amount:
        rows.append(Sum(speech.say("Still to pay"), view.due))
    return tuple(rows)
