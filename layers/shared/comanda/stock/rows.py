"""How products and stock are kept: their rows and keys, written and read."""

import json
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from comanda.dynamo.row import Row
from comanda.stock.model import DEFAULT_LOCATION, Level, Part, Product

CATALOGUE = "CATALOGUE"  # all sellable products share one partition of the `catalogue` index


class StockRow(Row):
    """`<sku>#<location>#<shard>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sku = UnicodeAttribute()
    location = UnicodeAttribute()
    on_hand = NumberAttribute(default=0)
    reserved = NumberAttribute(default=0)
    allocated = NumberAttribute(default=0)
    available = NumberAttribute(default=0)
    bin = UnicodeAttribute(null=True)  # where in the location; kept by the first shard
    counted = NumberAttribute(null=True)  # what the last product file said; the next one moves the difference
    schema = NumberAttribute(default=1)


class ProductRow(Row):
    """`PRODUCT#<sku>`"""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sku = UnicodeAttribute()
    names = JSONAttribute()
    price = NumberAttribute()
    tax_ppm = NumberAttribute(default=0)
    barcode = UnicodeAttribute(default="")
    weight_grams = NumberAttribute(default=0)
    tracked = BooleanAttribute(default=True)
    image = UnicodeAttribute(default="")
    active = BooleanAttribute(default=True)
    components = JSONAttribute(null=True)  # of a bundle: [[sku, units], …]
    places = JSONAttribute(null=True)  # where it is kept: [[location, shards], …]
    oversell = UnicodeAttribute(null=True)
    promised_at = UnicodeAttribute(null=True)
    low_stock = NumberAttribute(null=True)
    catalogue_pk = UnicodeAttribute(null=True)
    catalogue_sk = UnicodeAttribute(null=True)
    import_id = UnicodeAttribute(null=True)  # the product file that changed it last
    schema = NumberAttribute(default=1)


def stock_key(sku: str, location: str = DEFAULT_LOCATION, shard: int = 0) -> str:
    return f"{sku}#{location}#{shard}"


def product_key(sku: str) -> str:
    return f"PRODUCT#{sku}"


def product_of(item: dict[str, Any]) -> Product:
    """A product from its raw item, read by hand: every line of every checkout comes through here."""
    return Product(
        sku=item["sku"]["S"],
        names=json.loads(item["names"]["S"]),
        price=int(item["price"]["N"]),
        tax_ppm=number(item, "tax_ppm"),
        barcode=_text(item, "barcode"),
        weight_grams=number(item, "weight_grams"),
        tracked=_flag(item, "tracked"),
        image=_text(item, "image"),
        active=_flag(item, "active"),
        components=tuple(Part(sku, n) for sku, n in json.loads(_text(item, "components") or "[]")),
        places=tuple((code, n) for code, n in json.loads(_text(item, "places") or "[]")),
        oversell=_text(item, "oversell"),
        promised_at=_text(item, "promised_at"),
        low_stock=number(item, "low_stock") if "low_stock" in item else None,
    )


def number(item: dict[str, Any], name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _text(item: dict[str, Any], name: str) -> str:
    return str(item[name]["S"]) if name in item else ""


def _flag(item: dict[str, Any], name: str) -> bool:
    return bool(item[name]["BOOL"]) if name in item else True


def stored(product: Product) -> dict[str, Any]:
    """Its fields as they are kept; None for what is left out."""
    parts = [[part.sku, part.quantity] for part in product.components]
    return product.to_dict() | {
        "components": parts or None,
        "places": [list(place) for place in product.places] or None,
        "oversell": product.oversell or None,
        "promised_at": product.promised_at or None,
    }


def product_row(product: Product) -> ProductRow:
    """The stored form; only a sellable product is in the catalogue index."""
    row = ProductRow(product_key(product.sku), **stored(product))
    if product.active:
        row.catalogue_pk, row.catalogue_sk = CATALOGUE, product.sku
    return row


def level_of(item: dict[str, Any]) -> Level:
    row = StockRow.from_raw_data(item)
    counts = {name: int(getattr(row, name)) for name in ("on_hand", "reserved", "allocated", "available")}
    counted = None if row.counted is None else int(row.counted)
    return Level(row.sku, row.location, **counts, counted=counted, bin=row.bin or "")
