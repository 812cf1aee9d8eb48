"""POST /admin/orders/{order_id}/promise: what an order waits for is to come on another day."""

from collections.abc import Callable

from comanda.backoffice import deciding
from comanda.backoffice.bodies import PromiseBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.settings.store import SettingsStore


def hang_goods(
    routes: StaffRoutes, office: Callable[[], Office], settings: Callable[[], SettingsStore]
) -> None:
    commands = Commands(routes, office)

    @commands.hang("promise", "Promise what waits for stock for another day.")
    def promise(order_id: str, body: PromiseBody) -> Answer:
        decide = deciding.promise(body, commands.by(), settings())
        return commands.tell(commands.run("promise", order_id, body, decide))
