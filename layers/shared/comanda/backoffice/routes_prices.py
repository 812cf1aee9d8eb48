"""/admin/price-lists: what products cost each group of customers."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from comanda.backoffice.office import etag
from comanda.backoffice.routes import StaffRoutes
from comanda.errors import Invalid, NotFound
from comanda.orders.wire import Body, MoneyBody, Sku
from comanda.pricelists.change_entry import change_entry, entry_answer, known_list
from comanda.pricelists.export_prices import export_prices
from comanda.pricelists.model import EVERYONE, Entry
from comanda.pricelists.store import PriceStore
from comanda.runtime.http import answer, download, if_match
from comanda.runtime.requests import raw_body
from comanda.settings.store import SettingsStore
from comanda.stock.import_prices import MOST_BYTES, import_prices

Units = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Group = Annotated[str, Path(max_length=40)]


class BreakBody(Body):
    from_quantity: Units
    unit_price: MoneyBody


class EntryBody(Body):
    """What the list says of the product; without anything the product leaves the list."""

    breaks: Annotated[list[BreakBody], Field(max_length=50)] = []
    units_per_box: Units | None = None
    minimum_quantity: Units | None = None

    def entry(self, group: str, sku: str, currency: str) -> Entry:
        """Raises Invalid for money of another currency."""
        for index, one in enumerate(self.breaks):
            if one.unit_price.currency != currency:
                pointer = f"/breaks/{index}/unit_price/currency"
                raise Invalid.at(pointer, f"the shop's currency is {currency}")
        breaks = tuple((one.from_quantity, one.unit_price.amount) for one in self.breaks)
        return Entry(group, sku, breaks, self.units_per_box, self.minimum_quantity)


def hang_prices(
    routes: StaffRoutes, prices: Callable[[], PriceStore], settings: Callable[[], SettingsStore]
) -> None:
    def currency_of(group: str) -> str:
        """The shop's currency. Raises NotFound when there is no such group."""
        found = settings().sections(["shop", "customers"])
        if not known_list(group, found["customers"], EVERYONE):
            raise NotFound(f"there is no group {group!r}; the list for all is {EVERYONE!r}")
        return str(found["shop"].currency)

    @routes.get("/admin/price-lists/<group>", "prices.read", "The price list of a group, by SKU.")
    def listed(
        group: Group,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
        cursor: Annotated[str, Query(max_length=80)] = "",
    ) -> Response[dict[str, Any]]:
        unit = currency_of(group)
        entries, after = prices().listed(group, limit=limit, after=cursor)
        return answer({"items": [entry_answer(entry, unit) for entry in entries], "next": after or None})

    @routes.post(
        "/admin/price-lists/<group>/import", "prices.write", "Import a price list (CSV); again is safe."
    )
    def imported(group: Group) -> Response[dict[str, Any]]:
        origin, unit = routes.origin, currency_of(group)
        data = raw_body(routes.event, MOST_BYTES)
        return answer(import_prices(data, prices(), group, unit, at=origin.at, actor=origin.actor))

    @routes.get(
        "/admin/files/prices/<group>",
        "prices.read",
        "A price list as its import takes it back (CSV).",
    )
    def exported(group: Group) -> Response[Any]:
        return download(f"prices-{group}.csv", export_prices(prices(), group, currency_of(group)))

    @routes.get(
        "/admin/price-lists/<group>/<sku>", "prices.read", "What a list says of a product, with its ETag."
    )
    def get(group: Group, sku: Annotated[Sku, Path()]) -> Response[dict[str, Any]]:
        unit = currency_of(group)
        entry = prices().load(group, sku)
        return answer(entry_answer(entry, unit), headers=etag(entry.version))

    @routes.put(
        "/admin/price-lists/<group>/<sku>",
        "prices.write",
        'Say what a list says of a product; If-Match "0" for one it does not name yet.',
    )
    def put(group: Group, sku: Annotated[Sku, Path()], body: EntryBody) -> Response[dict[str, Any]]:
        origin, unit, seen = routes.origin, currency_of(group), if_match(routes.event)
        wanted = body.entry(group, sku, unit)
        entry = change_entry(prices(), wanted, seen=seen, at=origin.at, actor=origin.actor)
        return answer(entry_answer(entry, unit), headers=etag(entry.version))
