"""GET /admin/deliveries: the delivery orders that wait for hands."""

from collections.abc import Callable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel

from comanda.backoffice.bodies import ShortPickBody, StepBody, UndoShortPickBody
from comanda.backoffice.deliveries.list import list_deliveries, read_wanted
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import given
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Commands
from comanda.backoffice.undoing import Undoing
from comanda.fulfilment.pick import stepping
from comanda.fulfilment.put_back import confirming_put_back
from comanda.fulfilment.short_pick import ShortDesk, finding_after_all, short_picking
from comanda.runtime.http import answer
from comanda.settings.store import SettingsStore

Code = str | None


class DeliveryParameters(BaseModel):
    """`status` and `location` may be repeated; days as `today` or `3d`; `held` is `false` (what is on hold is
    left out), `true` (marked) or `only`."""

    status: Code = None
    location: Code = None
    promised_from: Code = None
    promised_to: Code = None
    held: Code = None
    limit: Code = None
    cursor: Code = None


def hang_steps(routes: StaffRoutes, office: Callable[[], Office]) -> None:
    """From the shelf to the parcel."""
    commands = Commands(routes, office)

    def stepped(command: str, order_id: str, body: StepBody | None) -> Response[dict[str, Any]]:
        decide = stepping(command, (body or StepBody()).handful())
        return commands.tell(commands.run(command, order_id, body, decide, keyed=True))

    @commands.hang("pick", "Units are taken from the shelf: some, or all that lie ready.")
    def pick(order_id: str, body: StepBody | None = None) -> Response[dict[str, Any]]:
        return stepped("pick", order_id, body)

    @commands.hang("pack", "Picked units are packed: some, or all.")
    def pack(order_id: str, body: StepBody | None = None) -> Response[dict[str, Any]]:
        return stepped("pack", order_id, body)

    @commands.hang("undo-pick", "Picked units go back onto the shelf: some, or all that are not packed.")
    def undo_pick(order_id: str, body: StepBody | None = None) -> Response[dict[str, Any]]:
        return stepped("undo-pick", order_id, body)

    @commands.hang("undo-pack", "Packed units are taken out again: some, or all.")
    def undo_pack(order_id: str, body: StepBody | None = None) -> Response[dict[str, Any]]:
        return stepped("undo-pack", order_id, body)

    @commands.hang("put-back", "What was picked and is not wanted any more lies on its shelf again.")
    def put_back(order_id: str, body: StepBody | None = None) -> Response[dict[str, Any]]:
        decide = confirming_put_back((body or StepBody()).handful())
        return commands.tell(commands.run("put-back", order_id, body, decide, keyed=True))


def hang_short_picks(
    routes: StaffRoutes,
    office: Callable[[], Office],
    desk: Callable[[], ShortDesk],
    undoing: Callable[[], Undoing],
) -> None:
    """What is not found on its shelf."""
    commands = Commands(routes, office)

    @commands.hang("short-pick", "Units are missing, broken or misplaced: others take their place, or wait.")
    def short_pick(order_id: str, body: ShortPickBody) -> Response[dict[str, Any]]:
        decide = short_picking(body.short_pick(), desk(), routes.origin, may_choose=True)
        return commands.tell(commands.run("short-pick", order_id, body, decide, keyed=True))

    @commands.hang("undo-short-pick", "They were found after all: the order's again, as far as it can be.")
    def undo_short_pick(order_id: str, body: UndoShortPickBody) -> Response[dict[str, Any]]:
        decide = finding_after_all(body.short_id, undoing().short_picks(), desk(), routes.origin)
        return commands.tell(commands.run("undo-short-pick", order_id, body, decide, keyed=True))


def hang_deliveries(
    routes: StaffRoutes, order_list: Callable[[], OrderList], settings: Callable[[], SettingsStore]
) -> None:
    @routes.get("/admin/deliveries", "orders.read", "Delivery orders to pick, pack and ship, oldest first.")
    def deliveries(asked: Annotated[DeliveryParameters, Query()]) -> Response[dict[str, Any]]:
        zone = ZoneInfo(settings().section("shop")[0].time_zone)
        wanted = read_wanted(given(routes.event), routes.now(), zone)
        return answer(list_deliveries(wanted, order_list()), headers={"Cache-Control": "no-store"})
