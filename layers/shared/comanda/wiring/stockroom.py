"""Stock: its levels, its corrections, the orders served when it arrives, and products found by words."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from typing import Any

    from comanda.backoffice.file_imports import FileImports
    from comanda.backoffice.find_products import ProductList
    from comanda.fulfilment.short_pick import ShortDesk
    from comanda.orders.backorder import Arrivals
    from comanda.search.store import SearchStore
    from comanda.stock.adjust_stock import Book
    from comanda.stock.low import LowStock
    from comanda.stock.model import Product
    from comanda.stock.store import StockStore


@cache
def stock() -> "StockStore":
    from comanda.stock.store import StockStore

    return StockStore(variable("STOCK_TABLE"))


@cache
def stock_book() -> "Book":
    """Where staff's corrections of stock are written."""
    from comanda.ids import new_id
    from comanda.stock.adjust_stock import Book
    from comanda.stock.adjustments import AdjustmentStore

    return Book(wiring.stock(), AdjustmentStore(variable("JOBS_TABLE")), wiring.keys_seen(), new_id)


@cache
def short_desk() -> "ShortDesk":
    """What judging units takes that are not found on their shelf."""
    from comanda.fulfilment.short_pick import ShortDesk
    from comanda.ids import new_id

    return ShortDesk(
        wiring.stock(),
        wiring.orders().seen,
        lambda: wiring.settings().section("fulfilment")[0].short_pick,
        wiring.stock_book().adjustments.add,
        new_id,
        lambda skus, customer_id: wiring.edits().reader.shelf(skus, customer_id),
    )


@cache
def low_stock() -> "LowStock":
    """Tells of products that run low."""
    from comanda.stock.low import LowStock

    def publish(event: "dict[str, Any]") -> None:
        wiring.bus().publish([event])

    return LowStock(
        wiring.stock(), lambda: wiring.settings().section("stock")[0], publish, lambda: wiring.now()
    )


@cache
def arrivals() -> "Arrivals":
    """Orders that wait for stock, served when it comes in."""
    from comanda.orders.backorder import Arrivals

    return Arrivals(wiring.desk(), wiring.stock(), wiring.now)


def product(sku: str) -> "Product | None":
    """A product as it is now."""
    return wiring.stock().products([sku]).get(sku)


@cache
def product_tokens() -> "SearchStore":
    from comanda.search.store import PRODUCTS, SearchStore

    return SearchStore(variable("SEARCH_TABLE"), PRODUCTS)


@cache
def product_list() -> "ProductList":
    """Where staff find products."""
    from comanda.backoffice.find_products import ProductList

    return ProductList(wiring.product_tokens(), wiring.stock(), wiring.settings())


@cache
def file_imports() -> "FileImports":
    """A merchant's files, looked at before they are carried out."""
    from comanda.backoffice.file_imports import FileImports
    from comanda.backoffice.shelf import Shelf

    shelf = Shelf(wiring.stock_book, wiring.settings, wiring.arrivals)
    return FileImports(shelf, variable("JOBS_TABLE"), lambda: wiring.now())
