"""An order's history apart: whether it is whole, one raw fact, all of it as a file."""

import json

from comanda.backoffice.history_answer import history_file, verified_answer
from comanda.errors import NotFound
from comanda.orders.past import past
from comanda.orders.verify_history import verify_history
from comanda.runtime.http import to_json
from comanda.screens.house.answers import Answer, File, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.desk import OrderDesk
from comanda.screens.orders.page import address_of


def hang_history(house: House, desk: OrderDesk) -> None:
    @house.get("/orders/<order_id>/history", "orders.read")
    def verified(asked: Asked, order_id: str) -> Answer:
        """Whether nobody has changed the history or the order behind its back."""
        office = desk.office()
        stored = office.stored(order_id)
        found = verified_answer(order_id, verify_history(stored, office.orders.written))
        number = office.desk.load(order_id).order.number
        values = {"found": found, "number": number, "here": address_of(order_id)}
        return Screen("orders/history.html.j2", values)

    @house.get("/orders/<order_id>/facts/<seq>", "orders.read")
    def raw(asked: Asked, order_id: str, seq: str) -> Answer:
        office = desk.office()
        order = office.desk.load(order_id).order
        facts = [one.to_dict() for one in office.orders.facts(order_id)]
        fact = next((one for one in facts if str(one["seq"]) == seq), None)
        if fact is None:
            raise NotFound("no such fact")
        text = json.dumps(fact, ensure_ascii=False, indent=2)
        values = {"fact": fact, "text": text, "number": order.number, "last": len(facts)}
        return Screen("orders/fact.html.j2", values | {"here": address_of(order_id)})

    @house.get("/orders/<order_id>/history.json", "orders.read")
    def whole(asked: Asked, order_id: str) -> Answer:
        then = past(desk.office().stored(order_id))
        text = to_json(history_file(then, asked.origin.at))
        return File(f"{then.order.number}-history.json", text.encode(), "application/json")
