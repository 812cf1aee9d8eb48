"""Pause switches: what each stops, since when and by whom it is paused, and the banner on every page."""

from typing import Any

from comanda.backoffice.operations.pausing import Switch
from comanda.conversation.speech import N_
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.people import colleague
from comanda.screens.house.routing import Banner, House
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.rooms import rooms
from comanda.settings.pauses import BULK, EXPORTS, LIFECYCLE, PAYMENTS

PAGE = "/operations/switches"
NAMES = {LIFECYCLE: N_("Workflow of orders"), BULK: N_("Bulk jobs")}
PROVIDERS = {"stripe": "Stripe", "paypal": "PayPal", "mercadopago": "Mercado Pago"}
KINDS = {EXPORTS: N_("Exports to %(code)s"), PAYMENTS: N_("Payments through %(code)s")}
STOPS = {
    LIFECYCLE: N_(
        "Orders take no step by themselves: nobody is reminded, nothing expires, no execution goes on. "
        "Commands, payments and scans are recorded as ever."
    ),
    BULK: N_("Running jobs stop after the order at hand; new ones wait."),
    EXPORTS: N_("No file is written or sent. Batches that are asked for wait; new orders stay new."),
    PAYMENTS: N_(
        "Captures, refunds and voids wait. Customers can still pay; to stop that, switch the method off in "
        "the settings."
    ),
}
RESUMES = {
    LIFECYCLE: N_("The next sweep takes every order up again, within five minutes."),
    BULK: N_("The jobs that were stopped go on where they were."),
    EXPORTS: N_("The batches that waited go out, each once."),
    PAYMENTS: N_("What waited is carried out within five minutes, each once."),
}


def hang_switches(house: House, desk: OperationsDesk) -> None:
    house.banner(lambda asked: _banners(asked, desk))

    @house.get(PAGE, "operations.read")
    def switches(asked: Asked) -> Answer:
        rows = [_row(asked, switch, desk) for switch in desk.pausing().switches()]
        return Screen("operations/switches.html.j2", {"rows": rows, "rooms": rooms(asked)})

    @house.post(f"{PAGE}/<family>/<code>/pause", "operations.write")
    def pause(asked: Asked, family: str, code: str) -> Answer:
        done = desk.pausing().pause(f"{family}:{code}", asked.field("reason"), asked.origin)
        return Goto(BASE + PAGE, asked.tongue.say("%(what)s: paused.", what=name_of(asked, done.what)))

    @house.post(f"{PAGE}/<family>/<code>/resume", "operations.write")
    def resume(asked: Asked, family: str, code: str) -> Answer:
        done = desk.pausing().resume(f"{family}:{code}", asked.origin)
        told = asked.tongue.say("%(what)s: resumed.", what=name_of(asked, done.what))
        return Goto(BASE + PAGE, f"{told} {asked.tongue.say(_of(RESUMES, done))}")


def name_of(asked: Asked, what: str) -> str:
    """A switch in the reader's words."""
    family, _, code = what.partition(":")
    return (
        asked.tongue.say(NAMES[what])
        if what in NAMES
        else asked.tongue.say(KINDS[family], code=PROVIDERS.get(code, code))
    )


def _row(asked: Asked, switch: Switch, desk: OperationsDesk) -> dict[str, Any]:
    by = colleague(asked, desk.staff_names, switch.pause.by) if switch.pause else ""
    return {
        "what": switch.what,
        "name": name_of(asked, switch.what),
        "to": f"{BASE}{PAGE}/{switch.family}/{switch.code}",
        "stops": asked.tongue.say(_of(STOPS, switch)),
        "resumes": asked.tongue.say(_of(RESUMES, switch)),
        "pause": switch.pause,
        "by": by,
    }


def _of(words: dict[str, str], switch: Switch) -> str:
    return words[switch.what] if switch.what in words else words[switch.family]


def _banners(asked: Asked, desk: OperationsDesk) -> list[Banner]:
    if not asked.staff.may("operations.read"):
        return []
    say = asked.tongue.say
    return [
        Banner(
            say(
                "%(what)s: paused since %(at)s",
                what=name_of(asked, one.what),
                at=asked.tongue.moment(one.since),
            ),
            BASE + PAGE,
            say("Look"),
        )
        for one in desk.pausing().pauses.all()
    ]
