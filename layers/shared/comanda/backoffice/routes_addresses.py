"""/admin/orders/{order_id}/address…: what speaks against an address, and staff who say it is right."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.bodies import NothingBody
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Commands
from comanda.fulfilment.address_check import accepting_address, address_answer
from comanda.runtime.http import answer

Carrier = Annotated[str, Query(max_length=60, description="with it what this carrier's labels ask for")]


def hang_addresses(routes: StaffRoutes, office: Callable[[], Office]) -> None:
    commands = Commands(routes, office)

    @routes.get(
        "/admin/orders/<order_id>/address", "orders.read", "What speaks against the address it is sent to."
    )
    def look(order_id: str, carrier: Carrier = "") -> Response[dict[str, Any]]:
        found = address_answer(office().desk.load(order_id), carrier)
        return answer({"address_check": found}, headers={"Cache-Control": "no-store"})

    @commands.hang("address-fine", "Say that the address is right as it stands; holds for its sake end.")
    def fine(order_id: str, body: NothingBody | None = None) -> Response[dict[str, Any]]:
        return commands.tell(commands.run("address-fine", order_id, body, accepting_address))
