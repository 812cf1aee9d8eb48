"""Guards of an order's life: drafts, confirmation, approval, holds, changes, its end."""

from comanda.orders.derive import ended
from comanda.orders.guards.guard import Guard
from comanda.orders.model import Order
from comanda.orders.vocabulary import GIVEN_UP, UNPLACED, HoldReason, Lifecycle

ORDER_ENDED = Guard("order-ended", "the order is closed, cancelled or expired", ended)
GIVEN_UP_ORDER = Guard(
    "given-up", "the order was cancelled or has expired", lambda o: o.lifecycle in GIVEN_UP
)
ENDING = Guard(
    "ending", "the order is being cancelled: open payments are being voided", lambda o: o.ending is not None
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
VERIFIED = Guard("already-verified", "the e-mail address is confirmed", lambda o: o.verified)
APPROVED = Guard("already-approved", "the order was approved before", lambda o: o.approved)
NOT_APPROVED = Guard("not-approved", "the merchant has not approved the order", lambda o: not o.approved)
HELD = Guard("on-hold", "the order is on hold", lambda o: bool(o.open_holds))
HELD_OTHERWISE = Guard(
    "on-hold",
    "the order is on hold",
    lambda o: any(hold.reason != HoldReason.NOT_COLLECTED for hold in o.open_holds),
)
NOTHING_FAILED = Guard("nothing-failed", "no step of this order waits for a retry", lambda o: not failures(o))
EDIT_OPEN = Guard(
    "edit-open",
    "another change of this order is open: confirm or decline it first",
    lambda o: o.edit is not None and not edit_is_stale(o),
)
NO_EDIT = Guard("edit-not-open", "this change of the order is not open any more", lambda o: o.edit is None)
NO_ADDRESS = Guard(
    "no-mail-address",
    "the customer has no e-mail address: tell them by telephone, and confirm it yourself",
    lambda o: o.without_mail,
)
NOT_CANCELLED = Guard(
    "not-cancelled", "the order was not cancelled", lambda o: o.lifecycle != Lifecycle.CANCELLED
)
NOT_PLACED = Guard(
    "not-placed", "the order is a draft or a quotation: place it first", lambda o: o.lifecycle in UNPLACED
)
NOT_ENDED = Guard("not-ended", "cancel the order first", lambda o: not (ended(o) or o.lifecycle in UNPLACED))
NOT_QUOTED = Guard("not-quoted", "no quotation of this is open", lambda o: o.lifecycle != Lifecycle.QUOTED)
NOT_A_DRAFT = Guard("not-a-draft", "the order was placed or has ended", lambda o: o.lifecycle not in UNPLACED)


def failures(order: Order) -> list[str]:
    """Ids of the open holds that a retry closes."""
    retried = (HoldReason.STEP_FAILED, HoldReason.UNKNOWN_EFFECT, HoldReason.EFFECT_FAILED)
    return [hold.hold_id for hold in order.open_holds if hold.reason in retried]


def edit_is_stale(order: Order) -> bool:
    """The order has changed since its open edit was worked out."""
    return order.edit is not None and order.edit.version != order.version
