"""Executions: running, waiting and failed, with what failed and its retry, one by one or several."""

from typing import Any

from comanda.backoffice.operations.executions import Look
from comanda.backoffice.operations.machines import (
    ABORTED,
    BULK,
    FAILED,
    LIFECYCLE,
    RUNNING,
    SUCCEEDED,
    TIMED_OUT,
)
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House
from comanda.screens.operations.desk import OperationsDesk
from comanda.screens.operations.rooms import rooms

PAGE = "/operations/executions"
MACHINES = {LIFECYCLE: N_("Orders"), BULK: N_("Bulk jobs")}
STATES = {
    RUNNING: (N_("Running and waiting"), N_("running"), "blue"),
    FAILED: (N_("Failed"), N_("failed"), "red"),
    TIMED_OUT: (N_("Timed out"), N_("timed out"), "red"),
    ABORTED: (N_("Stopped"), N_("stopped"), "amber"),
    SUCCEEDED: (N_("Completed"), N_("completed"), "green"),
}
WAITS = {
    "verification": N_("waits for the e-mail's confirmation"),
    "approval": N_("waits for approval"),
    "payment": N_("waits for payment"),
    "fulfilment": N_("waits for shipping"),
    "delivery": N_("waits for delivery"),
    "retry": N_("failed, waits to be tried again"),
}
DONE = {
    "retried": N_("The order is released; its failed step runs again."),
    "redriven": N_("The execution goes on from its failed step."),
    "next_run": N_("The order's next run has started; it passes what is settled."),
    "resumed": N_("The job goes on."),
}


def hang_executions(house: House, desk: OperationsDesk) -> None:
    @house.get(PAGE, "operations.read")
    def listed(asked: Asked) -> Answer:
        machine = asked.word("machine", LIFECYCLE)
        state, cursor = asked.word("state", RUNNING), asked.word("cursor")
        found, after = desk.operating().listed(machine, _known(state), cursor)
        values = {
            "rooms": rooms(asked),
            "machines": [_tab(asked, "machine", code, word, machine) for code, word in MACHINES.items()],
            "states": [_tab(asked, "state", code, words[0], state) for code, words in STATES.items()],
            "rows": [_row(asked, look) for look in found],
            "machine": machine,
            "first": asked.address(cursor=None) if cursor else "",
            "next": asked.address(cursor=after) if after else "",
        }
        return Screen("operations/executions.html.j2", values)

    @house.get(f"{PAGE}/<machine>/<name>", "operations.read")
    def one(asked: Asked, machine: str, name: str) -> Answer:
        look = desk.operating().look(machine, name)
        return Screen("operations/execution.html.j2", {"rooms": rooms(asked), "row": _row(asked, look)})

    @house.post(f"{PAGE}/<machine>/<name>/redrive", "operations.write")
    def redrive(asked: Asked, machine: str, name: str) -> Answer:
        done = desk.operating().redrive(machine, name, asked.origin)
        return Goto(f"{BASE}{PAGE}/{machine}/{name}", asked.tongue.say(DONE[done]))

    @house.post(f"{PAGE}/<machine>/redrive", "operations.write")
    def redrive_all(asked: Asked, machine: str) -> Answer:
        names = asked.fields("name")
        if not names:
            raise Invalid.at("/name", "choose at least one execution")
        outcomes = list(desk.operating().redrive_all(machine, names[:100], asked.origin).values())
        good = sum(outcome in DONE for outcome in outcomes)
        told = asked.tongue.say_many("%(n)s goes on.", "%(n)s go on.", good)
        if good < len(outcomes):
            left = asked.tongue.number(len(outcomes) - good)
            told += " " + asked.tongue.say("%(n)s had nothing to be tried again.", n=left)
        return Goto(f"{BASE}{PAGE}?machine={machine}&state={_known(asked.field('state'))}", told)


def _known(state: str) -> str:
    return state if state in STATES else ""


def _tab(asked: Asked, name: str, code: str, word: str, here: str) -> dict[str, object]:
    address = asked.address(**{"cursor": None, name: code})
    return {"word": asked.tongue.say(word), "count": None, "address": address, "here": here == code}


def _row(asked: Asked, look: Look) -> dict[str, Any]:
    _, word, kind = STATES.get(look.run.state, ("", look.run.state, "neutral"))
    waits = WAITS.get(look.waits_for, "")
    broken = look.waits_for == "retry"
    return look.to_dict() | {
        "word": asked.tongue.say(waits or word),
        "kind": "red" if broken else "neutral" if waits else kind,
        "to": f"{BASE}{PAGE}/{look.run.machine}/{look.run.name}",
    }
