"""Stream of the Orders table — keep the search tokens of an order."""

from comanda import wiring
from comanda.runtime.queue import stream_function
from comanda.search.project import on_change

lambda_handler = stream_function(
    lambda record: on_change(record, wiring.orders().load, wiring.search_tokens())
)
