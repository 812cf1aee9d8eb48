"""Which partitions of which index a filter needs. Pure.

A filter over axes, negated or not, selects signatures from the registry of those that have ever
been used; each signature is one partition of its index.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from comanda.orders import index
from comanda.orders.filters import Condition, Filter
from comanda.orders.promised import Promised

SCAN_BYTES = 512 * 1024  # of all orders, newest first, before anything narrower is tried
MOST_BYTES = 2 * 1024 * 1024  # a page reads
MOST_PARTITIONS = 200  # a merge begins with
FEW_PARTITIONS = 12  # are merged at once
READ_BYTES = 4096  # no read of a partition costs less

type Traits = Callable[[str], Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Choice:
    """An index and the signatures to read of it."""

    index: str
    signatures: tuple[str, ...]


def narrower(states: Iterable[str], sources: Iterable[str], wanted: Filter, shards: int = 1) -> Choice | None:
    """The index that selects the smaller part of its signatures.

    None when neither narrows, or both need too many partitions: then all orders are read on.
    """
    found = []
    for name, known, traits in (("state", states, _state_traits), ("source", sources, index.source_traits)):
        signatures = sorted(known)
        chosen = tuple(s for s in signatures if _may_fit(traits(s), wanted.conditions))
        if len(chosen) < len(signatures) and len(chosen) * shards <= MOST_PARTITIONS:
            found.append((len(chosen) / len(signatures), name, chosen))
    if not found:
        return None
    _, name, chosen = min(found)
    return Choice(name, chosen)


def scan_bytes(choice: Choice | None, shards: int = 1) -> int:
    """How much of all orders is worth reading before the partitions are: about what it costs to begin them,
    since what is common is found on the way. Nothing where they are few."""
    if choice is None:
        return SCAN_BYTES
    partitions = len(choice.signatures) * shards
    return 0 if partitions <= FEW_PARTITIONS else min(SCAN_BYTES, 2 * partitions * READ_BYTES)


def _state_traits(signature: str) -> Mapping[str, frozenset[str]]:
    several = {"label": index.labels(signature), "stage": index.stages(signature)}
    several["promised"] = frozenset({"maybe"} if index.may_be_promised(signature) else ())
    several["money"] = frozenset({"maybe"} if index.may_be_marked(signature) else ())
    return index.state_traits(signature) | several


def _may_fit(traits: Mapping[str, frozenset[str]], conditions: Iterable[Condition | Promised]) -> bool:
    """Whether an order of this signature can fit; what the signature does not tell stands against none."""
    return all(_may(traits[c.key], c) for c in conditions if c.key in traits)


def _may(present: frozenset[str], condition: Condition | Promised) -> bool:
    if isinstance(condition, Promised) or condition.key == "money":
        return condition.negated or bool(present)
    if condition.key in ("label", "stage"):  # a signature may stand for orders of two of them
        return (
            bool(present - condition.values)
            if condition.negated
            else not condition.values.isdisjoint(present)
        )
    return condition.values.isdisjoint(present) == condition.negated
