"""What the screens of price lists show."""

from typing import Any
from urllib.parse import quote

from comanda.pricelists.model import EVERYONE, Entry
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.prices.desk import PriceDesk, called
from comanda.screens.prices.entry import rows as typed_rows
from comanda.screens.settings.kinds import Reader
from comanda.screens.settings.plain import Percent

PAGE = 50
ROOT = f"{BASE}/settings/prices"


def place(group: str, sku: str = "") -> str:
    """The address of a list, or of what it says of a product."""
    return f"{ROOT}/{quote(group, safe='')}" + (f"/of/{quote(sku, safe='')}" if sku else "")


def lists_screen(asked: Asked, desk: PriceDesk) -> Screen:
    """The list for everybody, then one for each group of customers."""
    groups, currency = desk.groups()
    at, money = Reader(asked.tongue, currency), asked.tongue.speech.money
    rows: list[dict[str, Any]] = [
        {"name": asked.tongue.say("Everybody"), "address": place(EVERYONE), "percent": "", "least": ""}
    ]
    rows += [
        {
            "name": called(asked, group),
            "address": place(group.code),
            "percent": Percent().said(group.percent_ppm, at) if group.percent_ppm else "",
            "least": money(group.minimum_order, currency) if group.minimum_order else "",
        }
        for group in groups
    ]
    return Screen("prices/lists.html.j2", {"rows": rows, "groups": f"{BASE}/settings/groups"})


def list_screen(asked: Asked, desk: PriceDesk, group: str) -> Screen:
    """What a list says, by SKU. Raises NotFound."""
    name, currency = desk.of(asked, group)
    entries, after = desk.prices().listed(group, limit=PAGE, after=asked.word("after")[:80])
    known = desk.stock().products([entry.sku for entry in entries]) if entries else {}
    money = asked.tongue.speech.money
    rows = [
        {
            "sku": entry.sku,
            "address": place(group, entry.sku),
            "name": known[entry.sku].name(asked.tongue.code) if entry.sku in known else "",
            "usual": money(known[entry.sku].price, currency) if entry.sku in known else "",
            "prices": [(start, money(amount, currency)) for start, amount in entry.breaks],
            "box": entry.units_per_box,
            "least": entry.minimum_quantity,
        }
        for entry in entries
    ]
    pages = {
        "older": asked.address(after=after) if after else "",
        "newest": asked.address(after=None) if asked.word("after") else "",
    }
    return Screen("prices/list.html.j2", {"name": name, "here": place(group), "rows": rows} | pages)


def entry_screen(asked: Asked, desk: PriceDesk, group: str, sku: str) -> Screen:
    """What the list says of one product, as a form; without a SKU a new one. Raises NotFound."""
    name, currency = desk.of(asked, group)
    found = desk.prices().many(group, [sku]).get(sku) if sku else None
    entry = found or Entry(group, sku)
    product = desk.stock().products([sku]).get(sku) if sku else None
    action = place(group, sku) if sku else f"{place(group)}/add"
    return Screen(
        "prices/entry.html.j2",
        {
            "list": name,
            "back": place(group),
            "action": action,
            "entry": entry,
            "rows": typed_rows(asked, action, entry, currency),
            "currency": currency,
            "product": product.name(asked.tongue.code) if product else "",
            "usual": asked.tongue.speech.money(product.price, currency) if product else "",
        },
    )
