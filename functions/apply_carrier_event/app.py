"""Queue of stored carrier webhooks — record their scans on the parcels that they are about."""

from comanda import wiring
from comanda.fulfilment.webhook import recorder
from comanda.inbox.apply import apply
from comanda.runtime.queue import delivery_function

lambda_handler = delivery_function(
    lambda message, delivery: apply(
        message, delivery, recorder(wiring.scanning(), wiring.now), wiring.inbox()
    )
)
