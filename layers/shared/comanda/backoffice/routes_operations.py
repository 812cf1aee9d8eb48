"""/admin/operations/…: what is paused, what was given up, and what is done about it."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, Field

from comanda.backoffice.office import Office
from comanda.backoffice.operations.dead_letters import LONGEST_REASON as LONGEST_WHY
from comanda.backoffice.operations.dead_letters import DeadLetters
from comanda.backoffice.operations.deeds import Deeds, Wanted
from comanda.backoffice.operations.executions import PAGE, Operating
from comanda.backoffice.operations.pausing import LONGEST_REASON, Pausing
from comanda.backoffice.operations.unresolved import PAGE as EFFECTS
from comanda.backoffice.operations.unresolved import Unsettled
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.routes_commands import Answer, Commands
from comanda.orders.outbox import Outbox
from comanda.orders.wire import Body
from comanda.payments.settle_elsewhere import settling_elsewhere
from comanda.runtime.http import answer

LEAVE_MS = 8_000  # for the last round of a replay, which waits for messages


class PauseBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON)]


def hang_switches(routes: StaffRoutes, pausing: Callable[[], Pausing]) -> None:
    @routes.get("/admin/operations/switches", "operations.read", "What can be paused, and what is.")
    def switches() -> Response[dict[str, Any]]:
        found = [switch.to_dict() for switch in pausing().switches()]
        return answer({"items": found, "next": None})

    @routes.post(
        "/admin/operations/switches/<family>/<code>/pause",
        "operations.write",
        "Pause a destination, a provider or a workflow: what is wanted of it waits.",
    )
    def pause(family: str, code: str, body: PauseBody) -> Response[dict[str, Any]]:
        done = pausing().pause(f"{family}:{code}", body.reason.strip(), routes.origin)
        return answer(done.to_dict())

    @routes.post(
        "/admin/operations/switches/<family>/<code>/resume",
        "operations.write",
        "Resume it and take up what waited.",
    )
    def resume(family: str, code: str) -> Response[dict[str, Any]]:
        return answer(pausing().resume(f"{family}:{code}", routes.origin).to_dict())


class ReplayBody(Body):
    """Without an id: all there are, as long as there is time."""

    message_id: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class DiscardBody(Body):
    message_id: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_WHY)]


def hang_dead_letters(routes: StaffRoutes, letters: Callable[[], DeadLetters]) -> None:
    @routes.get("/admin/operations/dead-letters", "operations.read", "Messages that were given up, by queue.")
    def queues() -> Response[dict[str, Any]]:
        found = [{"queue": q.queue, "count": q.count, "in_hand": q.in_hand} for q in letters().queues()]
        return answer({"items": found, "next": None})

    @routes.get(
        "/admin/operations/dead-letters/<queue>", "operations.read", "Some of the messages of a queue."
    )
    def look(queue: str) -> Response[dict[str, Any]]:
        return answer({"items": [one.to_dict() for one in letters().look(queue)], "next": None})

    @routes.post(
        "/admin/operations/dead-letters/<queue>/replay",
        "operations.write",
        "Send a message, or all, back to the queue that they came from.",
    )
    def replay(queue: str, body: ReplayBody) -> Response[dict[str, Any]]:
        if body.message_id:
            outcome = letters().replay(queue, body.message_id, routes.origin)
            return answer({"outcomes": {outcome: 1}})
        done = letters().replay_all(queue, routes.origin, routes.time_left(LEAVE_MS))
        return answer({"outcomes": done})

    @routes.post(
        "/admin/operations/dead-letters/<queue>/discard",
        "operations.write",
        "Throw a message away for good.",
    )
    def discard(queue: str, body: DiscardBody) -> Response[dict[str, Any]]:
        done = letters().discard(queue, body.message_id, body.reason.strip(), routes.origin)
        return answer(done.to_dict())


State = Literal["RUNNING", "FAILED", "TIMED_OUT", "ABORTED", "SUCCEEDED", ""]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class RedriveBody(Body):
    names: Annotated[list[Name], Field(min_length=1, max_length=100)]


def hang_executions(routes: StaffRoutes, operating: Callable[[], Operating]) -> None:
    @routes.get(
        "/admin/operations/executions/<machine>", "operations.read", "Executions of a workflow, newest first."
    )
    def listed(
        machine: str,
        state: Annotated[State, Query()] = "",
        limit: Annotated[int, Query(ge=1, le=50)] = PAGE,
        cursor: Annotated[str, Query(max_length=3000)] = "",
    ) -> Response[dict[str, Any]]:
        found, after = operating().listed(machine, state, cursor, limit)
        return answer({"items": [one.to_dict() for one in found], "next": after or None})

    @routes.get(
        "/admin/operations/executions/<machine>/<name>", "operations.read", "One execution: where it stands."
    )
    def look(machine: str, name: str) -> Response[dict[str, Any]]:
        return answer(operating().look(machine, name).to_dict())

    @routes.post(
        "/admin/operations/executions/<machine>/redrive",
        "operations.write",
        "Run the failed step of each again.",
    )
    def redrive(machine: str, body: RedriveBody) -> Response[dict[str, Any]]:
        return answer({"outcomes": operating().redrive_all(machine, body.names, routes.origin)})


class SettleBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_WHY)]


def hang_effects(
    routes: StaffRoutes,
    office: Callable[[], Office],
    unsettled: Callable[[], Unsettled],
    outbox: Callable[[], Outbox],
) -> None:
    commands = Commands(routes, office)

    @routes.get(
        "/admin/operations/effects",
        "operations.read",
        "Captures, refunds, voids and mails that failed or of which nobody knows, oldest first.",
    )
    def listed(
        limit: Annotated[int, Query(ge=1, le=50)] = EFFECTS,
        cursor: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response[dict[str, Any]]:
        found, after = unsettled().listed(limit, cursor)
        return answer({"items": [one.to_dict() for one in found], "next": after or None})

    @commands.hang("effects/<effect_id>/settle", "It was settled in another way: count it as done.")
    def settle(order_id: str, effect_id: str, body: SettleBody) -> Answer:
        origin = routes.origin
        decide = settling_elsewhere(effect_id, body.reason, origin.at, outbox(), office().new_id)
        return commands.tell(commands.run(f"settle-{effect_id}", order_id, body, decide, keyed=True))


class DeedParameters(BaseModel):
    """What deeds may be asked for; `since` and `until` are RFC 3339 in UTC."""

    kind: Literal["orders", "settings", "operations"] = "orders"
    actor: Annotated[str, Field(max_length=200)] = ""
    order: Annotated[str, Field(max_length=100)] = ""
    since: Annotated[str, Field(max_length=40)] = ""
    until: Annotated[str, Field(max_length=40)] = "~"
    cursor: Annotated[str, Field(max_length=3000)] = ""


def hang_deeds(routes: StaffRoutes, deeds: Callable[[], Deeds]) -> None:
    @routes.get("/admin/audit/deeds", "audit.read", "Who of the staff did what, newest first.")
    def search(wanted: Annotated[DeedParameters, Query()]) -> Response[dict[str, Any]]:
        found = deeds().search(Wanted(**wanted.model_dump()))
        told = {"items": [deed.to_dict() for deed in found.deeds], "next": found.next or None}
        return answer(told | ({"searched_to": found.searched_to} if found.searched_to else {}))
