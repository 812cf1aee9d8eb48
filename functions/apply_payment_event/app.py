"""Queue of stored payment webhooks — reads each payment at its provider and records it."""

from comanda import wiring
from comanda.inbox.apply import apply
from comanda.runtime.queue import delivery_function

lambda_handler = delivery_function(
    lambda message, delivery: apply(message, delivery, wiring.payment_events().apply, wiring.inbox())
)
