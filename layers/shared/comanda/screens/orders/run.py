"""Runs an order's command for a form: version seen, the form's key, who asks."""

from typing import Any

from comanda.backoffice.office import Office
from comanda.backoffice.run_command import Commanded
from comanda.idempotency.store import Request
from comanda.orders.desk import Decide
from comanda.screens.house.asked import Asked


def run(
    office: Office,
    asked: Asked,
    command: str,
    order_id: str,
    decide: Decide,
    body: dict[str, Any] | None = None,
) -> Commanded:
    """As the staff API's commands: same use case, same scope of keys. Raises what the command raises."""
    origin = asked.origin
    scope = f"{origin.actor}#{command}#{order_id}"
    request = Request.of(scope, asked.key, body or {}) if asked.key else None
    return office.command(order_id, decide, origin, version=asked.version, request=request)
