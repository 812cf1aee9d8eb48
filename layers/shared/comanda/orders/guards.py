"""Which command is allowed in which state. docs/guards.md is printed from this table."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.errors import WrongState
from comanda.orders.balance import BOUNCED, TAKEN, balance, deposited, returned
from comanda.orders.derive import amount_due as amount_due
from comanda.orders.derive import ended, payment_allows_shipping, to_ask
from comanda.orders.model import Entry, Order
from comanda.orders.pickups import at_counter, handed
from comanda.orders.refunds import MANUAL, WALLETS, grants, refundable, tenders
from comanda.orders.vocabulary import GIVEN_UP, UNPLACED, HoldReason, Lifecycle


@dataclass(frozen=True, slots=True)
class Guard:
    """`forbids` says when the guard refuses; `why` is what the caller is told."""

    name: str
    why: str
    forbids: Callable[[Order], bool]


ORDER_ENDED = Guard("order-ended", "the order is closed, cancelled or expired", ended)
ORDER_CLOSED = Guard(
    "order-closed",
    "the order is closed, and nothing is due for it",
    lambda o: o.lifecycle == Lifecycle.CLOSED and amount_due(o) <= 0,
)
UNVERIFIED = Guard(
    "awaiting-verification",
    "the customer has neither confirmed the e-mail address nor paid",
    lambda o: o.lifecycle == Lifecycle.AWAITING_VERIFICATION,
)
NOT_WAITING = Guard(
    "not-awaiting-verification",
    "the order does not wait for its customer to confirm the address",
    lambda o: o.lifecycle != Lifecycle.AWAITING_VERIFICATION,
)
APPROVED = Guard("already-approved", "the order was approved before", lambda o: o.approved)
NOT_APPROVED = Guard("not-approved", "the merchant has not approved the order", lambda o: not o.approved)
SHIPPED = Guard(
    "something-shipped", "part of the order has been shipped: use a return", lambda o: _shipped(o)
)
HELD = Guard("on-hold", "the order is on hold", lambda o: bool(o.open_holds))
HELD_OTHERWISE = Guard(
    "on-hold",
    "the order is on hold",
    lambda o: any(hold.reason != HoldReason.NOT_COLLECTED for hold in o.open_holds),
)
NOTHING_AT_COUNTER = Guard(
    "nothing-at-counter",
    "nothing of this order waits at the counter for its customer",
    lambda o: not at_counter(o),
)
NOTHING_HANDED_OVER = Guard(
    "nothing-handed-over", "nothing of this order was handed over at the counter", lambda o: not handed(o)
)
GIVEN_UP_ORDER = Guard(
    "given-up", "the order was cancelled or has expired", lambda o: o.lifecycle in GIVEN_UP
)
UNPAID = Guard(
    "not-paid", "this payment method ships only what is paid", lambda o: not payment_allows_shipping(o)
)
VERIFIED = Guard("already-verified", "the e-mail address is confirmed", lambda o: o.verified)
NOTHING_FAILED = Guard("nothing-failed", "no step of this order waits for a retry", lambda o: not failures(o))
ENDING = Guard(
    "ending", "the order is being cancelled: open payments are being voided", lambda o: o.ending is not None
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
ALL_SHIPPED = Guard(
    "all-shipped",
    "everything has been shipped: use a return",
    lambda o: all(line.to_ship <= 0 for line in o.lines),
)
EDIT_OPEN = Guard(
    "edit-open",
    "another change of this order is open: confirm or decline it first",
    lambda o: o.edit is not None and not edit_is_stale(o),
)
NO_EDIT = Guard("edit-not-open", "this change of the order is not open any more", lambda o: o.edit is None)
NOTHING_DUE = Guard("nothing-due", "there is nothing left to pay", lambda o: amount_due(o) <= 0)
NOTHING_TO_REFUND = Guard(
    "nothing-to-refund",
    "no money is here that was not given back or granted before",
    lambda o: not refundable(o) and not tenders(o, "foreign"),
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

NOTHING_WAITS = Guard(
    "nothing-waits",
    "nothing of this order waits for stock",
    lambda o: not any(line.backordered for line in o.lines),
)

NOT_CANCELLED = Guard(
    "not-cancelled", "the order was not cancelled", lambda o: o.lifecycle != Lifecycle.CANCELLED
)
NOTHING_LEFT = Guard(
    "nothing-left",
    "nothing of this order is on its way",
    lambda o: all(n.shipped <= n.delivered for n in o.lines),
)
NOTHING_PICKED = Guard(
    "nothing-picked", "nothing of this order is picked", lambda o: not any(n.picked for n in o.lines)
)
NOTHING_PACKED = Guard(
    "nothing-packed", "nothing of this order is packed", lambda o: not any(n.packed for n in o.lines)
)
NOTHING_TO_PUT_BACK = Guard(
    "nothing-to-put-back",
    "nothing was picked for this order that it does not need any more",
    lambda o: not o.put_back,
)
NO_LABEL = Guard(
    "no-label",
    "no shipping label of this order is bought or on its way",
    lambda o: not any(label.open for label in o.shipping_labels),
)
NOTHING_GRANTED = Guard(
    "nothing-granted",
    "no money of this order was given back, or is to be",
    lambda o: all(grant.status == "void" for grant in grants(o)),
)

NOT_PLACED = Guard(
    "not-placed", "the order is a draft or a quotation: place it first", lambda o: o.lifecycle in UNPLACED
)
NOT_ENDED = Guard("not-ended", "cancel the order first", lambda o: not (ended(o) or o.lifecycle in UNPLACED))
GOODS_ON_IT = Guard(
    "goods-on-it",
    "units are set aside for the order",
    lambda o: any(line.reserved or line.allocated for line in o.lines),
)
MONEY_ON_IT = Guard("money-on-it", "money of this order was not given back", lambda o: _has_money(o))
NOT_QUOTED = Guard("not-quoted", "no quotation of this is open", lambda o: o.lifecycle != Lifecycle.QUOTED)
NOT_A_DRAFT = Guard("not-a-draft", "the order was placed or has ended", lambda o: o.lifecycle not in UNPLACED)

NO_ADDRESS = Guard(
    "no-mail-address",
    "the customer has no e-mail address: tell them by telephone, and confirm it yourself",
    lambda o: o.without_mail,
)

PLACED_ONLY: dict[str, tuple[Guard, ...]] = {
    "verify": (VERIFIED, ORDER_ENDED),
    "resend-verification": (VERIFIED, ORDER_ENDED),
    "approve": (ORDER_ENDED, ENDING, UNVERIFIED, APPROVED),
    "reject": (ORDER_ENDED, ENDING, APPROVED, SHIPPED),
    "mark-paid": (ORDER_CLOSED,),
    "pay": (ORDER_ENDED, ENDING, MOVING, NOTHING_DUE, AUTHORIZED),
    "capture": (ORDER_ENDED, ENDING, NOTHING_AUTHORIZED, MOVING, NOTHING_DUE),
    "bounce": (NOTHING_TO_BOUNCE,),
    "undo-bounce": (NOTHING_BOUNCED,),
    "deposit-cheque": (ORDER_ENDED, ENDING, NOTHING_DUE),
    "clear-cheque": (NO_CHEQUE,),
    "bounce-cheque": (NO_CHEQUE,),
    "undo-cheque": (NO_CHEQUE_TO_UNDO,),
    "fee": (),
    "charge-fee": (ORDER_ENDED, ENDING, MOVING),
    "dispute": (NOTHING_TO_DISPUTE,),
    "close-dispute": (NO_DISPUTE,),
    "refund": (NOTHING_TO_REFUND,),
    "ship": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "buy-label": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID, ALL_SHIPPED),
    "void-label": (NO_LABEL,),
    "ready-for-pickup": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD_OTHERWISE, UNPAID, ALL_SHIPPED),
    "not-ready": (ORDER_ENDED, ENDING, NOTHING_AT_COUNTER),
    "hand-over": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD_OTHERWISE, UNPAID, NOTHING_AT_COUNTER),
    "undo-hand-over": (GIVEN_UP_ORDER, NOTHING_HANDED_OVER),
    "cancel": (ORDER_ENDED, ENDING, SHIPPED),
    "expire": (ORDER_ENDED, ENDING, NOT_WAITING, PAYING),
    "promise": (ORDER_ENDED, ENDING, NOTHING_WAITS),
    "pick": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "pack": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "undo-pick": (NOTHING_PICKED,),
    "undo-pack": (NOTHING_PACKED,),
    "short-pick": (ORDER_ENDED, ENDING, NOT_APPROVED, HELD, UNPAID),
    "undo-short-pick": (ORDER_ENDED, ENDING, NOT_APPROVED),
    "put-back": (NOTHING_TO_PUT_BACK,),
    "undo-ship": (ORDER_ENDED, NOTHING_LEFT),
    "undo-cancel": (NOT_CANCELLED,),
    "undo-refund": (NOTHING_GRANTED,),
    "hold": (ORDER_ENDED,),
    "release-hold": (),
    "address-fine": (ORDER_ENDED,),
    "resend-mail": (),
    "retry": (NOTHING_FAILED,),
    "edit": (ORDER_ENDED, ENDING, ALL_SHIPPED, EDIT_OPEN),
    "confirm-edit": (NO_EDIT, ORDER_ENDED, ENDING, ALL_SHIPPED),
    "decline-edit": (NO_EDIT,),
    "request-acceptance": (NO_ADDRESS, NO_EDIT, ORDER_ENDED, ENDING, ALL_SHIPPED),
}
DRAFTS_ONLY: dict[str, tuple[Guard, ...]] = {
    "change-draft": (NOT_A_DRAFT,),
    "quote": (NOT_A_DRAFT,),
    "withdraw-quote": (NOT_QUOTED,),
    "place": (NOT_A_DRAFT,),
    "discard": (NOT_A_DRAFT,),
}
GUARDS: dict[str, tuple[Guard, ...]] = {
    command: (NOT_PLACED, *guards) for command, guards in PLACED_ONLY.items()
} | DRAFTS_ONLY
GUARDS["purge"] = (NOT_ENDED, SHIPPED, GOODS_ON_IT, MONEY_ON_IT)


def check(command: str, order: Order) -> None:
    """Raise WrongState with the name of the first guard that forbids the command."""
    for guard in GUARDS[command]:
        if guard.forbids(order):
            raise WrongState(guard.name, guard.why)


def allowed(command: str, order: Order) -> bool:
    return not any(guard.forbids(order) for guard in GUARDS[command])


def failures(order: Order) -> list[str]:
    """Ids of the open holds that a retry closes."""
    retried = (HoldReason.STEP_FAILED, HoldReason.UNKNOWN_EFFECT, HoldReason.EFFECT_FAILED)
    return [hold.hold_id for hold in order.open_holds if hold.reason in retried]


def edit_is_stale(order: Order) -> bool:
    """The order has changed since its open edit was worked out."""
    return order.edit is not None and order.edit.version != order.version


def _captures(order: Order, status: str, *, by: str = "") -> list[Entry]:
    """Payments in this status, of one provider or of any."""
    found = (e for e in order.ledger if (e.kind, e.status) == ("capture", status))
    return [entry for entry in found if by in ("", entry.provider)]


def _shipped(order: Order) -> bool:
    return any(line.shipped for line in order.lines)


def _has_money(order: Order) -> bool:
    sums = balance(order.ledger)
    return bool(sums.kept or sums.authorized or sums.processing)
