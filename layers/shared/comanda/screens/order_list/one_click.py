"""Runs a one-click event from the list, and takes it back."""

from collections.abc import Callable
from typing import Any

from comanda.backoffice.deciding import By
from comanda.backoffice.office import Office
from comanda.backoffice.run_command import Commanded
from comanda.errors import NotFound
from comanda.origin import UNDO_SECONDS
from comanda.payments.unmark import unmarkable, unmarking
from comanda.screens.house.answers import Answer, Goto, Screen, Undo
from comanda.screens.house.asked import BASE, Asked, own_address
from comanda.screens.order_list.desk import ListDesk
from comanda.screens.order_list.events import BY_CODE, Event, deciding_on
from comanda.screens.orders.run import run


def address(order_id: str, code: str) -> str:
    return f"{BASE}/orders/{order_id}/now/{code}"


def event_screen(asked: Asked, order_id: str, code: str, desk: ListDesk) -> Screen:
    """What the event will do to this order, before it is done. Raises NotFound."""
    event = _event(code)
    _, order = desk.office().whole(order_id)
    values = {
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
    return Goto(back, told, _undo(asked, order_id, event, done, office))


def _undo(asked: Asked, order_id: str, event: Event, done: Commanded, office: Office) -> Undo | None:
    """The way back, while nothing has happened that cannot be taken back."""
    payment_id = str(done.result.get("payment_id", ""))
    if event.code != "paid" or not unmarkable(office.desk.load(order_id), payment_id):
        return None
    fields = {"_version": str(done.order.version), "payment_id": payment_id}
    return Undo(asked.tongue.say("Undo: not paid"), address(order_id, "unpaid"), fields)


def undo_paid(asked: Asked, order_id: str, desk: ListDesk) -> Answer:
    """The payment was marked by mistake: out of the books with it, and its receipt is not sent."""
    payment_id, outbox = asked.field("payment_id"), desk.outbox()

    def withdraw(order: str, effect: str) -> Callable[[Any], None]:
        return lambda tx: outbox.withdrawing(tx, order, effect, "taken back")

    decide = unmarking(payment_id, asked.origin.at, withdraw)
    done = run(desk.office(), asked, "unmark-paid", order_id, decide, {"payment_id": payment_id})
    told = asked.tongue.say("%(number)s is not paid any more.", number=done.order.number)
    return Goto(own_address(asked.field("_page")), told)


def _event(code: str) -> Event:
    event = BY_CODE.get(code)
    if event is None:
        raise NotFound("no such event")
    return event
