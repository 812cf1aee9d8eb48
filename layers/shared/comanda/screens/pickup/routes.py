"""The counter: what waits, whose code it is, handing over, and putting an order aside."""

from dataclasses import replace

from comanda.backoffice.bodies_pickup import HandOverBody, ReadyBody
from comanda.backoffice.deciding import By
from comanda.backoffice.pickup_answer import waiting_answer
from comanda.conversation.speech import N_
from comanda.errors import Invalid, NotFound, Problem
from comanda.fulfilment.ready import putting_back
from comanda.origin import UNDO_SECONDS
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.orders.page import address_of
from comanda.screens.orders.reading import body_of, ticked, units
from comanda.screens.orders.run import run
from comanda.screens.orders.undo import offered
from comanda.screens.pickup.desk import CounterDesk
from comanda.screens.pickup.page import hand_over_page
from comanda.times import stamp

PAGE = 50
FRONT = f"{BASE}/pickup"


def hang_pickup(house: House, desk: CounterDesk) -> None:
    house.menu(16, N_("Pickup"), "/pickup", "orders.read", key="u")

    @house.get("/pickup", "orders.read")
    def waiting(asked: Asked) -> Answer:
        cursor = asked.word("cursor")
        found, after = desk.counter().waiting(PAGE, cursor)
        rows = sorted(map(waiting_answer, found), key=lambda row: row["pickup"]["ready_at"])
        return Screen(
            "pickup/list.html.j2",
            {
                "rows": rows,
                "now": stamp(asked.now),
                "to": f"{FRONT}/find",
                "first": asked.address(cursor=None) if cursor else "",
                "next": asked.address(cursor=after) if after else "",
            },
        )

    @house.post("/pickup/find", "orders.write")
    def find(asked: Asked) -> Answer:
        typed = asked.field("code")
        if not typed:
            raise Invalid.at("/code", asked.tongue.say("scan a code, or type one"))
        try:
            order_id = desk.counter().find(typed, asked.origin.actor)
        except NotFound as nobody:
            raise Invalid.at("/code", nobody.detail) from nobody
        loaded = desk.office().desk.load(order_id)
        shown = desk.counter().codes.fits(typed, loaded.order)
        return hand_over_page(asked, loaded, desk, typed if shown else "")

    @house.get("/orders/<order_id>/hand-over", "orders.write")
    def page(asked: Asked, order_id: str) -> Answer:
        return hand_over_page(asked, desk.office().desk.load(order_id), desk)

    @house.post("/orders/<order_id>/hand-over", "orders.write")
    def hand_over(asked: Asked, order_id: str) -> Answer:
        try:
            return _handed_over(asked, order_id, desk)
        except Problem as problem:
            return hand_over_page(
                asked, desk.office().desk.load(order_id), desk, asked.field("code"), problem
            )

    hang_ready(house, desk)


def hang_ready(house: House, desk: CounterDesk) -> None:
    """From the order's page."""

    @house.post("/orders/<order_id>/ready-for-pickup", "orders.write")
    def ready(asked: Asked, order_id: str) -> Answer:
        named = {name: asked.field(name) for name in ("location", "shelf")}
        told = {"lines": units(asked), "until": asked.field("until") or None}
        body = body_of(ReadyBody, named | told | {"notify": ticked(asked, "notify")})
        office = desk.office()
        decide = desk.counter().ready(body, By(asked.origin, office.new_id))
        sent = body.model_dump(mode="json")
        done = run(office, asked, "ready-for-pickup", order_id, decide, sent, patience=UNDO_SECONDS)
        text = asked.tongue.say("%(number)s waits at the counter for its customer.", number=done.order.number)
        return Goto(address_of(order_id), text)

    @house.post("/orders/<order_id>/not-ready", "orders.write")
    def not_ready(asked: Asked, order_id: str) -> Answer:
        done = run(desk.office(), asked, "not-ready", order_id, putting_back)
        text = asked.tongue.say("%(number)s does not wait any more.", number=done.order.number)
        return Goto(address_of(order_id), text)


def _handed_over(asked: Asked, order_id: str, desk: CounterDesk) -> Goto:
    code = asked.field("code")
    told = {"code": code, "number": "" if code else asked.field("number"), "name": asked.field("name")}
    ticks = {name: ticked(asked, name) for name in ("paid", "notify")}
    lines = units(asked)
    if not lines:
        raise Invalid.at("/lines", asked.tongue.say("say how many units are handed over"))
    body = body_of(HandOverBody, told | ticks | {"lines": lines})
    office = desk.office()
    decide = desk.counter().hand_over(order_id, body, By(asked.origin, office.new_id))
    sent = body.model_dump(mode="json")
    done = run(office, asked, "hand-over", order_id, decide, sent, patience=UNDO_SECONDS)
    said = {"number": done.order.number, "name": body.name}
    text = asked.tongue.say("%(number)s is handed over to %(name)s.", **said)
    here = replace(asked, query={})
    undo = offered("hand-over", here, done, office.desk.load(order_id), desk.undoing())
    return Goto(FRONT, text, undo)
