"""Who picks what, how far they are, and taking a wave away."""

from collections.abc import Callable

from comanda.conversation.speech import N_
from comanda.picking.context import Picking
from comanda.picking.end import take_away
from comanda.picking.waves import waves
from comanda.picking.work import place_title
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, PICKING, Asked
from comanda.screens.house.routing import House

FRONT = "/waves"


def hang_waves(house: House, picking: Callable[[], Picking]) -> None:
    house.menu(21, N_("Picking"), FRONT, "picking.read")

    @house.get(FRONT, "picking.read")
    def listed(asked: Asked) -> Answer:
        stock = picking().settings.sections(["stock"])["stock"]
        return Screen(
            "waves/list.html.j2",
            {
                "rows": waves(picking()),
                "to": BASE + FRONT,
                "phone": PICKING,
                "place": lambda code: place_title(code, stock, asked.tongue.code),
            },
        )

    @house.post(f"{FRONT}/<wave_id>/release", "picking.write")
    def release(asked: Asked, wave_id: str) -> Answer:
        wave = take_away(picking(), asked.origin.actor, wave_id)
        told = asked.tongue.say(
            "The wave of %(name)s was taken away. What is picked stays picked.", name=wave.name
        )
        return Goto(BASE + FRONT, told)
