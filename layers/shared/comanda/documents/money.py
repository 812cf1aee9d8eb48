"""The sums at the foot of a receipt: what was paid, what went back, what is left."""

from comanda.conversation.view import AmountView, OrderView
from comanda.orders.balance import balance
from comanda.orders.model import Order


def received(order: Order, view: OrderView) -> tuple[AmountView, ...]:
    """Each payment that counts with its day, what of it went back, and what is left to pay."""
    speech, sums = view.speech, balance(order.ledger)

    def money(amount: int) -> str:
        return speech.money(amount, order.currency)

    paid = [entry for entry in order.ledger if (entry.kind, entry.status) == ("capture", "ok")]
    rows = [
        AmountView(
            speech.say("Received on %(day)s", day=speech.date(entry.on or entry.at)),
            money(entry.amount),
            True,
        )
        for entry in paid
    ]
    if sums.refunded:
        rows.append(AmountView(speech.say("Given back"), money(-sums.refunded)))
    if view.due_amount:
        rows.append(AmountView(speech.say("Still to pay"), view.due))
    return tuple(rows)
