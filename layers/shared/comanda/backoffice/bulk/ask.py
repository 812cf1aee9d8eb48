"""Ask for a bulk job, once per Idempotency-Key."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from comanda.backoffice.bodies import AssignBody
from comanda.backoffice.bulk.actions import ACTIONS
from comanda.backoffice.bulk.bodies import (
    DAYS_BACK,
    HAND_OVER,
    BulkBody,
    ExportParams,
    PrintParams,
    ShipParams,
    first_day,
)
from comanda.backoffice.bulk.bulking import Bulking, Runs
from comanda.backoffice.bulk.model import Job
from comanda.dynamo.transaction import Transaction
from comanda.errors import Invalid
from comanda.idempotency.store import Earlier, KeyStore, Request
from comanda.ids import same_id
from comanda.orders.facts import Origin
from comanda.orders.filters import ME, whose
from comanda.orders.wire import Body
from comanda.runtime.http.wording import worded

type Names = Callable[[str], Sequence[str]]
type Whom = Callable[[str | None, str], str]
type Understand = Callable[[dict[str, Any], str], object]


def ask(
    body: BulkBody,
    key: str,
    origin: Origin,
    *,
    at: Bulking,
    runs: Runs,
    keys_seen: KeyStore,
    understand: Understand,
    names: Names,
    whom: Whom,
) -> tuple[str, bool]:
    """The job's id, and whether it had been asked for before. The job begins at once.

    `names` says what an actor is called: `me` is whoever asks, also when the job goes on another day. `whom`
    says who is meant by a name, or refuses it.

    The id is derived from the key, so a request that died on its way is the same one when it comes again.
    Raises Invalid, IdempotencyKeyReused.
    """
    request = Request.of(f"{origin.actor}#bulk", key, body.model_dump(mode="json"))
    job_id = same_id(request.pk)
    if keys_seen.earlier(request):
        runs.start(job_id, 1)  # the first time may have died just before
        return job_id, True
    params = _by_name(params_of(body), origin.actor, whom)
    entries = _named(body, params)
    wanted = whose(body.filter or {}, names(origin.actor)) if _says_me(body.filter) else body.filter
    if wanted:
        understand(wanted, origin.at)
    if isinstance(params, ExportParams) and params.destination:
        _known(params.destination, at)
    if isinstance(params, PrintParams) and not (entries or wanted):
        _lately(params, at)
    given = params.model_dump(mode="json", exclude={"rows"})
    job = Job(job_id, body.action, origin.actor, origin.at, given, wanted or {}, preview=body.preview)
    job = replace(job, asked_at=origin.at)

    def remember(tx: Transaction) -> None:
        keys_seen.remember(tx, request, Earlier("", 0, {"job_id": job_id}), origin.at)

    added = at.jobs.add(job, entries, remember)
    runs.start(job_id, 1)
    return job_id, not added


def _says_me(filter: dict[str, Any] | None) -> bool:
    return any(ME in (value if isinstance(value, list) else [value]) for value in (filter or {}).values())


def _by_name(params: Body, actor: str, whom: Whom) -> Body:
    if isinstance(params, AssignBody):
        return params.model_copy(update={"to": whom(params.to, actor)})
    return params


def params_of(body: BulkBody) -> Body:
    """The parameters of the action, understood. Raises Invalid with a pointer to each mistake."""
    action = ACTIONS.get(body.action)
    if action is None:
        raise Invalid.at("/action", f"one of: {', '.join(ACTIONS)}")
    try:
        return action.params.model_validate(body.params)
    except ValidationError as error:
        errors = [
            {"pointer": "/".join(("/params", *map(str, one["loc"]))), "detail": worded(one)}
            for one in error.errors()
        ]
        raise Invalid("the parameters are not valid for this action", errors=errors) from error


def _named(body: BulkBody, params: Body) -> list[dict[str, Any]]:
    """What the job is about: orders, or rows of units. Raises Invalid unless it is said in one way."""
    rows = params.rows if isinstance(params, ShipParams) else None
    said = sum(one is not None for one in (body.ids, body.filter, rows))
    if said != 1 and not (said == 0 and isinstance(params, PrintParams) and params.kind == HAND_OVER):
        ways = "ids, a filter or params.rows" if body.action == "ship" else "ids or a filter"
        raise Invalid.at("/ids", f"name the orders in one way: {ways}")
    if isinstance(params, ShipParams):
        _with_carrier(params)
    if ACTIONS[body.action].decide is None and body.preview:
        raise Invalid.at("/preview", "this changes no order: there is nothing to look at before")
    if isinstance(params, ExportParams) and not params.destination and params.mode == "new":
        raise Invalid.at("/params/mode", "what is new is known of a destination only")
    if rows is not None:
        return [row.model_dump(mode="json", exclude_none=True) for row in rows]
    return [{"order_id": order_id} for order_id in body.ids or ()]


def _known(destination: str, at: Bulking) -> None:
    found = at.exporting().destinations().get(destination)
    if found is None or not found.ready:
        raise Invalid.at("/params/destination", "the settings have no such destination that is switched on")


def _lately(params: PrintParams, at: Bulking) -> None:
    """All orders that changed since the day are read: it may not be any."""
    if params.day and params.day < first_day(at.today()):
        why = f"its orders are looked for {DAYS_BACK} days back: name those of an earlier day"
        raise Invalid.at("/params/day", why)


def _with_carrier(params: ShipParams) -> None:
    if params.rows is None:
        bare = [] if params.carrier else ["/params/carrier"]
    else:
        bare = [
            f"/params/rows/{place}/carrier"
            for place, row in enumerate(params.rows)
            if not (row.carrier or params.carrier)
        ]
    if bare:
        raise Invalid(
            "a parcel needs a carrier", errors=[{"pointer": p, "detail": "say who carries it"} for p in bare]
        )
