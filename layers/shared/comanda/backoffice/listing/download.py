"""The orders of a filtered list as one CSV file, while they are few; more are a job's business."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from comanda.backoffice.bulk.select import matching
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.listing.query import Query
from comanda.errors import WrongState
from comanda.exports.contents import LARGEST_ANSWER
from comanda.exports.exporting import Exporting
from comanda.exports.model import slug
from comanda.exports.sheet import Sheet

MOST_AT_ONCE = 500  # orders: eleven pages of the list, and about a second


@dataclass(frozen=True, slots=True)
class ListFile:
    name: str
    content: bytes
    orders: int


def list_file(
    query: Query, at: OrderList, exporting: Exporting, now: datetime, *, profile: str, format: str
) -> ListFile:
    """All orders that fit, in the list's order, as they are now; no order is marked as exported.

    Raises WrongState (`list-too-long`) for more orders, or more bytes, than one answer can hold: that is
    known after as many, so memory and reads are bounded whatever the filter.
    """
    ids = list(islice(matching(query, at), MOST_AT_ONCE + 1))
    if len(ids) > MOST_AT_ONCE:
        raise _too_long()
    shop = exporting.shop()
    sheet = Sheet(profile, format, ",", ZoneInfo(shop.time_zone))
    content = bytearray(sheet.take())
    for loaded in exporting.reader.stream(ids, lambda order: True):
        sheet.add(loaded, "new")
        content += sheet.take()
        if len(content) > LARGEST_ANSWER:
            raise _too_long()
    return ListFile(f"{slug(shop.name)}_{now:%Y%m%d_%H%M%S}.csv", bytes(content), len(ids))


def _too_long() -> WrongState:
    return WrongState(
        "list-too-long",
        "these are too many orders for one answer: POST /admin/bulk {action: export, filter} writes a file"
        " of any length",
    )
