"""Whether an order's history is whole, and the order still is what its history says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from comanda.canonical import canonical
from comanda.errors import NotFound
from comanda.orders.decision import Loaded, Sealed
from comanda.orders.evolve import replay
from comanda.orders.facts import Fact, broken_link
from comanda.orders.model import Order


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` is fact | end | order | text; `where` the fact's seq or the name of what differs."""

    what: str
    where: str


class Histories(Protocol):
    def load(self, order_id: str) -> Loaded | None: ...

    def facts(self, order_id: str) -> Iterator[Fact]: ...

    def sealed(self, order_id: str) -> Mapping[str, Sealed]: ...


def verify_history(order_id: str, orders: Histories) -> list[Finding]:
    """What does not fit; nothing for a history that is whole. Raises NotFound.

    A changed fact is named by its place in the chain, facts cut off at the end by the order's own
    last hash. Then the order is rebuilt and compared, and each personal text with the digest that the
    history has of it; a text that was erased is no finding.
    """
    loaded = orders.load(order_id)
    if loaded is None:
        raise NotFound("no such order")
    facts = list(orders.facts(order_id))
    broken = broken_link(facts)
    if broken is not None:
        return [Finding("fact", str(broken))]
    if not facts or facts[-1].hash != loaded.order.head_hash:
        return [Finding("end", str(len(facts)))]
    rebuilt = replace(replay(facts), revision=loaded.order.revision)
    differing = [Finding("order", name) for name in _differences(rebuilt, loaded.order)]
    return differing + list(_texts(loaded.order, orders.sealed(order_id)))


def _differences(rebuilt: Order, stored: Order) -> list[str]:
    one, other = rebuilt.to_dict(), stored.to_dict()
    return [name for name in sorted(one.keys() | other.keys()) if _text(one, name) != _text(other, name)]


def _text(data: dict[str, Any], name: str) -> str:
    return canonical(data.get(name))


def _texts(order: Order, texts: Mapping[str, Sealed]) -> Iterator[Finding]:
    for name, sealed in sorted(texts.items()):
        if sealed.digest != order.personal.get(name):
            yield Finding("text", name)
