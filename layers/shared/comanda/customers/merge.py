"""Two profiles of one person: what becomes of both when one is merged into the other. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from comanda.customers.model import Customer, email_key
from comanda.errors import Invalid, WrongState

FILLED = ("name", "phone", "company", "tax_id", "group", "complained_at")
MOST_EMAILS = 40  # of one customer: their lookups are written in one transaction
MOST_TAGS, LONGEST_NOTE = 50, 4000


@dataclass(frozen=True, slots=True)
class Merge:
    """The record of a merge. `orders` counts those that changed hands, `moved` is the store credit that
    did, by currency in minor units. `state`: running | done."""

    customer_id: str
    into: str
    at: str
    actor: str
    cause: str
    state: str = "running"
    orders: int = 0
    moved: tuple[tuple[str, int], ...] = ()


def judge_merge(loser: Customer, survivor: Customer) -> None:
    """Raises Invalid for the same profile, or too many addresses, and WrongState by a guard's name."""
    if loser.customer_id == survivor.customer_id:
        raise Invalid.at("/into", "a customer cannot be merged into themselves")
    if loser.merged_into:
        raise WrongState("customer-merged", f"this customer was merged into {loser.merged_into}")
    if survivor.merged_into:
        raise Invalid.at("/into", f"this customer was merged into {survivor.merged_into}: name that one")
    if loser.verified and not survivor.verified:
        told = "only this customer's address is confirmed: merge the other one into this one"
        raise WrongState("merge-the-other-way", told)
    if len(set(map(email_key, [*survivor.emails, *loser.emails]))) > MOST_EMAILS:
        raise Invalid.at("/into", f"a customer has at most {MOST_EMAILS} e-mail addresses")


def merged(survivor: Customer, loser: Customer) -> Customer:
    """The profile that stays: what it says itself counts, the other one fills in what it lacks."""
    filled: dict[str, Any] = {name: getattr(survivor, name) or getattr(loser, name) for name in FILLED}
    if survivor.net_days is None and survivor.credit_limit is None:
        filled |= {"net_days": loser.net_days, "credit_limit": loser.credit_limit}
    if not survivor.address:
        filled |= {"address": loser.address, "default_address": loser.default_address}
    if not survivor.email:
        filled |= {"email": loser.email, "verified_at": loser.verified_at}
    notes = [note for note in (survivor.note, loser.note) if note]
    return replace(
        survivor,
        **filled,
        other_emails=_emails(survivor, loser),
        tags=list(dict.fromkeys([*survivor.tags, *loser.tags]))[:MOST_TAGS],
        note="\n".join(dict.fromkeys(notes))[:LONGEST_NOTE],
    )


def left_behind(loser: Customer, survivor: Customer) -> Customer:
    """The profile that ends. It stays to be read: who it was, and whom it belongs to now."""
    return replace(loser, merged_into=survivor.customer_id)


def _emails(survivor: Customer, loser: Customer) -> list[dict[str, str]]:
    theirs = {"email": loser.email, "verified_at": loser.verified_at}
    known = {email_key(email) for email in ("", survivor.email or loser.email)}
    kept = []
    for one in (*survivor.other_emails, theirs, *loser.other_emails):
        key = email_key(one["email"])
        if key not in known:
            known.add(key)
            kept.append(dict(one))
    return kept
