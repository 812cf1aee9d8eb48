"""The counter over the staff API: put aside, find by code, hand over, take back."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.bodies import NothingBody
from comanda.backoffice.bodies_pickup import FindBody, HandOverBody, ReadyBody, UndoHandOverBody
from comanda.backoffice.counter import Counter
from comanda.backoffice.office import Office
from comanda.backoffice.pickup_answer import waiting_answer
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.backoffice.undoing import FETCHED, Undoing
from comanda.fulfilment.ready import putting_back
from comanda.runtime.http import answer

MOST, USUAL = 100, 50


def hang_pickup(
    routes: StaffRoutes,
    office: Callable[[], Office],
    counter: Callable[[], Counter],
    undoing: Callable[[], Undoing],
) -> None:
    commands = Commands(routes, office)

    @commands.hang("ready-for-pickup", "Put goods aside for the customer who fetches them, and tell them.")
    def ready(order_id: str, body: ReadyBody | None = None) -> Answer:
        asked = body or ReadyBody()
        decide = counter().ready(asked, commands.by())
        return commands.tell(commands.run("ready-for-pickup", order_id, asked, decide))

    @commands.hang("not-ready", "What was put aside does not wait for its customer any more.")
    def not_ready(order_id: str, body: NothingBody | None = None) -> Answer:
        return commands.tell(commands.run("not-ready", order_id, body, putting_back))

    @commands.hang("hand-over", "Hand what waits to whoever fetches it, by the code or the order's number.")
    def hand_over(order_id: str, body: HandOverBody) -> Answer:
        decide = counter().hand_over(order_id, body, commands.by())
        return commands.tell(commands.run("hand-over", order_id, body, decide, keyed=True))

    @commands.hang("undo-hand-over", "A hand-over was noted by mistake: the goods wait as before.")
    def undo(order_id: str, body: UndoHandOverBody) -> Answer:
        decide = undoing().deciding(FETCHED, body.hand_over_id, routes.origin.at)
        return commands.tell(commands.run("undo-hand-over", order_id, body, decide, keyed=True))

    @routes.get("/admin/pickups", "orders.read", "What waits at the counter, the oldest order first.")
    def waiting(
        limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
        cursor: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response[dict[str, Any]]:
        found, after = counter().waiting(limit, cursor)
        told = {"items": [waiting_answer(one) for one in found], "next": after}
        return answer(told, headers={"Cache-Control": "no-store"})

    @routes.post("/admin/pickups/find", "orders.read", "The order that a pickup code, or a number, is of.")
    def find(body: FindBody) -> Response[dict[str, Any]]:
        return office().show(counter().find(body.code, routes.origin.actor))
