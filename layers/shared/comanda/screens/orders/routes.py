"""One order, and what is done with it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from comanda.backoffice.run_command import Commanded
from comanda.errors import NotFound
from comanda.orders.past import past
from comanda.screens.house.answers import Answer, Goto, Screen, Undo
from comanda.screens.house.asked import Asked, Given
from comanda.screens.house.routing import House
from comanda.screens.orders.addresses import hang_addresses
from comanda.screens.orders.buy_label import hang_buying, label_way
from comanda.screens.orders.commands import COMMANDS
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.edits import changing, hang_edits
from comanda.screens.orders.history import hang_history
from comanda.screens.orders.page import address_of, order_screen, past_screen, whole_of
from comanda.screens.orders.papers import hang_papers
from comanda.screens.orders.parts import hang_parts
from comanda.screens.orders.presence import hang_presence
from comanda.screens.orders.rest import hang_rest
from comanda.screens.orders.run import run_form
from comanda.screens.orders.shipping_labels import hang_shipping_labels, labels_shown
from comanda.screens.orders.short import foreseen, hang_short_picks
from comanda.screens.orders.undo import ends_for_good, hang_undo, offered, ways_back


def hang_orders(house: House, desk: OrderDesk) -> None:
    @house.get("/orders/<order_id>", "orders.read")
    def order(asked: Asked, order_id: str) -> Answer:
        when = asked.word("as_of")
        if when:
            then = past(desk.office().stored(order_id), when)
            return past_screen(asked, then, whole_of(desk, then.order), desk)
        return _shown(asked, order_id, desk)

    @house.post("/orders/<order_id>", "orders.write")
    def look(asked: Asked, order_id: str) -> Answer:
        """What the form on the page would do; nothing is done."""
        if asked.word("do") != "short-pick":
            raise NotFound("no such address")
        page = _shown(asked, order_id, desk, foreseen(asked, order_id, desk))
        return replace(page, given=Given(address_of(order_id), asked.form))

    hang_undo(house, desk)
    hang_presence(house, desk.presence, desk.staff_names)
    for name in COMMANDS:
        house.post(f"/orders/<order_id>/{name}", "orders.write")(_command(name, desk))
    hang_parts(house, desk)
    hang_edits(house, desk)
    hang_addresses(house, desk)
    hang_history(house, desk)
    hang_rest(house, desk)
    hang_papers(house, desk)
    hang_short_picks(house, desk)
    hang_shipping_labels(house, desk)
    hang_buying(house, desk)


def _shown(asked: Asked, order_id: str, desk: OrderDesk, preview: dict[str, Any] | None = None) -> Screen:
    """The page of an order as it is now, with what the open form would do."""
    loaded, whole = desk.office().whole(order_id)
    back = {} if asked.word("do") else ways_back(asked, loaded, desk.undoing())
    more = {"back": back, "for_good": ends_for_good(loaded.order)} | changing(asked, loaded, desk)
    more["label_way"] = label_way(asked, loaded, desk.labels())
    more["bought_labels"] = labels_shown(asked, loaded, whole["shipping_labels"])
    return order_screen(asked, loaded, whole, desk, more | {"foreseen": preview})


def _command(name: str, desk: OrderDesk) -> Callable[..., Answer]:
    def sent(asked: Asked, order_id: str) -> Goto:
        def way_back(command: str, done: Commanded) -> Undo | None:
            loaded = desk.office().desk.load(order_id)
            return offered(command, asked, done, loaded, desk.undoing())

        return run_form(name, asked, order_id, desk, way_back)

    return sent
