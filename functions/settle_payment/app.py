"""Queue of payment effects — starts, voids, refunds and captures at the provider what orders want."""

from comanda import wiring
from comanda.runtime.queue import queue_function

lambda_handler = queue_function(lambda message: wiring.settling().settle(message))
