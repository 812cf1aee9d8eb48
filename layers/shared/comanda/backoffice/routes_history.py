"""/admin/orders/{order_id}/history…: whether it is whole, and all of it as a file."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.history_answer import history_file, verified_answer
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.orders.past import past
from comanda.orders.verify_history import verify_history
from comanda.runtime.http import answer, download, to_json


def hang_history(routes: StaffRoutes, office: Callable[[], Office]) -> None:
    @routes.get(
        "/admin/orders/<order_id>/history/verify",
        "orders.read",
        "Whether the history is whole and the order what it says; what is not is named.",
    )
    def verify(order_id: str) -> Response[dict[str, Any]]:
        stored = office().stored(order_id)
        found = verify_history(stored, office().orders.written)
        return answer(verified_answer(order_id, found), headers={"Cache-Control": "no-store"})

    @routes.get(
        "/admin/orders/<order_id>/history.json",
        "orders.read",
        "The whole history as a file that can be verified elsewhere; see docs/history.md.",
    )
    def whole(order_id: str) -> Response[Any]:
        then = past(office().stored(order_id))
        text = to_json(history_file(then, routes.origin.at))
        return download(f"{then.order.number}-history.json", text.encode(), "application/json")
