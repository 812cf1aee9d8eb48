"""Price lists: all of them, one of them, what it says of a product, and its file."""

from comanda.errors import Invalid
from comanda.pricelists.change_entry import change_entry
from comanda.pricelists.export_prices import export_prices
from comanda.pricelists.model import Entry
from comanda.screens.house.answers import Answer, File, Goto, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.prices.desk import PriceDesk
from comanda.screens.prices.entry import version, wanted
from comanda.screens.prices.screens import entry_screen, list_screen, lists_screen, place
from comanda.stock.import_prices import MOST_BYTES, import_prices

ROOT = "/settings/prices"


def hang_prices(house: House, desk: PriceDesk) -> None:
    @house.get(ROOT, "prices.read")
    def lists(asked: Asked) -> Answer:
        return lists_screen(asked, desk)

    @house.get(f"{ROOT}/<group>", "prices.read")
    def one(asked: Asked, group: str) -> Answer:
        return list_screen(asked, desk, group)

    _hang_entries(house, desk)
    _hang_files(house, desk)


def _hang_entries(house: House, desk: PriceDesk) -> None:
    @house.get(f"{ROOT}/<group>/add", "prices.write")
    def fresh(asked: Asked, group: str) -> Answer:
        return entry_screen(asked, desk, group, "")

    @house.post(f"{ROOT}/<group>/add", "prices.write")
    def add(asked: Asked, group: str) -> Answer:
        sku = asked.field("sku")
        if not sku or sku not in desk.stock().products([sku]):
            raise Invalid.at("/sku", "there is no product with this code")
        return _saved(asked, desk, group, sku)

    @house.get(f"{ROOT}/<group>/of/<sku>", "prices.read")
    def entry(asked: Asked, group: str, sku: str) -> Answer:
        return entry_screen(asked, desk, group, sku)

    @house.post(f"{ROOT}/<group>/of/<sku>", "prices.write")
    def save(asked: Asked, group: str, sku: str) -> Answer:
        return _saved(asked, desk, group, sku)

    @house.post(f"{ROOT}/<group>/of/<sku>/remove", "prices.write")
    def remove(asked: Asked, group: str, sku: str) -> Answer:
        name, _ = desk.of(asked, group)
        seen, origin = version(asked), asked.origin
        change_entry(desk.prices(), Entry(group, sku), seen=seen, at=origin.at, actor=origin.actor)
        told = asked.tongue.say("%(sku)s is out of the list %(name)s.", sku=sku, name=name)
        return Goto(place(group), told)


def _saved(asked: Asked, desk: PriceDesk, group: str, sku: str) -> Goto:
    """Keep what the form says under the version that was seen. Raises NotFound, Invalid, Stale, Malformed."""
    _, currency = desk.of(asked, group)
    entry, origin = wanted(asked, group, sku, currency), asked.origin
    if entry.empty:
        raise Invalid.at("/breaks", "say a price, a box or a smallest quantity")
    change_entry(desk.prices(), entry, seen=version(asked), at=origin.at, actor=origin.actor)
    return Goto(place(group), asked.tongue.say("Saved."))


def _hang_files(house: House, desk: PriceDesk) -> None:
    @house.get(f"{ROOT}/<group>/file.csv", "prices.read")
    def file(asked: Asked, group: str) -> Answer:
        _, currency = desk.of(asked, group)
        return File(f"prices-{group}.csv", export_prices(desk.prices(), group, currency))

    @house.get(f"{ROOT}/<group>/import", "prices.write")
    def page(asked: Asked, group: str) -> Answer:
        name, _ = desk.of(asked, group)
        back = place(group)
        return Screen("prices/import.html.j2", {"name": name, "back": back, "action": f"{back}/import"})

    @house.post(f"{ROOT}/<group>/import", "prices.write")
    def imported(asked: Asked, group: str) -> Answer:
        _, currency = desk.of(asked, group)
        data, origin = asked.files.get("file", b""), asked.origin
        if not data.strip():
            raise Invalid.at("/file", "choose a file that is not empty")
        if len(data) > MOST_BYTES:
            raise Invalid.at("/file", f"takes at most {MOST_BYTES} bytes")
        done = import_prices(data, desk.prices(), group, currency, at=origin.at, actor=origin.actor)
        told = asked.tongue.say_many(
            "%(n)s product has new prices; %(same)s stay as they were.",
            "%(n)s products have new prices; %(same)s stay as they were.",
            done["changed"],
            same=done["unchanged"],
        )
        return Goto(place(group), told)
