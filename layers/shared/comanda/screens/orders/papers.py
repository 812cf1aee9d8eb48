"""Printing an order: which papers it can have now, and each as PDF."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.documents.kinds import Format, Kind, hindrance
from comanda.documents.printing import wish_of
from comanda.orders.model import Order
from comanda.screens.house.answers import Answer, File
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders import words
from comanda.screens.orders.desk import OrderDesk

PDF = "application/pdf"
KINDS = {
    Kind.ORDER: N_("Order with prices"),
    Kind.PACKING_SLIP: N_("Packing slip"),
    Kind.RECEIPT: N_("Receipt"),
    Kind.PICKUP_SLIP: N_("Pickup slip"),
}
FORMATS = {Format.LETTER: N_("Letter"), Format.A4: N_("A4"), Format.THERMAL: N_("80 mm roll")}


def hang_papers(house: House, desk: OrderDesk) -> None:
    @house.get("/orders/<order_id>/documents/<kind>", "orders.read")
    def paper(asked: Asked, order_id: str, kind: str) -> Answer:
        wish = wish_of(kind, asked.word("format"), asked.word("lang"))
        made = desk.printing().paper(order_id, wish)
        return File(made.name, made.content, PDF, shown=True)


def papers(asked: Asked, order: Order, *, fetched: bool) -> dict[str, list[dict[str, Any]]]:
    """`{open: [{kind, caption}], shut: [{caption, why}], formats}`; no pickup slip of what is sent."""
    say = asked.tongue.say
    found: dict[str, list[dict[str, Any]]] = {"open": [], "shut": []}
    for kind, caption in KINDS.items():
        if kind == Kind.PICKUP_SLIP and not fetched:
            continue
        guard = hindrance(kind, order)
        if guard is None:
            found["open"].append({"kind": str(kind), "caption": say(caption)})
        else:
            why = words.say(asked.tongue, words.GUARD, guard.name)
            found["shut"].append({"caption": say(caption), "why": why})
    formats = [{"code": str(code), "caption": say(caption)} for code, caption in FORMATS.items()]
    return found | {"formats": formats}
