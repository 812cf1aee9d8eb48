"""Say what a list says of a product."""

from dataclasses import replace
from typing import Any

from comanda.errors import Invalid, Stale
from comanda.pricelists.model import Entry
from comanda.pricelists.store import PriceStore
from comanda.settings.sections import Customers


def change_entry(store: PriceStore, wanted: Entry, *, seen: int, at: str, actor: str) -> Entry:
    """Replace an entry whose version is `seen` (0: there is none yet); an empty one leaves the list.

    What does not change keeps its version. Orders keep what they were charged. Raises Stale, Invalid.
    """
    judge(wanted)
    before = store.many(wanted.group, [wanted.sku]).get(wanted.sku) or Entry(wanted.group, wanted.sku)
    if before.version != seen:
        raise Stale(f"{wanted.sku} of list {wanted.group} is at version {before.version}, you saw {seen}")
    if before.says() == wanted.says() and before.version:
        return before
    after = next_version(before, wanted, at, actor)
    store.replace([after])
    return after


def next_version(before: Entry, wanted: Entry, at: str, actor: str) -> Entry:
    return replace(wanted, version=before.version + 1, changed_at=at, changed_by=actor)


def judge(entry: Entry) -> None:
    """Raises Invalid when the quantities do not rise."""
    starts = [start for start, _ in entry.breaks]
    if starts != sorted(set(starts)):
        raise Invalid.at("/breaks", "each quantity once, from few to many")


def known_list(group: str, customers: Customers, everyone: str) -> bool:
    """Whether there is such a list: one per group of customers, and one for everyone."""
    return group == everyone or customers.group(group) is not None


def entry_answer(entry: Entry, currency: str) -> dict[str, Any]:
    """An entry as staff see it."""
    return {
        "group": entry.group,
        "sku": entry.sku,
        "breaks": [
            {"from_quantity": start, "unit_price": {"amount": amount, "currency": currency}}
            for start, amount in entry.breaks
        ],
        "units_per_box": entry.units_per_box,
        "minimum_quantity": entry.minimum_quantity,
        "version": entry.version,
        "changed_at": entry.changed_at or None,
        "changed_by": entry.changed_by or None,
    }
