"""GET /admin/orders…: what staff see of orders."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from comanda.backoffice.listing.download import list_file
from comanda.backoffice.listing.list_orders import list_orders
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import Given, given, read_query
from comanda.backoffice.listing.query import Query as Wanted
from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_carts import open_carts
from comanda.carts.edit import Carts
from comanda.carts.open_carts import LIFECYCLE, MOST, USUAL
from comanda.errors import Invalid
from comanda.exports.exporting import Exporting
from comanda.orders.assign import names_of
from comanda.orders.filters import ME, whose
from comanda.runtime.http import answer, download
from comanda.settings.store import SettingsStore

Code = str | None


class ListParameters(BaseModel):
    """What the list may be asked for. Codes may be repeated, meaning any of them; dates also as `today`
    or `-30d`. The values are judged by the list itself, which answers with all mistakes at once."""

    created_from: Code = None
    created_to: Code = None
    month: Code = None
    lifecycle: Code = None
    payment: Code = None
    fulfilment: Code = None
    returns: Code = None
    method: Code = None
    channel: Code = None
    label: Code = None
    stage: Code = None
    assigned: Code = None
    tag: Code = None
    verified: Code = None
    promised: Code = None
    promised_from: Code = None
    promised_to: Code = None
    hold: Code = None
    not_lifecycle: Annotated[Code, Field(alias="not.lifecycle")] = None
    not_payment: Annotated[Code, Field(alias="not.payment")] = None
    not_fulfilment: Annotated[Code, Field(alias="not.fulfilment")] = None
    not_returns: Annotated[Code, Field(alias="not.returns")] = None
    not_method: Annotated[Code, Field(alias="not.method")] = None
    not_channel: Annotated[Code, Field(alias="not.channel")] = None
    not_label: Annotated[Code, Field(alias="not.label")] = None
    not_assigned: Annotated[Code, Field(alias="not.assigned")] = None
    not_tag: Annotated[Code, Field(alias="not.tag")] = None
    not_stage: Annotated[Code, Field(alias="not.stage")] = None
    not_verified: Annotated[Code, Field(alias="not.verified")] = None
    not_promised: Annotated[Code, Field(alias="not.promised")] = None
    not_hold: Annotated[Code, Field(alias="not.hold")] = None
    q: Code = None
    sort: Code = None
    limit: Code = None
    cursor: Code = None


class FileParameters(ListParameters):
    """The list's own, and what the file is to hold: a row for each order, or for each line."""

    profile: Literal["orders", "lines"] = "orders"
    format: Literal["machine", "spreadsheet"] = "spreadsheet"


FILE_ONLY = ("profile", "format", "limit", "cursor")


def hang_orders(
    routes: StaffRoutes,
    office: Callable[[], Office],
    order_list: Callable[[], OrderList],
    settings: Callable[[], SettingsStore],
    carts: Callable[[], Carts],
    exporting: Callable[[], Exporting],
) -> None:
    def understood(wanted: Given) -> Wanted:
        shop, _ = settings().section("shop")
        if any(ME in values for values in wanted.values()):
            wanted = whose(wanted, names_of(routes.origin.actor, settings().section("sales")[0]))
        return read_query(wanted, routes.now(), ZoneInfo(shop.time_zone))

    @routes.get("/admin/orders", "orders.read", "Orders, newest first: filtered, searched, page by page.")
    def orders(asked: Annotated[ListParameters, Query()]) -> Response[dict[str, Any]]:
        wanted = given(routes.event)
        if LIFECYCLE in wanted.get("lifecycle", ()):
            return open_carts(carts(), *_page_of_carts(wanted))
        page = list_orders(understood(wanted), order_list(), routes.origin.actor)
        return answer(page, headers={"Cache-Control": "no-store"})

    @routes.get("/admin/orders.csv", "exports.read", "The orders of a filtered list as a file, 500 at most.")
    def orders_csv(asked: Annotated[FileParameters, Query()]) -> Response[Any]:
        wanted = {name: values for name, values in given(routes.event).items() if name not in FILE_ONLY}
        made = list_file(
            understood(wanted),
            order_list(),
            exporting(),
            routes.now(),
            profile=asked.profile,
            format=asked.format,
        )
        return download(made.name, made.content)

    @routes.get(
        "/admin/orders/<order_id>", "orders.read", "An order with all beside it; `as_of` a time or revision."
    )
    def get(order_id: str, as_of: Annotated[str, Query(max_length=40)] = "") -> Response[dict[str, Any]]:
        return office().show_past(order_id, as_of) if as_of else office().show(order_id)


def _page_of_carts(wanted: Given) -> tuple[int, str]:
    """Limit and cursor of `lifecycle=cart`. Carts are no orders: no other filter tells them apart."""
    errors = [
        {"pointer": f"/{name}", "detail": "open carts (lifecycle=cart) take limit and cursor alone"}
        for name in wanted
        if name not in ("lifecycle", "limit", "cursor")
    ]
    if set(wanted["lifecycle"]) != {LIFECYCLE}:
        errors.append({"pointer": "/lifecycle", "detail": "cart stands alone"})
    limit = wanted.get("limit", [str(USUAL)])[-1]
    if not limit.isdecimal() or not limit.isascii() or not 1 <= int(limit[:9]) <= MOST:
        errors.append({"pointer": "/limit", "detail": f"a number from 1 to {MOST}"})
    if errors:
        raise Invalid("the list cannot be made like that", errors=errors)
    return int(limit), wanted.get("cursor", [""])[-1]
