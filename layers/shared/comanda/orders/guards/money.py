"""Guards that look at an order's money: what is due, taken, authorised, given back, disputed."""

from comanda.orders.balance import BOUNCED, TAKEN, balance, deposited, returned
from comanda.orders.derive import amount_due, payment_allows_shipping, to_ask
from comanda.orders.guards.guard import Guard
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL, WALLETS, grants, refundable, tenders
from comanda.orders.vocabulary import Lifecycle

ORDER_CLOSED = Guard(
    "order-closed",
    "the order is closed, and nothing is due for it",
    lambda o: o.lifecycle == Lifecycle.CLOSED and amount_due(o) <= 0,
)
UNPAID = Guard(
    "not-paid", "this payment method ships only what is paid", lambda o: not payment_allows_shipping(o)
)
PAYING = Guard(
    "payment-in-progress",
    "a payment is authorised, processing or captured",
    lambda o: balance(o.ledger).has_money,
)
MOVING = Guard(
    "payment-under-way",
    "a payment is being processed or taken: wait for its outcome",
    lambda o: bool(balance(o.ledger).taking or balance(o.ledger).processing),
)
AUTHORIZED = Guard(
    "payment-authorized",
    "all that is due is authorised: it is taken on approval",
    lambda o: bool(balance(o.ledger).authorized) and to_ask(o) <= 0,
)
NOTHING_AUTHORIZED = Guard(
    "nothing-authorized",
    "no payment of this order is authorised and waits to be taken",
    lambda o: not balance(o.ledger).authorized,
)
NOTHING_DUE = Guard("nothing-due", "there is nothing left to pay", lambda o: amount_due(o) <= 0)
NOTHING_TO_REFUND = Guard(
    "nothing-to-refund",
    "no money is here that was not given back or granted before",
    lambda o: not refundable(o) and not tenders(o, "foreign"),
)
NOTHING_GRANTED = Guard(
    "nothing-granted",
    "no money of this order was given back, or is to be",
    lambda o: all(grant.status == "void" for grant in grants(o)),
)
NOTHING_TO_BOUNCE = Guard(
    "nothing-to-bounce",
    "no payment that staff confirmed by hand counts for this order",
    lambda o: not _captures(o, "ok", by=MANUAL),
)
NOTHING_BOUNCED = Guard(
    "nothing-bounced", "no payment of this order has come back", lambda o: not _captures(o, BOUNCED)
)
NO_CHEQUE = Guard(
    "no-cheque", "no cheque of this order waits for its bank's word", lambda o: not deposited(o.ledger)
)
NO_CHEQUE_TO_UNDO = Guard(
    "no-cheque-to-undo",
    "no cheque of this order is deposited or came back before it counted",
    lambda o: not deposited(o.ledger) and not returned(o.ledger),
)
NOTHING_TO_DISPUTE = Guard(
    "nothing-to-dispute",
    "no payment is here that a bank could take back",
    lambda o: all(e.provider in WALLETS for status in TAKEN for e in _captures(o, status)),
)
NO_DISPUTE = Guard(
    "no-dispute",
    "no payment of this order is disputed",
    lambda o: not any(entry.kind == "dispute" for entry in o.ledger),
)
MONEY_ON_IT = Guard("money-on-it", "money of this order was not given back", lambda o: _has_money(o))


def _captures(order: Order, status: str, *, by: str = "") -> list[Entry]:
    """Payments in this status, of one provider or of any."""
    found = (e for e in order.ledger if (e.kind, e.status) == ("capture", status))
    return [entry for entry in found if by in ("", entry.provider)]


def _has_money(order: Order) -> bool:
    sums = balance(order.ledger)
    return bool(sums.kept or sums.authorized or sums.processing)
