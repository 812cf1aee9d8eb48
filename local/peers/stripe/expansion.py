"""`expand[]`: ids replaced by the objects they name, along paths such as `latest_charge.refunds`."""

from local.peers.database import Json
from local.peers.stripe.account import Account
from local.peers.stripe.errors import invalid

KINDS = {
    "balance_transaction": "balance_transaction",
    "charge": "charge",
    "failure_balance_transaction": "balance_transaction",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
}
SOURCES = {"ch": "charge", "re": "refund", "du": "dispute", "po": "payout"}  # of a balance transaction
DEEPEST = 4


def expand(account: Account, thing: Json, paths: list[str]) -> Json:
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid(f"A property can be expanded at most {DEEPEST} levels deep ({path}).", "expand")
        thing = _along(account, thing, steps, path)
    return thing


def _along(account: Account, thing: Json, steps: list[str], path: str) -> Json:
    name, rest = steps[0], steps[1:]
    if name == "data" and thing.get("object") == "list" and rest:
        return {**thing, "data": [_along(account, row, rest, path) for row in thing["data"]]}
    value = _value(account, thing, name, path)
    if rest and isinstance(value, dict):
        value = _along(account, value, rest, path)
    return {**thing, name: value}


def _value(account: Account, thing: Json, name: str, path: str) -> Json | None:
    if name == "refunds" and thing.get("object") == "charge":
        made = list(account.records.newest_first("refund", {"charge": thing["id"]}))
        url = f"/v1/charges/{thing['id']}/refunds"
        return {"object": "list", "data": made, "has_more": False, "url": url}
    if name == "source" and thing.get("object") == "balance_transaction":
        return account.find(SOURCES[thing["source"].partition("_")[0]], thing["source"])
    if name not in KINDS or name not in thing:
        raise invalid(f"This property cannot be expanded ({path}).", "expand")
    value: str | Json | None = thing[name]
    return account.find(KINDS[name], value) if isinstance(value, str) else value
