"""Whether an order's history is whole, and the order still is what its history says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from comanda.canonical import canonical
from comanda.errors import WrongState
from comanda.orders.as_stored import AsStored, RawItem, is_plain, plain, revision_of, under
from comanda.orders.decision import Sealed
from comanda.orders.evolve import evolve
from comanda.orders.facts import Fact, fact_hash
from comanda.orders.items import commit_key
from comanda.orders.model import SCHEMA, Order
from comanda.orders.shown import alike


class Written(Protocol):
    def __call__(self, order: Order, personal: Mapping[str, Any] = ..., /) -> Mapping[str, RawItem]: ...


COMMIT_ATTRIBUTES = {"pk", "sk", "schema", "body"}
TEXT_ATTRIBUTES = COMMIT_ATTRIBUTES | {"salt"}

EXPLAINED = {
    "fact": "this fact, or the commit that begins with it, is not as it was written",
    "end": "the history ends here, the order does not; or it goes on behind the order",
    "order": "the stored order is not what its history says",
    "ledger": "the stored ledger entry is not what the history says",
    "shipment": "the stored shipment is not what the history says",
    "text": "the stored personal text is not the one that the history has the digest of",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` is a key of EXPLAINED; `where` the fact's seq, or the name of what differs."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What does not fit, which is nothing for a history that is whole, and what was looked at."""

    revision: int
    facts: int
    head_hash: str
    findings: tuple[Finding, ...]


class BrokenHistory(WrongState):
    """The history itself does not hold from this fact on."""

    def __init__(self, what: str, seq: int) -> None:
        super().__init__("broken-history", f"fact {seq}: {EXPLAINED[what]}")
        self.finding = Finding(what, str(seq))


def verify_history(stored: AsStored, written: Written) -> Verified:
    """Follow the chain, rebuild the order, compare each stored item with what the writer would write.

    `written` answers the items of an order by their sort keys. While somebody writes, the items
    belong to any revision between the snapshot's and the last commit's; each must fit one of them.
    A text that was erased is no finding. Nothing is compared behind a broken chain.
    """
    revision = max(revision_of(stored.snapshot), 0)
    try:
        states = list(rebuilt(stored))
        window = _window(states, stored)
    except BrokenHistory as broken:
        return Verified(revision, 0, "", (broken.finding,))
    last = window[0]
    findings = (
        *_order(stored, written(last, _contact(stored, last))),
        *_parts(stored, window, written),
        *_texts(stored, window),
    )
    return Verified(revision, last.facts, last.head_hash, findings)


def rebuilt(stored: AsStored) -> Iterator[Order]:
    """The order after each commit, rebuilt from facts whose hashes chain. Raises BrokenHistory."""
    order: Order | None = None
    for revision, item in enumerate(stored.commits, start=1):
        for fact in _facts(item, revision, order):
            order = _evolved(order, fact, stored.order_id)
            if is_plain(item):  # its writer moved this with every fact, see ADR 0010
                order = replace(order, updated_at=fact["at"])
        if order is None:
            raise BrokenHistory("fact", 1)
        order = replace(order, revision=revision)
        yield order


def _facts(item: RawItem, revision: int, before: Order | None) -> Iterator[dict[str, Any]]:
    seq, prev_hash = (before.facts, before.head_hash) if before else (0, "")
    for fact in _commit(item, revision, seq + 1):
        seq += 1
        known = isinstance(fact, dict) and fact.get("seq") == seq and fact.get("prev_hash") == prev_hash
        if not known or fact.get("hash") != fact_hash(fact, prev_hash):
            raise BrokenHistory("fact", seq)
        prev_hash = fact["hash"]
        yield fact


def _commit(item: RawItem, revision: int, seq: int) -> list[Any]:
    try:
        facts = plain(item)
    except ValueError:
        raise BrokenHistory("fact", seq) from None
    ours = item["sk"]["S"] == commit_key(revision) and set(item) == COMMIT_ATTRIBUTES and _schema(item)
    if not ours or not isinstance(facts, list) or not facts:
        raise BrokenHistory("fact", seq)
    return facts


def _evolved(order: Order | None, fact: dict[str, Any], order_id: str) -> Order:
    """A chain made anew by somebody may still tell what no command of ours ever wrote."""
    try:
        after = evolve(order, Fact.from_dict(fact))
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        raise BrokenHistory("fact", fact["seq"]) from None
    if after.order_id != order_id:
        raise BrokenHistory("fact", fact["seq"])
    return after


def _window(states: list[Order], stored: AsStored) -> list[Order]:
    """The states that the items may be of, the snapshot's first."""
    first = revision_of(stored.snapshot)
    if len(states) < first or not states:
        raise BrokenHistory("end", states[-1].facts + 1 if states else 1)
    if len(states) > max(stored.latest, first):
        beyond = max(stored.latest, first, 0)
        raise BrokenHistory("end", states[beyond - 1].facts + 1 if beyond else 1)
    return states[max(first, 1) - 1 :]


def _contact(stored: AsStored, order: Order) -> dict[str, Any]:
    """The contact if it is the very one of this order; another one belongs to a later revision."""
    item = under(stored.parts, "PII#").get("contact")
    digest = _digest(item) if item else ""
    known = item is not None and digest and digest == order.personal.get("contact")
    return {"contact": plain(item)} if item is not None and known else {}


def _order(stored: AsStored, written: Mapping[str, RawItem]) -> Iterator[Finding]:
    item, expected = stored.snapshot, written["ORDER"]
    row, wanted = alike(_row(item), _row(expected))
    item, expected = item | {"row": row}, expected | {"row": wanted}
    yield from (Finding("order", name) for name in sorted(_differing(item, expected)))
    try:
        one, other = plain(item), plain(expected)
    except ValueError:
        yield Finding("order", "body")
        return
    if not isinstance(one, dict):
        yield Finding("order", "body")
        return
    for name in sorted(one.keys() | other.keys()):
        if name not in one or name not in other or canonical(one[name]) != canonical(other[name]):
            yield Finding("order", name)


def _row(item: RawItem) -> dict[str, str]:
    return {name: str(held.get("S")) for name, held in item.get("row", {}).get("M", {}).items()}


def _parts(stored: AsStored, window: list[Order], written: Written) -> Iterator[Finding]:
    """Ledger entries and shipments: each item as some revision of the window has it."""
    possible = [written(order) for order in window]
    for what, prefix in (("ledger", "LEDGER#"), ("shipment", "SHIPMENT#")):
        found = {name: _proven(item) for name, item in under(stored.parts, prefix).items()}
        expected = [under(items.values(), prefix) for items in possible]
        for name in sorted(found.keys() | {name for one in expected for name in one}):
            if not any(_same(found.get(name), one.get(name)) for one in expected):
                yield Finding(what, name)


def _proven(item: RawItem) -> RawItem:
    """What the history tells of an item; what carriers said in words lies beside it."""
    return {name: value for name, value in item.items() if name != "scans"}


def _texts(stored: AsStored, window: list[Order]) -> Iterator[Finding]:
    for name, item in sorted(under(stored.parts, "PII#").items()):
        digest = _digest(item)
        if not any(digest and digest == order.personal.get(name) for order in window):
            yield Finding("text", name)


def _digest(item: RawItem) -> str:
    """The digest of a stored text; empty when the item is not as the writer makes it."""
    try:
        value = plain(item)
    except ValueError:
        return ""
    sound = set(item) == TEXT_ATTRIBUTES and _schema(item)
    return Sealed(value, item["salt"]["S"]).digest if sound else ""


def _same(found: RawItem | None, expected: RawItem | None) -> bool:
    if found is None or expected is None:
        return found is expected
    try:
        return not _differing(found, expected) and canonical(plain(found)) == canonical(plain(expected))
    except ValueError:
        return False


def _differing(found: RawItem, expected: RawItem) -> set[str]:
    """Names of the attributes beside the body that are not as they are written today."""
    names = (found.keys() | expected.keys()) - {"body", "schema"}
    return {name for name in names if found.get(name) != expected.get(name)} | (
        set() if _schema(found) else {"schema"}
    )


def _schema(item: RawItem) -> bool:
    """Whether the item says that it was written in a form known here."""
    text = item.get("schema", {}).get("N", "")
    return text.isdecimal() and 1 <= int(text) <= SCHEMA
