"""The list of orders, its saved views, and what is done from it."""

from urllib.parse import parse_qs

from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.order_list import bulk, criteria, one_click
from comanda.screens.order_list.csv_file import file_of_list
from comanda.screens.order_list.desk import ListDesk
from comanda.screens.order_list.list import list_screen


def hang_order_list(house: House, desk: ListDesk) -> None:
    house.menu(10, N_("Orders"), "/orders", "orders.read", key="o")

    @house.get("/orders", "orders.read")
    def orders(asked: Asked) -> Answer:
        return list_screen(asked, desk)

    @house.get("/orders.csv", "exports.read")
    def csv(asked: Asked) -> Answer:
        return file_of_list(asked, desk)

    @house.post("/orders/bulk", "orders.read")
    def chosen(asked: Asked) -> Answer:
        return bulk.chosen_screen(asked, desk)

    @house.post("/orders/bulk/run", "orders.read")
    def run(asked: Asked) -> Answer:
        return bulk.run_bulk(asked, desk)

    hang_events(house, desk)
    hang_views(house, desk)


def hang_events(house: House, desk: ListDesk) -> None:
    """One click on a row."""

    @house.get("/orders/<order_id>/now/<event>", "orders.write")
    def before(asked: Asked, order_id: str, event: str) -> Answer:
        return one_click.event_screen(asked, order_id, event, desk)

    @house.post("/orders/<order_id>/now/<event>", "orders.write")
    def do(asked: Asked, order_id: str, event: str) -> Answer:
        return one_click.do_event(asked, order_id, event, desk)


def hang_views(house: House, desk: ListDesk) -> None:
    """Views: a name for the list's query."""

    @house.post("/orders/views", "orders.read")
    def save(asked: Asked) -> Answer:
        query = criteria.canonical(parse_qs(asked.field("query")))
        text = criteria.address(query).partition("?")[2]
        view = desk.views().save(asked.staff, asked.field("name"), text, shared=bool(asked.field("shared")))
        return Goto(criteria.address(query), asked.tongue.say("The view %(name)s is kept.", name=view.name))

    @house.post("/orders/views/<view_id>/delete", "orders.read")
    def delete(asked: Asked, view_id: str) -> Answer:
        view = desk.views().delete(asked.staff, view_id)
        return Goto(asked.field("_page"), asked.tongue.say("The view %(name)s is deleted.", name=view.name))
