"""Stream of the Orders table — answers waiting executions and publishes facts and wanted effects."""

from comanda import wiring
from comanda.runtime.queue import stream_function
from comanda.workflow.stream import on_change

lambda_handler = stream_function(lambda record: on_change(record, wiring.bus(), wiring.waker()))
