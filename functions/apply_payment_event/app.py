"""Queue of stored payment webhooks — reads each payment at its provider and records it."""

from comanda import wiring
from comanda.inbox.apply import apply
from comanda.runtime.queue import queue_function

lambda_handler = queue_function(lambda message: apply(message, wiring.payment_events().apply, wiring.inbox()))
