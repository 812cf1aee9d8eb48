"""/admin/stock/… and /admin/products/import: the shelf, its corrections, the merchant's product file."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from comanda.backoffice.bodies import Reason
from comanda.backoffice.routes import StaffRoutes
from comanda.idempotency.store import Request
from comanda.orders.backorder import Arrivals
from comanda.orders.wire import Body
from comanda.runtime.http import answer, idempotency_key
from comanda.runtime.requests import raw_body
from comanda.settings.sections import Code
from comanda.settings.store import SettingsStore
from comanda.stock.adjust_stock import MOST_UNITS, Book, Correction, adjust_stock
from comanda.stock.import_products import MOST_BYTES, import_products
from comanda.stock.stock_of import stock_of

LEAVE_MS = 4_000  # what an import leaves of the time a function has, to finish its transaction and answer


class AdjustBody(Body):
    delta: Annotated[int, Field(strict=True, ge=-MOST_UNITS, le=MOST_UNITS)]
    reason: Reason
    location: Code | None = None


def hang_stock(
    routes: StaffRoutes,
    book: Callable[[], Book],
    settings: Callable[[], SettingsStore],
    arrivals: Callable[[], Arrivals],
) -> None:
    def location(wanted: str | None) -> str:
        return wanted or str(settings().section("stock")[0].default_location)

    @routes.get("/admin/stock/<sku>", "stock.read", "What there is of a product, and its last corrections.")
    def get(
        sku: str, at: Annotated[str | None, Query(alias="location", max_length=40)] = None
    ) -> Response[dict[str, Any]]:
        there = location(at)
        shelf = book()
        return answer(stock_of(sku, store=shelf.stock, adjustments=shelf.adjustments, location=there))

    @routes.post("/admin/stock/<sku>/adjust", "stock.write", "Correct the stock of a product.")
    def adjust(sku: str, body: AdjustBody) -> Response[dict[str, Any]]:
        origin = routes.origin
        key = idempotency_key(routes.event)
        request = Request.of(f"{origin.actor}#adjust#{sku}", key, body.model_dump(mode="json"))
        asked = Correction(sku, body.delta, body.reason, location(body.location))
        done = adjust_stock(asked, book(), actor=origin.actor, at=origin.at, request=request)
        if body.delta > 0:
            arrivals().serve(sku, more_time=routes.time_left(LEAVE_MS))
        return answer(done.result, headers={"Idempotent-Replay": "true"} if done.replayed else {})

    @routes.post(
        "/admin/products/import", "stock.write", "Import a product file (CSV); sending it again is safe."
    )
    def imported(dry_run: Annotated[bool, Query()] = False) -> Response[dict[str, Any]]:
        shop, _ = settings().section("shop")
        report = import_products(
            raw_body(routes.event, MOST_BYTES),
            store=book().stock,
            currency=shop.currency,
            now=routes.now(),
            actor=routes.origin.actor,
            dry_run=dry_run,
            location=location(None),
            time_left=routes.time_left(LEAVE_MS),
        )
        if report.state == "refused":
            raise report.refusal()
        if not dry_run:
            arrivals().serve(more_time=routes.time_left(LEAVE_MS))
        return answer(report.to_dict())
