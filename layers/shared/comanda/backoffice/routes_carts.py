"""/admin/carts: customers' open carts, and taking one over."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import StringConstraints

from comanda.backoffice.office import Office
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.take_cart import take_cart
from comanda.carts.edit import Carts
from comanda.carts.open_carts import MOST, USUAL, list_open
from comanda.errors import Invalid
from comanda.orders.drafts.write import DraftDesk
from comanda.orders.wire import Body
from comanda.runtime.http import answer, answers, idempotency_key
from comanda.settings.store import SettingsStore

POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w-]{1,80}", re.ASCII)


class TakeBody(Body):
    """`name` is what the customer is told; else the name in the settings, else the shop's."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""


def open_carts(carts: Carts, limit: int, cursor: str) -> Response[dict[str, Any]]:
    """One page of open carts. Raises Invalid for a cursor that is none of ours."""
    if cursor and not POSITION.fullmatch(cursor):
        raise Invalid.at("/cursor", "belongs to another list; begin without a cursor")
    found = list_open(carts, limit=limit, after=cursor)
    return answer(found, headers={"Cache-Control": "no-store"})


def hang_carts(
    routes: StaffRoutes,
    office: Callable[[], Office],
    carts: Callable[[], Carts],
    drafts: Callable[[], DraftDesk],
    settings: Callable[[], SettingsStore],
) -> None:
    @routes.get("/admin/carts", "orders.read", "Carts with a contact that nobody has ordered, newest first.")
    def listed(
        limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
        cursor: Annotated[str, Query(max_length=120)] = "",
    ) -> Response[dict[str, Any]]:
        return open_carts(carts(), limit, cursor)

    @routes.post(
        "/admin/carts/<cart_id>/take",
        "orders.write",
        "Take a customer's cart over: it becomes a draft and can no longer be ordered by itself.",
        answers(201, "The draft; `result` names what is gone, short, or missing"),
    )
    def take(cart_id: str, body: TakeBody | None = None) -> Response[dict[str, Any]]:
        key, name = idempotency_key(routes.event, required=False), body.name if body else ""
        done = take_cart(cart_id, name, routes.origin, key, office(), carts(), drafts(), settings())
        return office().told(done, 201)
