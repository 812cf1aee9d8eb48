"""GET /admin/orders/…: what staff see of orders."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes


def hang_orders(routes: StaffRoutes, office: Callable[[], Office]) -> None:
    @routes.get(
        "/admin/orders/<order_id>", "orders.read", "An order with its history and all that lies beside it."
    )
    def get(order_id: str) -> Response[dict[str, Any]]:
        return office().show(order_id)
