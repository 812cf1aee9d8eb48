"""New orders, drafts, quotations and open carts: where each is, and what its forms do."""

from collections.abc import Callable

from comanda.conversation.speech import N_
from comanda.orders.vocabulary import UNPLACED
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.finish import discard, place, quote, withdraw
from comanda.screens.drafts.lists import drafts_screen
from comanda.screens.drafts.page import draft_screen, people, products, sent_to
from comanda.screens.drafts.preview import preview
from comanda.screens.drafts.take import take
from comanda.screens.drafts.write import write
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

ENDS: dict[str, Callable[[Asked, SalesDesk, str], Answer]] = {
    "place": place, "quote": quote, "withdraw": withdraw, "discard": discard,
}  # fmt: skip


def hang_drafts(house: House, desk: SalesDesk) -> None:
    house.menu(12, N_("New order"), "/new-order", "orders.write", key="n")
    house.menu(14, N_("Drafts and carts"), "/drafts", "orders.read", key="d")

    @house.get("/drafts", "orders.read")
    def listed(asked: Asked) -> Answer:
        return drafts_screen(asked, desk)

    @house.post("/carts/<cart_id>/take", "orders.write")
    def take_over(asked: Asked, cart_id: str) -> Answer:
        return take(asked, desk, cart_id)

    hang_new(house, desk)
    hang_draft(house, desk)


def hang_new(house: House, desk: SalesDesk) -> None:
    """The page on which nothing is written yet, and what is looked up while one types."""

    @house.get("/new-order", "orders.write")
    def new(asked: Asked) -> Answer:
        return draft_screen(asked, desk)

    @house.post("/new-order", "orders.write")
    def begin(asked: Asked) -> Answer:
        return write(asked, desk)

    @house.post("/new-order/preview", "orders.write")
    def look(asked: Asked) -> Answer:
        return preview(asked, desk)

    @house.get("/new-order/products", "stock.read")
    def found(asked: Asked) -> Answer:
        return Screen("drafts/products.html.j2", {"products": products(asked, desk), "here": sent_to(asked)})

    @house.get("/new-order/customers", "customers.read")
    def known(asked: Asked) -> Answer:
        return Screen("drafts/people.html.j2", {"people": people(asked, desk), "here": sent_to(asked)})


def hang_draft(house: House, desk: SalesDesk) -> None:
    @house.get("/orders/<order_id>/draft", "orders.write")
    def draft(asked: Asked, order_id: str) -> Answer:
        loaded = desk.office().desk.load(order_id)
        if loaded.order.lifecycle not in UNPLACED:
            return Goto(f"{BASE}/orders/{order_id}")
        return draft_screen(asked, desk, loaded)

    @house.post("/orders/<order_id>/draft", "orders.write")
    def change(asked: Asked, order_id: str) -> Answer:
        end = ENDS.get(asked.field("do"))
        return end(asked, desk, order_id) if end else write(asked, desk, order_id)

    @house.post("/orders/<order_id>/draft/preview", "orders.write")
    def look(asked: Asked, order_id: str) -> Answer:
        return preview(asked, desk, desk.office().desk.load(order_id))
