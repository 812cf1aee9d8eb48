"""One order as a CSV file: what the merchant's mail links to and staff download."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from comanda.exports.model import slug
from comanda.exports.sheet import Sheet
from comanda.orders.decision import Loaded
from comanda.settings.sections import Shop


@dataclass(frozen=True, slots=True)
class OrderFile:
    name: str
    content: bytes


def single_order_csv(
    loaded: Loaded, shop: Shop, *, format: str = "spreadsheet", profile: str = "lines", delimiter: str = ","
) -> OrderFile:
    """The order's rows with their header. `event` is `new`: no destination is meant."""
    sheet = Sheet(profile, format, delimiter, ZoneInfo(shop.time_zone))
    sheet.add(loaded, "new")
    return OrderFile(f"{slug(shop.name)}_{slug(loaded.order.number)}.csv", sheet.take())
