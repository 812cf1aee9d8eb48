"""/admin/vans: ask a carrier to fetch parcels, see what was asked for, settle what nobody knows of."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Carrier
from comanda.backoffice.bodies_labels import Account
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.vans import VanDesk, VanWish, van_answer
from comanda.errors import Invalid
from comanda.orders.wire import Body, Named
from comanda.runtime.http import answer

NOT_KEPT = {"Cache-Control": "no-store"}
LONGEST_ID = 64

Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class VanBody(Body):
    """`orders` are ids: all their parcels with an unscanned label of this account and carrier. Day and hours
    are of the place; `location` is whose sender address the van comes to, without it the shop's."""

    account: Account
    carrier: Carrier
    location: Annotated[str, Field(max_length=40)] = ""
    day: Day
    ready_from: Hour
    ready_until: Hour
    orders: Annotated[list[Named], Field(min_length=1, max_length=50)]
    note: Note = ""

    def wish(self) -> VanWish:
        return VanWish(**(self.model_dump() | {"orders": tuple(self.orders)}))


class SettleVanBody(Body):
    comes: bool
    confirmation: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""


def hang_vans(routes: StaffRoutes, vans: Callable[[], VanDesk]) -> None:
    @routes.put(
        "/admin/vans/<van_id>",
        "orders.write",
        "Ask a carrier for a van, once for each id: the same again answers what came of it.",
    )
    def ask(van_id: str, body: VanBody) -> Response[dict[str, Any]]:
        if not van_id.isascii() or len(van_id) > LONGEST_ID or not van_id.replace("-", "").isalnum():
            raise Invalid.at("/van_id", f"letters, digits and hyphens, {LONGEST_ID} at most: a UUID, say")
        return answer(van_answer(vans().ask(van_id, body.wish(), routes.origin)), headers=NOT_KEPT)

    @routes.get("/admin/vans", "orders.read", "Vans that were asked for, the latest day first.")
    def listed(
        limit: Annotated[int, Query(ge=1, le=100)] = 50, cursor: Annotated[str, Query(max_length=200)] = ""
    ) -> Response[dict[str, Any]]:
        found, following = vans().book.listed(limit, cursor)
        items = [van_answer(van.seen(routes.origin.at)) for van in found]
        return answer({"items": items, "next": following or None}, headers=NOT_KEPT)

    @routes.post(
        "/admin/vans/<van_id>/settle",
        "orders.write",
        "Say whether a van comes of which nobody knew, as the carrier's people told.",
    )
    def settle(van_id: str, body: SettleVanBody) -> Response[dict[str, Any]]:
        at = routes.origin.at
        return answer(van_answer(vans().settle(van_id, body.confirmation, comes=body.comes, at=at)))
