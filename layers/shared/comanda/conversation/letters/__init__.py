"""One function per mail: what it says, from the view of its order."""

from collections.abc import Callable

from comanda.conversation.letter import Letter
from comanda.conversation.letters import asking, counter, edits, goods, merchant, money, outcome
from comanda.conversation.letters.occasion import Occasion
from comanda.orders.mails import TO_MERCHANT as FOR_MERCHANT

LETTERS: dict[str, Callable[[Occasion], Letter]] = {
    "verification": asking.verification,
    "quotation": asking.quotation,
    "order_placed": outcome.order_placed,
    "merchant_order": merchant.merchant_order,
    "authorization_expiring": merchant.authorization_expiring,
    "authorization_lapsed": merchant.authorization_lapsed,
    "order_approved": outcome.order_approved,
    "order_rejected": outcome.order_rejected,
    "order_edited": edits.order_edited,
    "order_cancelled": outcome.order_cancelled,
    "payment_instructions": asking.payment_instructions,
    "payment_reminder": asking.payment_reminder,
    "payment_received": money.payment_received,
    "payment_failed": asking.payment_failed,
    "refunded": money.refunded,
    "order_ready": goods.order_ready,
    "shipped": goods.shipped,
    "delivered": counter.delivered,
    "promise_changed": goods.promise_changed,
    "ready_for_pickup": counter.ready_for_pickup,
    "pickup_reminder": counter.pickup_reminder,
}
TO_MERCHANT = FOR_MERCHANT | {"export_failed"}
