"""Lists: newest first, filtered, in pages that start after or end before an object."""

import operator
from collections.abc import Callable
from itertools import islice

from local.peers.database import Json
from local.peers.stripe import payouts, session_rules, sessions
from local.peers.stripe.account import PEER, Account
from local.peers.stripe.errors import invalid
from local.peers.stripe.params import Params

PAGING = ("created", "ending_before", "expand", "limit", "starting_after")
MOST_TYPES = 20
COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}

type Keep = Callable[[Json], bool]


def intents(account: Account, params: Params) -> Json:
    return _listed(account, params, "payment_intent", "/v1/payment_intents", ("customer",))


def charges(account: Account, params: Params) -> Json:
    return _listed(account, params, "charge", "/v1/charges", ("payment_intent", "customer", "transfer_group"))


def sessions_made(account: Account, params: Params) -> Json:
    """Those whose time is up are expired by being looked at."""
    url, filters = "/v1/checkout/sessions", ("payment_intent", "status")
    equal = _equal(params, filters)
    status = equal.pop("status", None)

    def keep(row: Json) -> bool:
        return status in (None, sessions.current(account, row["id"])["status"])

    params.only(*PAGING, *filters)
    listed = _page(account, params, session_rules.KIND, url, equal, keep)
    return {**listed, "data": [sessions.current(account, row["id"]) for row in listed["data"]]}


def refunds(account: Account, params: Params) -> Json:
    return _listed(account, params, "refund", "/v1/refunds", ("charge", "payment_intent"))


def disputes(account: Account, params: Params) -> Json:
    return _listed(account, params, "dispute", "/v1/disputes", ("charge", "payment_intent"))


def balance_transactions(account: Account, params: Params) -> Json:
    url, filters = "/v1/balance_transactions", ("currency", "source", "type")
    params.only(*PAGING, *filters, "payout")
    payout = params.text("payout")
    inside = payouts.content(account, payout) if payout else None

    def keep(row: Json) -> bool:
        return inside is None or row["id"] in inside

    return _page(account, params, "balance_transaction", url, _equal(params, filters), keep)


def payouts_made(account: Account, params: Params) -> Json:
    return _listed(account, params, "payout", "/v1/payouts", ("destination", "status"))


def events(account: Account, params: Params) -> Json:
    params.only(*PAGING, "delivery_success", "type", "types")
    types = [*params.array("types"), *params.array("type")]
    if len(types) > MOST_TYPES:
        raise invalid(f"You may only specify up to {MOST_TYPES} types", "types")
    success = params.boolean("delivery_success")
    undelivered = account.outbox.undelivered(PEER) if success is not None else set()

    def keep(event: Json) -> bool:
        fits = not types or any(_of_type(event["type"], wanted) for wanted in types)
        return fits and (success is None or success is (event["id"] not in undelivered))

    listed = _page(account, params, "event", "/v1/events", {}, keep)
    return {**listed, "data": [with_pending(account, event) for event in listed["data"]]}


def with_pending(account: Account, event: Json) -> Json:
    return {**event, "pending_webhooks": min(account.outbox.pending(PEER, event["id"]), 1)}


def _of_type(event_type: str, wanted: str) -> bool:
    return event_type.startswith(wanted[:-1]) if wanted.endswith(".*") else event_type == wanted


def _listed(account: Account, params: Params, kind: str, url: str, filters: tuple[str, ...]) -> Json:
    params.only(*PAGING, *filters)
    return _page(account, params, kind, url, _equal(params, filters), lambda row: True)


def _equal(params: Params, filters: tuple[str, ...]) -> dict[str, str]:
    given = {name: params.text(name) for name in filters}
    return {name: value for name, value in given.items() if value is not None}


def _page(
    account: Account, params: Params, kind: str, url: str, equal: dict[str, str], keep: Keep
) -> Json:  # fmt: skip
    """A cursor may have ceased to fit the filter since the page before; it only has to exist."""
    limit = params.integer("limit")
    limit = 10 if limit is None else limit
    if not 1 <= limit <= 100:
        raise invalid("limit is between 1 and 100", "limit", "parameter_invalid_integer")
    after, before = params.text("starting_after"), params.text("ending_before")
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor is not None:
            account.find(kind, cursor, name)
    in_time = _in_time(params)
    rows = account.records.newest_first(kind, equal, after=after, before=before)
    fitting = (row for row in rows if in_time(row) and keep(row))
    found = list(fitting if before else islice(fitting, limit + 1))
    data = found[-limit:] if before else found[:limit]
    return {"object": "list", "data": data, "has_more": len(found) > limit, "url": url}


def _in_time(params: Params) -> Keep:
    if not params.is_group("created"):
        exactly = params.integer("created")
        return lambda row: exactly in (None, row["created"])
    bounds = Params(params.group("created") or {})
    bounds.only(*COMPARISONS)
    limits = [(compare, bounds.integer(name)) for name, compare in COMPARISONS.items() if name in bounds]
    return lambda row: all(bound is None or compare(row["created"], bound) for compare, bound in limits)
