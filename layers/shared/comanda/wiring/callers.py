"""Who calls, by which key or token, how often, and whether they asked before."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from datetime import datetime

    from comanda.customers.model import Customer
    from comanda.idempotency.once import Once
    from comanda.idempotency.store import KeyStore
    from comanda.links.issue import Links
    from comanda.links.keys import Keys
    from comanda.orders.pickup_codes import PickupCodes
    from comanda.runtime.limits import Rate
    from comanda.settings.sections import Limits


def keys() -> "Keys":
    """The signing keys; read again every few minutes, so a rotation needs no restart."""
    from comanda.links.keys import Keys
    from comanda.secrets import secret

    found = secret("SIGNING_SECRET")
    return Keys(found["current"], found.get("previous", ""))


@cache
def links() -> "Links":
    from comanda.links.issue import Links
    from comanda.links.store import LinkStore

    return Links(LinkStore(variable("SETTINGS_TABLE")), wiring.keys)


@cache
def pickup_codes() -> "PickupCodes":
    from comanda.ids import new_id
    from comanda.links.store import LinkStore
    from comanda.orders.pickup_codes import PickupCodes

    return PickupCodes(LinkStore(variable("SETTINGS_TABLE")), wiring.keys, new_id)


def customer_of(token: str) -> "Customer | None":
    """The customer a token stands for, if it is genuine and not revoked; of one who was merged into another,
    that one."""
    found = wiring.keys().customer_of(token)
    customer = wiring.customers().load(found[0]) if found else None
    if customer is None or found is None or customer.token_version != found[1]:
        return None
    return wiring.customers().living(customer.merged_into) if customer.merged_into else customer


def group_of(event: dict[str, Any]) -> str:
    """The group of the known customer who looks at the shop; empty for a guest."""
    from comanda.runtime.requests import bearer, cookie

    token = bearer(event, required=False) or cookie(event, "customer")
    customer = wiring.customer_of(token) if token else None
    return customer.group if customer and customer.verified else ""


@cache
def keys_seen() -> "KeyStore":
    from comanda.idempotency.store import KeyStore

    return KeyStore(variable("DEDUPE_TABLE"))


def once(event: dict[str, Any], route: str, body: dict[str, Any]) -> "Once":
    """The command of a mailed link under its caller's key, if there is one. Raises Malformed."""
    from comanda.idempotency.once import Once
    from comanda.idempotency.store import Request
    from comanda.runtime.http import idempotency_key
    from comanda.times import stamp

    key = idempotency_key(event, required=False)
    return Once(wiring.keys_seen(), Request.of(route, key, body) if key else None, stamp(wiring.now()))


def rate_limited(what: str, address: str, email: str, moment: "datetime") -> None:
    """Count a public write against the shop's limits. Raises RateLimited."""
    wiring.rate_of_address(what, address, moment).count()
    if email:
        wiring.rate_of_email(what, email, moment).count()


def rate_of_address(what: str, address: str, moment: "datetime") -> "Rate":
    """How often one address may do it in this minute."""
    from comanda.runtime.limits import Rate, window

    limits = wiring.limits_of(window(moment))
    return Rate(variable("DEDUPE_TABLE"), what, address, limits.per_address, moment)


def rate_of_email(what: str, email: str, moment: "datetime") -> "Rate":
    """How often it may be done under one e-mail address in this minute."""
    from comanda.runtime.limits import Rate, window

    limits = wiring.limits_of(window(moment))
    return Rate(variable("DEDUPE_TABLE"), f"{what}-email", email, limits.per_email, moment)


@lru_cache(maxsize=1)
def limits_of(window: int) -> "Limits":
    """The shop's limits, read once a minute: a changed one holds from the next minute on."""
    limits: Limits = wiring.settings().section("limits")[0]
    return limits
