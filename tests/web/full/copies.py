"""Whole orders made from an order: history, chain, snapshot and list entries of another customer's."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from comanda.canonical import canonical
from comanda.dynamo.packed import body_of
from comanda.orders.as_stored import as_stored
from comanda.orders.decision import Loaded, Sealed
from comanda.orders.facts import Fact, fact_hash
from comanda.orders.items import commit_row, ledger_row, personal_row, shipment_row, snapshot_row
from comanda.orders.model import Order
from comanda.orders.store import OrderStore
from comanda.search.store import HEAD, inverted
from comanda.search.words import words_of
from comanda.times import moment, stamp

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pattern:
    """An order with its history by commit, as one text in which names can be exchanged."""

    order: Order
    personal: dict[str, Any]
    text: str
    born: datetime

    @classmethod
    def of(cls, store: OrderStore, order_id: str) -> "Pattern":
        loaded: Loaded | None = store.load(order_id)
        stored = as_stored(store.table, order_id)
        assert loaded is not None
        assert stored is not None
        commits = [[item["sk"]["S"], body_of(item)] for item in stored.commits]
        order = loaded.order
        text = canonical({"order": order.to_dict(), "commits": commits})
        return cls(order, loaded.personal, text, moment(order.created_at))


@dataclass(frozen=True, slots=True)
class Copy:
    """`number` is the order's own; `contact` whose it is."""

    order: Order
    commits: list[tuple[str, list[Any]]]
    personal: dict[str, Sealed]

    def items(self) -> Iterator[Item]:
        """Everything of its partition."""
        order, contact = self.order, self.personal["contact"].value
        yield snapshot_row(order, 1, {"contact": contact}).wire_item()
        for key, facts in self.commits:
            row = commit_row(order.order_id, 0, [Fact.from_dict(fact) for fact in facts])
            yield row.wire_item() | {"sk": {"S": key}}
        for entry in order.ledger:
            yield ledger_row(order.order_id, entry).wire_item()
        for parcel in order.shipments:
            yield shipment_row(order.order_id, parcel).wire_item()
        for name, sealed in self.personal.items():
            yield personal_row(order.order_id, name, sealed).wire_item()

    def tokens(self) -> Iterator[Item]:
        ending = f"#{inverted(self.order.created_at)}#{self.order.order_id}"
        for token in words_of(self.order, {"contact": self.personal["contact"].value}).tokens:
            yield {"pk": {"S": token[:HEAD]}, "sk": {"S": token + ending}}


def copied(
    pattern: Pattern, order_id: str, number: str, customer_id: str, contact: dict[str, Any], at: datetime
) -> Copy:
    """The same order of somebody else, placed at another time. Its chain is whole."""
    old = pattern.order
    texts = pattern.personal | {"contact": contact}
    sealed = {name: Sealed(value, f"{order_id}{name}"[:26]) for name, value in texts.items()}
    text = _moved(pattern.text, at - pattern.born)
    exchanged = {old.order_id: order_id, old.number: number, old.customer_id: customer_id}
    exchanged |= {digest: sealed[name].digest for name, digest in old.personal.items() if name in sealed}
    exchanged |= {
        parcel.tracking_number: f"{parcel.tracking_number[:3]}{number[-6:]}{order_id[-6:]}"
        for parcel in old.shipments
    }
    for before, now in exchanged.items():
        text = text.replace(before, now)
    told = json.loads(text)
    prev_hash = ""
    for _, facts in told["commits"]:
        for fact in facts:
            fact["prev_hash"] = prev_hash
            fact["hash"] = prev_hash = fact_hash(fact, prev_hash)
    order = Order.from_dict(told["order"] | {"head_hash": prev_hash})
    return Copy(order, [(key, facts) for key, facts in told["commits"]], sealed)


def _moved(text: str, by: timedelta) -> str:
    return TIME.sub(lambda found: stamp(moment(found[0]) + by), text)
