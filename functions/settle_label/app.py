"""Queue of label effects — buys and gives back at the carriers what orders want; has their libraries."""

from comanda import wiring
from comanda.runtime.queue import queue_function

lambda_handler = queue_function(lambda message: wiring.label_settling().settle(message))
