"""What carriers took on a day, as a list to sign: day, carrier and place are chosen, a job prints it."""

from comanda.backoffice.bulk.bodies import HAND_OVER, BulkBody, first_day
from comanda.conversation.words import carrier_name
from comanda.errors import Problem
from comanda.fulfilment.carriers import SERVED
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import BASE, Asked, Given
from comanda.screens.house.routing import House
from comanda.screens.order_list.bulk import FORMATS, begun
from comanda.screens.order_list.desk import ListDesk
from comanda.settings.sections import Stock

PATH = "/deliveries/hand-over"
HERE = f"{BASE}{PATH}"
CHOSEN = ("day", "carrier", "location", "format")


def hang_hand_over(house: House, desk: ListDesk) -> None:
    @house.get(PATH, "orders.read")
    def choose(asked: Asked) -> Answer:
        return _screen(asked, desk)

    @house.post(PATH, "orders.read")
    def printed(asked: Asked) -> Answer:
        params = {name: asked.field(name) for name in CHOSEN if asked.field(name)}
        try:
            return begun(asked, desk, BulkBody(action="print", params=params | {"kind": HAND_OVER}))
        except Problem as problem:
            return _screen(asked, desk, problem)


def _screen(asked: Asked, desk: ListDesk, problem: Problem | None = None) -> Screen:
    stock: Stock = desk.settings().section("stock")[0]
    every = ("", asked.tongue.say("all"))
    values = {
        "here": HERE,
        "first_day": first_day(asked.tongue.today),
        "carriers": [every, *((code, carrier_name(code)) for code in sorted(SERVED))],
        "locations": [every, *_places(asked, stock)],
        "formats": [(code, asked.tongue.say(word)) for code, word in FORMATS],
    }
    given = Given(HERE, asked.form) if problem else None
    return Screen("deliveries/hand_over.html.j2", values, problem=problem, given=given)


def _places(asked: Asked, stock: Stock) -> list[tuple[str, str]]:
    """What the shop calls its places; none where there is but one."""
    named = [(one.code, one.title.of(asked.tongue.code) or one.code) for one in stock.locations]
    return [(stock.default_location, stock.default_location), *named] if named else []
