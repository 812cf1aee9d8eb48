"""An order as it was at any instant, rebuilt from its history."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from comanda.dynamo.packed import body_of
from comanda.errors import Invalid, NotFound
from comanda.orders.as_stored import AsStored, under
from comanda.orders.decision import Sealed
from comanda.orders.facts import Fact
from comanda.orders.model import Order
from comanda.orders.verify_history import rebuilt
from comanda.times import moment, stamp


@dataclass(frozen=True, slots=True)
class Past:
    """`texts` are those the order had then and that are still kept; what was changed or erased is gone."""

    order: Order
    texts: dict[str, Sealed]
    facts: tuple[Fact, ...]

    @property
    def at(self) -> str:
        """When the last of its facts happened."""
        return self.facts[-1].at

    @property
    def personal(self) -> dict[str, Any]:
        return {name: sealed.value for name, sealed in self.texts.items()}


def past(stored: AsStored, when: str = "") -> Past:
    """The order at an RFC 3339 instant or after a commit, named by its revision; empty: as it is now.

    An instant takes every commit until the first that is later. Raises Invalid for what is neither,
    NotFound before the order's first commit and behind its last, BrokenHistory.
    """
    states = list(rebuilt(stored))
    commits = [[Fact.from_dict(fact) for fact in body_of(item)] for item in stored.commits]
    revision = _revision([facts[-1].at for facts in commits], when)
    order = states[revision - 1]
    return Past(order, _texts(stored, order), tuple(fact for facts in commits[:revision] for fact in facts))


def _revision(times: list[str], when: str) -> int:
    """The commit to end with, of commits made at `times`."""
    if not when:
        return len(times)
    if when.isdecimal() and len(when) <= 10:
        revision = int(when)
    else:
        instant = _instant(when)
        revision = len(list(takewhile(lambda at: at <= instant, times)))
    if not 1 <= revision <= len(times):
        raise NotFound(f"the order has revisions from 1, of {times[0]}, to {len(times)}, of {times[-1]}")
    return revision


def _instant(when: str) -> str:
    try:
        return stamp(moment(when))
    except (ValueError, OverflowError):
        raise Invalid.at("/as_of", "an RFC 3339 time with its offset, or a revision") from None


def _texts(stored: AsStored, order: Order) -> dict[str, Sealed]:
    found = {
        name: Sealed(body_of(item), item["salt"]["S"]) for name, item in under(stored.parts, "PII#").items()
    }
    return {name: sealed for name, sealed in found.items() if sealed.digest == order.personal.get(name)}
