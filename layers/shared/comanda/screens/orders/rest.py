"""Ordering the same again, and deleting an order for good."""

from comanda.backoffice.routes_purge import PurgeBody
from comanda.idempotency.store import Request
from comanda.orders.decision import Decision
from comanda.orders.desk import fresh
from comanda.orders.drafts.repeat import repeating
from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of
from comanda.screens.orders.reading import body_of


def hang_rest(house: House, desk: OrderDesk) -> None:
    @house.post("/orders/<order_id>/repeat", "orders.write")
    def repeat(asked: Asked, order_id: str) -> Answer:
        """A draft of the same at today's prices; its page says what could not be had."""
        origin, seen, office = asked.origin, asked.version, desk.office()
        request = Request.of(f"{origin.actor}#repeat#{order_id}", asked.key, {}) if asked.key else None

        def decide() -> Decision:
            loaded = office.desk.load(order_id)
            fresh(loaded.order, seen)
            return repeating(loaded, origin, desk.drafts(), desk.on_sale())

        done = office.begin(decide, origin, request=request)
        told = asked.tongue.say("%(number)s is a draft of the same.", number=done.order.number)
        return Goto(f"{address_of(done.order.order_id)}/draft", told)

    @house.post("/orders/<order_id>/purge", "orders.purge")
    def purge(asked: Asked, order_id: str) -> Answer:
        body = body_of(PurgeBody, {"reason": asked.field("reason")})
        origin, sent = asked.origin, body.model_dump(mode="json")
        request = Request.of(f"{origin.actor}#purge#{order_id}", asked.key, sent) if asked.key else None
        stone, _ = desk.purging().purge(
            order_id, body.reason, origin, version=asked.version, request=request
        )  # fmt: skip
        told = asked.tongue.say("%(number)s is deleted for good.", number=stone.number)
        return Goto(f"{BASE}/orders", told)
