"""Open incidents on one page: what each means, what is safe, its button, its entry of the runbook."""

from typing import Any

from comanda.backoffice.operations.incidents import Incident, Open
from comanda.conversation.speech import N_
from comanda.errors import NotFound
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.jobs.routes import ACTIONS
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.letters import NAMES
from comanda.screens.operations.rooms import FRONT, rooms
from comanda.screens.operations.runbook import RUNBOOK
from comanda.screens.operations.switches import name_of

COUNT = "/operations/count"
ROOMS = {
    "executions": (N_("Executions"), "/operations/executions"),
    "jobs": (N_("Bulk jobs"), "/jobs"),
    "dead_letters": (N_("Dead letters"), "/operations/dead-letters"),
    "exports": (N_("Exports"), "/exports"),
    "effects": (N_("Unresolved"), "/operations/effects"),
    "notices": (N_("Received notices"), "/inbox?state=failed"),
    "bounces": (N_("Settings"), "/settings/notifications"),
    "pauses": (N_("Pause switches"), "/operations/switches"),
}
# What a row's button says, where it posts, and the permission it takes.
BUTTONS = {
    "executions": (N_("Try again"), "/operations/executions/order_lifecycle/{}/redrive", "operations.write"),
    "jobs": (N_("Go on"), "/jobs/{}/resume", "orders.write"),
    "dead_letters": (N_("Send all back"), "/operations/dead-letters/{}/replay", "operations.write"),
    "exports": (N_("Send again"), "/exports/{}/resend", "exports.run"),
    "notices": (N_("Judge again"), "/inbox/{}/replay", "webhooks.replay"),
    "bounces": (N_("It is seen to"), "/operations/bounces/{}/seen", "operations.write"),
    "pauses": (N_("Resume"), "/operations/switches/{}/resume", "operations.write"),
}
WHERE = {
    "executions": "/operations/executions/order_lifecycle/{}",
    "jobs": "/jobs/{}",
    "dead_letters": "/operations/dead-letters/{}",
    "exports": "/exports/{}",
}


def hang_incidents(house: House, desk: OperationsDesk) -> None:
    @house.get(FRONT, "operations.read")
    def incidents(asked: Asked) -> Answer:
        found = [_told(asked, one) for one in desk.incidents().open()]
        return Screen("operations/incidents.html.j2", {"rooms": rooms(asked), "incidents": found})

    @house.get(COUNT, "operations.read")
    def count(asked: Asked) -> Answer:
        number, unsure = desk.incidents().count()
        return Screen("operations/count.html.j2", {"number": number, "unsure": unsure})

    @house.get("/operations/runbook/<kind>", "operations.read")
    def runbook(asked: Asked, kind: str) -> Answer:
        if kind not in RUNBOOK:
            raise NotFound("the runbook has no such entry")
        room = ROOMS[kind]
        values = {"rooms": rooms(asked), "entry": RUNBOOK[kind], "room": room[0], "to": BASE + room[1]}
        return Screen("operations/runbook.html.j2", values)

    @house.post("/operations/bounces/<address>/seen", "operations.write")
    def seen(asked: Asked, address: str) -> Answer:
        if not desk.bounces().seen(address):
            raise NotFound("no mail came back from this address")
        return Goto(BASE + FRONT, asked.tongue.say("The address is seen to."))


def _told(asked: Asked, one: Incident) -> dict[str, Any]:
    word, place = ROOMS[one.kind]
    return {
        "kind": one.kind,
        "entry": RUNBOOK[one.kind],
        "count": one.count,
        "more": one.more,
        "unknown": one.unknown,
        "rows": [_row(asked, one.kind, item) for item in one.open],
        "room": asked.tongue.say(word),
        "to": BASE + place,
    }


def _row(asked: Asked, kind: str, item: Open) -> dict[str, Any]:
    subject = item.subject.replace(":", "/", 1) if kind == "pauses" else item.subject
    word, action, permission = BUTTONS.get(kind, ("", "", "operations.write"))
    return {
        "title": _title(asked, kind, item),
        "why": item.why,
        "since": item.since,
        "count": item.count,
        "order_id": item.order_id,
        "address": BASE + WHERE[kind].format(subject) if kind in WHERE else "",
        "caption": asked.tongue.say(word) if word else "",
        "action": BASE + action.format(subject),
        "allowed": bool(action) and asked.staff.may(permission),
    }


def _title(asked: Asked, kind: str, item: Open) -> str:
    say = asked.tongue.say
    if kind == "dead_letters":
        return say(NAMES[item.subject])
    if kind == "pauses":
        return name_of(asked, item.subject)
    return say(ACTIONS[item.title]) if kind == "jobs" and item.title in ACTIONS else item.title
