"""Taking what the address check suggests, on an order's page."""

from comanda.errors import Invalid
from comanda.orders.edits.suggestion import taking_suggestion
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of
from comanda.screens.orders.run import run

SLOTS = ("shipping", "billing")


def hang_addresses(house: House, desk: OrderDesk) -> None:
    @house.post("/orders/<order_id>/take-suggestion", "orders.write")
    def take(asked: Asked, order_id: str) -> Answer:
        """The change with the suggested address, to be looked at; nothing is changed by it."""
        slot = asked.field("slot") or "shipping"
        if slot not in SLOTS:
            raise Invalid.at("/slot", f"one of: {', '.join(SLOTS)}")
        decide = taking_suggestion(slot, asked.origin, desk.edits())
        run(desk.office(), asked, f"take-{slot}", order_id, decide, {"slot": slot})
        return Goto(f"{address_of(order_id)}?do=edit")
