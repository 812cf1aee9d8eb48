"""Stock: the products, one of them, and what is done to its shelf."""

from collections.abc import Callable
from urllib.parse import quote

from comanda.backoffice.file_imports import FileImports
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.shelf import LEAVE_MS, Shelf
from comanda.carts.store import CartStore
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.stock import wishes
from comanda.screens.stock.files import hang_files
from comanda.screens.stock.screens import list_screen, low_screen, product_screen
from comanda.stock.adjust_stock import Correction


def hang_stock(
    house: House,
    shelf: Shelf,
    order_list: Callable[[], OrderList],
    carts: Callable[[], CartStore],
    imports: Callable[[], FileImports],
) -> None:
    hang_files(house, imports, shelf)
    house.menu(40, N_("Stock"), "/stock", "stock.read", key="s")

    @house.get("/stock", "stock.read")
    def products(asked: Asked) -> Answer:
        return list_screen(asked, shelf)

    @house.get("/stock/low", "stock.read")
    def low(asked: Asked) -> Answer:
        return low_screen(asked, shelf)

    @house.get("/stock/<sku>", "stock.read")
    def product(asked: Asked, sku: str) -> Answer:
        return product_screen(asked, sku, shelf, order_list(), carts())

    def corrected(asked: Asked, wish: Correction, what: str) -> int:
        request, more_time = asked.once(f"{what}#{wish.sku}"), asked.time_left(LEAVE_MS)
        return int(shelf.correct(wish, asked.origin, request, more_time).result["delta"])

    @house.post("/stock/<sku>/count", "stock.write")
    def count(asked: Asked, sku: str) -> Answer:
        delta = corrected(asked, wishes.count(asked, sku), "count")
        told = asked.tongue.say("The count is kept; it changed the stock by %(n)s.", n=_signed(asked, delta))
        return Goto(_address(sku), told)

    @house.post("/stock/<sku>/adjust", "stock.write")
    def adjust(asked: Asked, sku: str) -> Answer:
        delta = corrected(asked, wishes.correction(asked, sku), "adjust")
        return Goto(_address(sku), asked.tongue.say("Corrected by %(n)s.", n=_signed(asked, delta)))

    @house.post("/stock/<sku>/transfer", "stock.write")
    def transfer(asked: Asked, sku: str) -> Answer:
        shelf.transfer(wishes.transfer(asked, sku), asked.origin, asked.once(f"transfer#{sku}"))
        return Goto(_address(sku), asked.tongue.say("The units are at their new location."))


def _address(sku: str) -> str:
    return f"{BASE}/stock/{quote(sku, safe='')}"


def _signed(asked: Asked, number: int) -> str:
    return ("+" if number > 0 else "") + asked.tongue.number(number)
