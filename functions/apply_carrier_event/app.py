"""Queue of stored carrier webhooks — record their scans on the parcels that they are about."""

from comanda import wiring
from comanda.fulfilment.webhook import recorder
from comanda.inbox.apply import apply
from comanda.runtime.queue import queue_function

lambda_handler = queue_function(
    lambda message: apply(message, recorder(wiring.scanning(), wiring.now), wiring.inbox())
)
