"""POST /admin/orders/{order_id}/ship and /promise: goods that go out, and those that come on another day."""

from collections.abc import Callable

from comanda.backoffice import deciding
from comanda.backoffice.bodies import PromiseBody
from comanda.backoffice.bodies_ship import ShipBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.settings.store import SettingsStore


def hang_goods(
    routes: StaffRoutes, office: Callable[[], Office], settings: Callable[[], SettingsStore]
) -> None:
    commands = Commands(routes, office)

    @commands.hang("ship", "Ship some or all units, as one parcel or as several.")
    def ship(order_id: str, body: ShipBody) -> Answer:
        decide = deciding.ship(body, commands.by(), settings())
        done = commands.run("ship", order_id, body, decide, keyed=True)
        for number in body.tracking_numbers:
            office().scanning.catch_up(order_id, number, routes.origin.at)
        return commands.tell(done)

    @commands.hang("promise", "Promise what waits for stock for another day.")
    def promise(order_id: str, body: PromiseBody) -> Answer:
        decide = deciding.promise(body, commands.by(), settings())
        return commands.tell(commands.run("promise", order_id, body, decide))
