"""A price list as the CSV file that its import takes back unchanged."""

import csv
import io
from collections.abc import Iterator

from comanda.money import decimal_text
from comanda.pricelists.model import Entry
from comanda.pricelists.store import PriceStore

AT_ONCE = 500


def export_prices(store: PriceStore, group: str, currency: str) -> bytes:
    """All that the list says, by SKU: a row for each quantity from which a price holds, box and minimum in
    the product's first row. With a mark, without which some spreadsheets do not read it as UTF-8."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(("sku", "from_quantity", "unit_price", "units_per_box", "minimum_quantity"))
    for entry in _entries(store, group):
        prices = [(str(start), decimal_text(amount, currency)) for start, amount in entry.breaks]
        rules = [("" if one is None else one) for one in (entry.units_per_box, entry.minimum_quantity)]
        for index, (start, price) in enumerate(prices or [("", "")]):
            sheet.writerow((entry.sku, start, price, *(("", "") if index else rules)))
    return "\ufeff".encode() + out.getvalue().encode()


def _entries(store: PriceStore, group: str) -> Iterator[Entry]:
    after = ""
    while True:
        found, after = store.listed(group, limit=AT_ONCE, after=after)
        yield from found
        if not after:
            return
