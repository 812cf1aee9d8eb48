"""What the screens of the stock show."""

from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.holders import holders
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.shelf import Shelf
from comanda.carts.store import CartStore
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked
from comanda.screens.stock.wishes import REASONS
from comanda.stock.available import available
from comanda.stock.list_products import just_before
from comanda.stock.list_stock import list_low
from comanda.stock.model import Product
from comanda.stock.stock_of import movements_of, stock_of

PAGE = 50
MOVEMENTS = 20
WORDS = {
    "count": N_("counted"),
    "found": N_("found"),
    "missing": N_("not found on the shelf"),
    "misplaced": N_("misplaced on the shelf"),
    "damaged": N_("damaged"),
    "lost": N_("lost"),
    "received": N_("received"),
    "returned": N_("returned"),
    "sample": N_("given away as a sample"),
    "transfer": N_("brought to another location"),
    "import": N_("product file"),
}


def list_screen(asked: Asked, shelf: Shelf) -> Screen:
    """Products by SKU, from what was searched for on, with what can be sold of each now."""
    store, start = shelf.book().stock, asked.word("q").strip()[:80]
    after = asked.word("cursor")[:120] or just_before(start)
    found, more = store.catalogue(limit=PAGE, after=after)
    products = store.put_together({product.sku: product for product in found})
    free = store.free(products.values(), shelf.rules.default_location)
    rows = [_row(asked, product, available(product, free)) for product in products.values()]
    return Screen(
        "stock/list.html.j2",
        {
            "rows": rows,
            "q": start,
            "first": asked.address(cursor=None) if asked.word("cursor") else "",
            "next": asked.address(cursor=more) if more else "",
        },
    )


def low_screen(asked: Asked, shelf: Shelf) -> Screen:
    """What runs low, since when, how much is there and how much is held or waited for."""
    rules = shelf.rules
    found = list_low(shelf.book().stock, rules, limit=PAGE, cursor=asked.word("cursor"))
    rows = [item | {"name": _name(asked, item["names"], item["sku"])} for item in found["items"]]
    return Screen(
        "stock/low.html.j2",
        {
            "rows": rows,
            "usual": rules.low_stock,
            "first": asked.address(cursor=None) if asked.word("cursor") else "",
            "next": asked.address(cursor=found["next"]) if found["next"] else "",
        },
    )


def product_screen(asked: Asked, sku: str, shelf: Shelf, orders: OrderList, carts: CartStore) -> Screen:
    """One product: figures by location, who holds units, what moved it. Raises NotFound."""
    book, home = shelf.book(), shelf.rules.default_location
    found = stock_of(sku, store=book.stock, adjustments=book.adjustments, location=home)
    zone = ZoneInfo(str(shelf.settings().section("shop")[0].time_zone))
    moved = movements_of(sku, book.adjustments, limit=MOVEMENTS, cursor=asked.word("moved"))
    held = holders(sku, orders, carts, asked.now, zone)
    return Screen(
        "stock/product.html.j2",
        {
            "product": found,
            "name": _name(asked, found["names"], sku),
            "sums": _sums(found["locations"]),
            "held": held,
            "in_orders": sum(row["reserved"] + row["allocated"] for row in held["items"]),
            "in_carts": sum(row["reserved"] for row in held.get("carts", [])),
            "moved": moved["items"],
            "older": asked.address(moved=moved["next"]) if moved["next"] else "",
            "places": [(code, code) for code in shelf.locations()],
            "reasons": [(code, asked.tongue.say(WORDS[code])) for code in REASONS],
            "words": WORDS,
        },
    )


def _name(asked: Asked, names: dict[str, str], sku: str) -> str:
    return names.get(asked.tongue.code) or next(iter(names.values()), sku)


def _sums(places: list[dict[str, Any]]) -> dict[str, int]:
    return {
        name: sum(place[name] for place in places)
        for name in ("on_hand", "reserved", "allocated", "available")
    }


def _row(asked: Asked, product: Product, left: int | None) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "name": product.name(asked.tongue.code),
        "barcode": product.barcode,
        "left": left,
        "oversell": product.oversell,
        "bundle": bool(product.components),
    }
