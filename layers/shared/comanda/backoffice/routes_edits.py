"""POST /admin/orders/{order_id}/edits…: a change set is shown, then carried out, dropped or offered."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import Response

from comanda.backoffice.bodies_edits import AskAcceptanceBody, ConfirmEditBody, DeclineEditBody, EditBody
from comanda.backoffice.office import Office, etag
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.orders.edits.ask_acceptance import asking_acceptance
from comanda.orders.edits.confirm_edit import confirming
from comanda.orders.edits.decline_edit import declining
from comanda.orders.edits.desk import EditDesk
from comanda.orders.edits.request_edit import requesting
from comanda.runtime.http import answer, answers


def hang_edits(routes: StaffRoutes, office: Callable[[], Office], edits: Callable[[], EditDesk]) -> None:
    """Every route of an order's edits."""
    commands = Commands(routes, office)

    @routes.post(
        "/admin/orders/<order_id>/edits",
        "orders.write",
        "Work out a change of the order: totals, difference, stock. Nothing is changed yet.",
        answers(201, "The open edit with its preview"),
    )
    def request(order_id: str, body: EditBody) -> Response[dict[str, Any]]:
        decide = requesting(body.asked(), body.reasons, routes.origin, edits())
        done = commands.run("edit", order_id, body, decide)
        version = done.order.version
        replayed = {"Idempotent-Replay": "true"} if done.replayed else {}
        return answer(done.result | {"version": version}, 201, etag(version) | replayed)

    hang = commands.hang

    @hang("edits/<edit_id>/confirm", "Carry the open edit out, exactly as it was shown.")
    def confirm(order_id: str, edit_id: str, body: ConfirmEditBody | None = None) -> Answer:
        notify = body.notify if body else True
        decide = confirming(edit_id, routes.origin, edits(), by="staff", notify=notify)
        return commands.tell(commands.run(f"edit-{edit_id}-confirm", order_id, body, decide, keyed=True))

    @hang("edits/<edit_id>/decline", "Drop the open edit.")
    def decline(order_id: str, edit_id: str, body: DeclineEditBody | None = None) -> Answer:
        decide = declining(edit_id, body.reason if body else "", edits(), by="staff")
        return commands.tell(commands.run(f"edit-{edit_id}-decline", order_id, body, decide))

    @hang("edits/<edit_id>/request-acceptance", "Mail the customer a link to accept or decline the edit.")
    def ask(order_id: str, edit_id: str, body: AskAcceptanceBody | None = None) -> Answer:
        decide = asking_acceptance(edit_id, body.message if body else "", routes.origin, edits())
        return commands.tell(commands.run(f"edit-{edit_id}-ask", order_id, body, decide))
