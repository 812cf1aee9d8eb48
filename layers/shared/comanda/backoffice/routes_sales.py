"""POST /admin/orders/{order_id}/assign and /tag: whose order it is, and what the shop marks it with."""

from collections.abc import Callable

from comanda.backoffice import deciding
from comanda.backoffice.bodies import AssignBody, TagBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.orders.assign import assignee
from comanda.settings.store import SettingsStore


def hang_sales(
    routes: StaffRoutes, office: Callable[[], Office], settings: Callable[[], SettingsStore]
) -> None:
    commands = Commands(routes, office)

    @commands.hang("assign", "Give the order to a salesperson or a team; `me` is who asks, null nobody.")
    def assign(order_id: str, body: AssignBody) -> Answer:
        to = assignee(body.to, routes.origin.actor, settings().section("sales")[0])
        meant = body.model_copy(update={"to": to})
        return commands.tell(commands.run("assign", order_id, body, deciding.assign(meant, commands.by())))

    @commands.hang("tag", "Put tags on the order and take others off.")
    def tag(order_id: str, body: TagBody) -> Answer:
        return commands.tell(commands.run("tag", order_id, body, deciding.tag(body, commands.by())))
