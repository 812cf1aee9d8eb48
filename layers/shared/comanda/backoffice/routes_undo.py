"""POST /admin/orders/{order_id}/undo-…: events that were a slip of the hand."""

from collections.abc import Callable

from comanda.backoffice.bodies import NothingBody, UndoShipBody
from comanda.backoffice.bodies_money import UndoPaidBody, UndoRefundBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.backoffice.undoing import CANCELLED, CONSIGNED, PAID, REFUNDED, SHIPPED, Undoing
from comanda.orders.wire import Body


def hang_undo(routes: StaffRoutes, office: Callable[[], Office], undoing: Callable[[], Undoing]) -> None:
    """Each is refused once somebody was told, or anything else outside has begun."""
    commands = Commands(routes, office)

    def undone(command: str, order_id: str, body: Body | None, event: str, name: str = "") -> Answer:
        decide = undoing().deciding(event, name, routes.origin.at)
        return commands.tell(commands.run(command, order_id, body, decide, keyed=True))

    @commands.hang("undo-paid", "A payment was marked by mistake: out of the books, its receipt is not sent.")
    def paid(order_id: str, body: UndoPaidBody) -> Answer:
        return undone("undo-paid", order_id, body, PAID, body.payment_id)

    @commands.hang("undo-ship", "Parcels were noted by mistake: their units are the order's as before.")
    def ship(order_id: str, body: UndoShipBody) -> Answer:
        event = CONSIGNED if body.consignment else SHIPPED
        return undone("undo-ship", order_id, body, event, body.consignment or body.shipment_id or "")

    @commands.hang("undo-cancel", "The order was cancelled by mistake: it goes on with the very same units.")
    def cancel(order_id: str, body: NothingBody | None = None) -> Answer:
        return undone("undo-cancel", order_id, body, CANCELLED)

    @commands.hang("undo-refund", "A refund was entered by mistake: nothing was given back.")
    def refund(order_id: str, body: UndoRefundBody) -> Answer:
        return undone("undo-refund", order_id, body, REFUNDED, body.refund_id)
