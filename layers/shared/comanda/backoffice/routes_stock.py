"""/admin/stock/… and /admin/products/import: the shelf, its corrections, the merchant's product file."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from comanda.backoffice.listing.holders import holders
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.shelf import LEAVE_MS
from comanda.backoffice.shelf_desk import (
    AdjustBody,
    BeyondBody,
    BinBody,
    CountBody,
    ShelfDesk,
    SpreadBody,
    ThresholdBody,
    TransferBody,
    told,
)
from comanda.carts.store import CartStore
from comanda.orders.backorder import Arrivals
from comanda.runtime.http import answer, download
from comanda.runtime.requests import raw_body
from comanda.settings.store import SettingsStore
from comanda.stock.adjust_stock import Book, Correction
from comanda.stock.export_counts import export_counts
from comanda.stock.import_counts import MOST_BYTES as MOST_COUNT_BYTES
from comanda.stock.import_counts import import_counts, set_bin
from comanda.stock.import_products import MOST_BYTES, import_products
from comanda.stock.list_stock import list_stock, set_threshold
from comanda.stock.sell_beyond import sell_beyond
from comanda.stock.spread import spread_stock
from comanda.stock.stock_of import MOST_MOVEMENTS, movements_of, stock_of
from comanda.stock.transfer import Transfer


def hang_stock(
    routes: StaffRoutes,
    book: Callable[[], Book],
    settings: Callable[[], SettingsStore],
    arrivals: Callable[[], Arrivals],
    order_list: Callable[[], OrderList],
    carts: Callable[[], CartStore],
) -> None:
    """Everything about the shelf and what is on it."""
    desk = ShelfDesk(routes, book, settings, arrivals, order_list, carts)
    hang_figures(desk)
    hang_shelf(desk)
    hang_import(desk)
    hang_export(desk)


def hang_figures(desk: ShelfDesk) -> None:
    """What there is, who holds it, how it came to be so."""
    routes = desk.routes

    @routes.get("/admin/stock/<sku>", "stock.read", "What there is of a product, and its last corrections.")
    def get(
        sku: str, at: Annotated[str | None, Query(alias="location", max_length=40)] = None
    ) -> Response[dict[str, Any]]:
        rules, shelf = desk.rules(), desk.book()
        there = at or rules.default_location
        told = stock_of(sku, store=shelf.stock, adjustments=shelf.adjustments, location=there, rules=rules)
        return answer(told)

    @routes.get(
        "/admin/stock", "stock.read", "Products and what there is of them; `low`: those that run low."
    )
    def listed(
        low: Annotated[bool, Query()] = False,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        cursor: Annotated[str, Query(max_length=200)] = "",
    ) -> Response[dict[str, Any]]:
        found = list_stock(desk.book().stock, desk.rules(), low=low, limit=limit, cursor=cursor)
        return answer(found, headers={"Cache-Control": "no-store"})

    @routes.get(
        "/admin/stock/<sku>/movements", "stock.read", "Corrections, counts and transfers of a product."
    )
    def movements(
        sku: str,
        limit: Annotated[int, Query(ge=1, le=MOST_MOVEMENTS)] = 50,
        cursor: Annotated[str, Query(max_length=120)] = "",
    ) -> Response[dict[str, Any]]:
        return answer(movements_of(sku, desk.book().adjustments, limit=limit, cursor=cursor))

    @routes.get("/admin/stock/<sku>/orders", "stock.read", "The orders and carts that hold units of it.")
    def orders(sku: str, cursor: Annotated[str, Query(max_length=2000)] = "") -> Response[dict[str, Any]]:
        shop, _ = desk.settings().section("shop")
        zone = ZoneInfo(shop.time_zone)
        return answer(holders(sku, desk.order_list(), desk.carts(), routes.now(), zone, cursor))


def hang_shelf(desk: ShelfDesk) -> None:
    """One product: corrections, counts, transfers, shards, when it runs low."""
    routes = desk.routes

    @routes.put("/admin/stock/<sku>/low-stock", "stock.write", "At how many units a product runs low.")
    def threshold(sku: str, body: ThresholdBody) -> Response[dict[str, Any]]:
        return answer(set_threshold(desk.book().stock, sku, body.units))

    @routes.post("/admin/stock/<sku>/adjust", "stock.write", "Correct the stock of a product.")
    def adjust(sku: str, body: AdjustBody) -> Response[dict[str, Any]]:
        asked = Correction(sku, body.delta, body.reason, body.location or "")
        return desk.correct(asked, desk.request(sku, "adjust", body))

    @routes.post("/admin/stock/<sku>/count", "stock.write", "Say how many units lie on the shelf.")
    def count(sku: str, body: CountBody) -> Response[dict[str, Any]]:
        asked = Correction(sku, 0, body.reason, body.location or "", body.counted)
        return desk.correct(asked, desk.request(sku, "count", body))

    @routes.post("/admin/stock/<sku>/transfer", "stock.write", "Bring units from one location to another.")
    def transfer(sku: str, body: TransferBody) -> Response[dict[str, Any]]:
        asked = Transfer(sku, body.units, body.origin, body.to, body.reason)
        return told(desk.shelf.transfer(asked, routes.origin, desk.request(sku, "transfer", body)))

    @routes.post("/admin/stock/<sku>/spread", "stock.write", "Spread a hot product over shards, or gather.")
    def spread(sku: str, body: SpreadBody) -> Response[dict[str, Any]]:
        origin, request = routes.origin, desk.request(sku, "spread", body)
        where = desk.location(body.location)
        return told(
            spread_stock(
                sku, where, body.shards, desk.book(), actor=origin.actor, at=origin.at, request=request
            )
        )


def hang_import(desk: ShelfDesk) -> None:
    """The merchant's files: products, and what was counted where."""
    routes, book, settings = desk.routes, desk.book, desk.settings

    @routes.put(
        "/admin/stock/<sku>/backorder", "stock.write", "Sell a product beyond its stock, promised for a date."
    )
    def put_backorder(sku: str, body: BeyondBody) -> Response[dict[str, Any]]:
        return answer(sell_beyond(book().stock, sku, body.kind or "", body.promised_at))

    @routes.put("/admin/stock/<sku>/bin", "stock.write", "Say in which bin of a location a product lies.")
    def put_bin(sku: str, body: BinBody) -> Response[dict[str, Any]]:
        return answer(set_bin(book(), sku, desk.location(body.location), body.bin or ""))

    @routes.post("/admin/stock/import", "stock.write", "Import counts and bins per location (CSV).")
    def counted(dry_run: Annotated[bool, Query()] = False) -> Response[dict[str, Any]]:
        work = desk.counting(dry_run=dry_run)
        report = import_counts(raw_body(routes.event, MOST_COUNT_BYTES), work, routes.time_left(LEAVE_MS))
        if not dry_run:
            desk.arrivals().serve(more_time=routes.time_left(LEAVE_MS))
        return answer(report)

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
            location=desk.location(),
            time_left=routes.time_left(LEAVE_MS),
        )
        if report.state == "refused":
            raise report.refusal()
        if not dry_run:
            desk.arrivals().serve(more_time=routes.time_left(LEAVE_MS))
        return answer(report.to_dict())


def hang_export(desk: ShelfDesk) -> None:
    """What there is, as a file."""
    routes, book, settings = desk.routes, desk.book, desk.settings

    @routes.get(
        "/admin/files/stock",
        "stock.read",
        "The stock as the CSV file that its import takes back; `Link` names the next where one is full.",
    )
    def exported(first: Annotated[str, Query(alias="from", max_length=64)] = "") -> Response[Any]:
        shop, _ = settings().section("shop")
        made = export_counts(book().stock, desk.location(), first=first, locale=shop.locale)
        file = download("stock.csv", made.content)
        if made.next_sku:
            file.headers["Link"] = f'</admin/files/stock?from={quote(made.next_sku)}>; rel="next"'
        return file
