"""Import a price list from the merchant's CSV file: all of it, or nothing when a cell is wrong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from comanda.errors import Invalid
from comanda.money import exponent
from comanda.pricelists.change_entry import next_version
from comanda.pricelists.model import Entry
from comanda.pricelists.store import PriceStore
from comanda.stock import csv_cells
from comanda.stock.csv_numbers import Misread
from comanda.stock.csv_text import Unreadable, clean, column_name, decoded, delimiter_of, rows

COLUMNS = ("sku", "from_quantity", "unit_price", "units_per_box", "minimum_quantity")
MOST_BYTES = 2_000_000
MOST_PRODUCTS = 5_000


def import_prices(
    data: bytes, store: PriceStore, group: str, currency: str, *, at: str, actor: str
) -> dict[str, Any]:
    """Replace what a list says of each product in the file; other products stay as they are.

    One row per quantity from which a price holds; box and minimum stand in any row of the product.
    Sending a file again changes nothing. Raises Invalid with `/<row>/<column>` of every wrong cell,
    Stale when somebody else changes the same entries meanwhile (send it again).
    """
    wanted = _read(data, group, currency)
    before = store.many(group, wanted)
    changed = [
        next_version(before.get(sku) or Entry(group, sku), entry, at, actor)
        for sku, entry in wanted.items()
        if sku not in before or before[sku].says() != entry.says()
    ]
    store.replace(changed)
    return {"products": len(wanted), "changed": len(changed), "unchanged": len(wanted) - len(changed)}


def _read(data: bytes, group: str, currency: str) -> dict[str, Entry]:
    try:
        text, _ = decoded(data)
        table = list(rows(text, delimiter_of(text, COLUMNS)))
    except Unreadable as broken:
        raise Invalid.at(f"/{broken.found.row}", broken.found.problem) from broken
    header = [column_name(cell) for cell in table[0][1]] if table else []
    errors = [
        {"pointer": f"/1/{name}", "detail": "there is no such column"}
        for name in header
        if name not in COLUMNS
    ]
    if "sku" not in header:
        errors.append(
            {"pointer": "/1/sku", "detail": f"the first row names the columns: {', '.join(COLUMNS)}"}
        )
    if errors:
        raise Invalid("the file does not begin with the columns", errors=errors)
    found: dict[str, Entry] = {}
    for number, cells in table[1:]:
        _take(found, number, dict(zip(header, map(clean, cells), strict=False)), group, currency, errors)
    errors += [
        {"pointer": "/", "detail": f"{entry.sku} has a quantity twice"}
        for entry in found.values()
        if len({start for start, _ in entry.breaks}) < len(entry.breaks)
    ]
    if len(found) > MOST_PRODUCTS:
        errors.append({"pointer": "/", "detail": f"a file takes at most {MOST_PRODUCTS} products"})
    if errors:
        raise Invalid("nothing was imported; mend these cells", errors=errors)
    return found


def _take(
    found: dict[str, Entry],
    number: int,
    row: dict[str, str],
    group: str,
    currency: str,
    errors: list[dict[str, str]],
) -> None:
    """Add one row to its product, or say what is wrong with it."""

    def cell[T](name: str, read: Callable[[str], T]) -> T | None:
        text = row.get(name, "")
        if not text:
            return None
        try:
            return read(text)
        except Misread as wrong:
            errors.append({"pointer": f"/{number}/{name}", "detail": str(wrong)})
            return None

    sku = cell("sku", csv_cells.sku)
    if sku is None:
        if not row.get("sku"):
            errors.append({"pointer": f"/{number}/sku", "detail": "is empty: every row needs its SKU"})
        return
    price = cell("unit_price", lambda text: csv_cells.price(text, exponent(currency)))
    start = cell("from_quantity", _units) or 1
    box, least = cell("units_per_box", _units), cell("minimum_quantity", _units)
    entry = found.get(sku) or Entry(group, sku)
    breaks = entry.breaks if price is None else tuple(sorted((*entry.breaks, (start, price))))
    found[sku] = replace(
        entry,
        breaks=breaks,
        units_per_box=box if box is not None else entry.units_per_box,
        minimum_quantity=least if least is not None else entry.minimum_quantity,
    )


def _units(text: str) -> int:
    units = csv_cells.stock(text)
    if not units:
        raise Misread("takes whole units from 1 on")
    return units
