"""Taking an event back: the button beside its message, on the list and on the order's page."""

from comanda.backoffice.run_command import Commanded
from comanda.backoffice.undoing import CANCELLED, CONSIGNED, EVENTS, FETCHED, PAID, REFUNDED, SHIPPED, Undoing
from comanda.conversation.speech import N_
from comanda.errors import NotFound
from comanda.orders.decision import Loaded
from comanda.orders.ending import open_attempts
from comanda.orders.model import Order
from comanda.orders.pickups import handed
from comanda.orders.refunds import MANUAL, grants
from comanda.screens.house.answers import Answer, Goto, Undo
from comanda.screens.house.asked import BASE, Asked, own_address
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.run import run

EVENT_OF = {
    "mark-paid": PAID,
    "clear-cheque": PAID,
    "ship": SHIPPED,
    "cancel": CANCELLED,
    "reject": CANCELLED,
    "refund": REFUNDED,
    "hand-over": FETCHED,
}
COMMANDS = {
    PAID: "undo-paid", SHIPPED: "undo-ship", CONSIGNED: "undo-ship",
    CANCELLED: "undo-cancel", REFUNDED: "undo-refund",
    FETCHED: "undo-hand-over",
}  # fmt: skip
NAMED = {
    PAID: "payment_id", SHIPPED: "shipment_id", CONSIGNED: "consignment",
    CANCELLED: "", REFUNDED: "refund_id",
    FETCHED: "hand_over_id",
}  # fmt: skip
CAPTIONS = {
    PAID: N_("Undo: not paid"),
    SHIPPED: N_("Undo: not shipped"),
    CONSIGNED: N_("Undo: none of them shipped"),
    CANCELLED: N_("Undo: not cancelled"),
    REFUNDED: N_("Undo: not refunded"),
    FETCHED: N_("Undo: not handed over"),
}
TOLD = {
    PAID: N_("%(number)s is not paid any more."),
    SHIPPED: N_("The parcel of %(number)s is taken back: it has not left."),
    CONSIGNED: N_("The parcels of %(number)s are taken back: they have not left."),
    CANCELLED: N_("%(number)s goes on: it is not cancelled."),
    REFUNDED: N_("The refund of %(number)s is taken back."),
    FETCHED: N_("%(number)s waits at the counter again."),
}
MOST_PARCELS = 3  # are looked at for a way back


def offered(command: str, asked: Asked, done: Commanded, loaded: Loaded, undoing: Undoing) -> Undo | None:
    """The way back from a command that was just carried out, while nothing has happened that cannot be
    taken back; `loaded` is the order as it left it."""
    event = "" if done.result.get("status") == "granted" else EVENT_OF.get(command, "")
    event = CONSIGNED if len(done.result.get("shipment_ids", ())) > 1 else event
    name = str(done.result.get(NAMED[event], "")) if event else ""
    if not event or not undoing.possible(event, name, loaded):
        return None
    return button(asked, event, name, loaded.order)


def button(asked: Asked, event: str, name: str, order: Order) -> Undo:
    fields = {"_version": str(order.version), "name": name}
    return Undo(asked.tongue.say(CAPTIONS[event]), f"{BASE}/orders/{order.order_id}/undo/{event}", fields)


def ways_back(asked: Asked, loaded: Loaded, undoing: Undoing) -> dict[str, Undo]:
    """What of the order's parcels, refunds and end can still be taken back, by the id of each."""
    order = loaded.order
    fresh = [one.shipment_id for one in order.shipments if one.status == "shipped" and not one.scan_at]
    found = [(SHIPPED, shipment_id) for shipment_id in fresh[-MOST_PARCELS:]]
    found += [(FETCHED, one.hand_over_id) for one in handed(order)[-MOST_PARCELS:]]
    found += [(REFUNDED, one.grant) for one in grants(order) if one.status != "void"]
    found += [(CANCELLED, "")]
    possible = ((event, name) for event, name in found if undoing.possible(event, name, loaded))
    return {name: button(asked, event, name, order) for event, name in possible}


def ends_for_good(order: Order) -> bool:
    """Whether an end of the order stops something at a provider, which nobody can start again."""
    return any(attempt.provider != MANUAL for attempt in open_attempts(order))


def hang_undo(house: House, desk: OrderDesk) -> None:
    @house.post("/orders/<order_id>/undo/<event>", "orders.write")
    def undo(asked: Asked, order_id: str, event: str) -> Answer:
        if event not in EVENTS:
            raise NotFound("no such event")
        name = asked.field("name")
        decide = desk.undoing().deciding(event, name, asked.origin.at)
        body = {NAMED[event]: name} if NAMED[event] else {}
        done = run(desk.office(), asked, COMMANDS[event], order_id, decide, body)
        told = asked.tongue.say(TOLD[event], number=done.order.number)
        return Goto(own_address(asked.field("_page")), told)
