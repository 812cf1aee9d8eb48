"""Runs a one-click event from the list, and takes it back."""

from comanda.backoffice.deciding import By
from comanda.errors import NotFound
from comanda.origin import UNDO_SECONDS
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked, own_address
from comanda.screens.order_list.desk import ListDesk
from comanda.screens.order_list.events import BY_CODE, Event, deciding_on
from comanda.screens.orders.run import run
from comanda.screens.orders.undo import ends_for_good, offered


def address(order_id: str, code: str) -> str:
    return f"{BASE}/orders/{order_id}/now/{code}"


def event_screen(asked: Asked, order_id: str, code: str, desk: ListDesk) -> Screen:
    """What the event will do to this order, before it is done. Raises NotFound."""
    event = _event(code)
    loaded, order = desk.office().whole(order_id)
    values = {
        "for_good": event.code == "cancelled" and ends_for_good(loaded.order),
        "seconds": UNDO_SECONDS,
        "event": event,
        "order": order,
        "here": address(order_id, code),
        "back": own_address(asked.word("back")),
    }
    return Screen("order_list/event.html.j2", values)


def do_event(asked: Asked, order_id: str, code: str, desk: ListDesk) -> Answer:
    """Run the event's command; answers to where its form came from. Raises what the command raises."""
    event, office = _event(code), desk.office()
    decide, body = deciding_on(event, asked, By(asked.origin, office.new_id))
    done = run(office, asked, event.command, order_id, decide, body, patience=UNDO_SECONDS)
    if event.code == "shipped":
        office.scanning.catch_up(
            order_id, asked.field("tracking_number") or done.order.number, asked.origin.at
        )
    told = asked.tongue.say(event.told, number=done.order.number)
    back = own_address(asked.field("back") or asked.field("_page"))
    loaded = office.desk.load(order_id)
    return Goto(back, told, offered(event.command, asked, done, loaded, desk.undoing()))


def _event(code: str) -> Event:
    event = BY_CODE.get(code)
    if event is None:
        raise NotFound("no such event")
    return event
