"""The items that an order's commit writes, as rows."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from comanda.canonical import canonical
from comanda.dynamo.packed import body_of, unpack
from comanda.orders import index
from comanda.orders.decision import Effect, Sealed
from comanda.orders.facts import Fact
from comanda.orders.model import Entry, Order, Shipment
from comanda.orders.rows import (
    STUCK_PARCELS,
    CommitRow,
    LedgerRow,
    OrderRow,
    OutRow,
    PersonalRow,
    ShipmentRow,
)
from comanda.orders.shown import shown
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later

NO_TEXTS: Mapping[str, Any] = MappingProxyType({})
PATIENT = frozenset({"mail", "payment.refund"})  # wait while what they follow from can be taken back
LEASE_SECONDS = 120  # how long a wanted effect may lie before the sweep asks after it


def list_row(order: Order, personal: Mapping[str, Any] = NO_TEXTS) -> dict[str, str]:
    """What lies in the list's indexes: what is filtered by, and what a row shows."""
    return index.row(order) | shown(order, personal).written()


def snapshot_row(order: Order, shards: int, personal: Mapping[str, Any] = NO_TEXTS) -> OrderRow:
    """`shards` spreads the list indexes over partitions; of `personal` the row shows the contact."""
    shard = f"#{hash_shard(order.order_id, shards)}"
    where = index.position(order)
    offer = order.draft if order.draft and order.lifecycle == Lifecycle.QUOTED else None
    return OrderRow(
        order.order_id,
        "ORDER",
        revision=order.revision,
        body=canonical(order.snapshot()),
        row=list_row(order, personal),
        created_pk="ORDER" + shard,
        created_sk=where,
        updated_pk="ORDER" + shard,
        updated_sk=f"{order.updated_at}#{order.order_id}",
        state_pk=index.state_signature(order) + shard,
        state_sk=where,
        source_pk=index.source_signature(order) + shard,
        source_sk=where,
        due_pk="DUE" if offer else None,
        due_sk=f"{offer.expires_at}#ORDER" if offer else None,
    )


def commit_row(order_id: str, revision: int, facts: Sequence[Fact]) -> CommitRow:
    body = canonical([fact.to_dict() for fact in facts])
    return CommitRow(order_id, commit_key(revision), body=body)


def ledger_row(order_id: str, entry: Entry) -> LedgerRow:
    return LedgerRow(order_id, f"LEDGER#{entry.entry_id}", body=canonical(entry.to_dict()))


def shipment_row(order_id: str, shipment: Shipment) -> ShipmentRow:
    row = ShipmentRow(order_id, f"SHIPMENT#{shipment.shipment_id}")
    told = shipment.to_dict()
    scans = told.pop("scans", None)
    row.body, row.tracking_pk = canonical(told), shipment.tracking_key
    row.scans = canonical(scans) if scans else None
    if shipment.stuck_since:
        row.due_pk, row.due_sk = STUCK_PARCELS, f"{shipment.stuck_since}#{shipment.carrier}"
    return row


def shipment_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """A parcel from its raw item, with the scans that lie beside its body."""
    scans = {"scans": json.loads(unpack(item["scans"]))} if "scans" in item else {}
    told: dict[str, Any] = body_of(item)
    return told | scans


def commit_key(revision: int) -> str:
    return f"FACT#{revision:010d}"


def hash_shard(order_id: str, shards: int) -> int:
    return sum(order_id.encode()) % shards


def personal_row(order_id: str, name: str, sealed: Sealed) -> PersonalRow:
    return PersonalRow(order_id, f"PII#{name}", body=canonical(sealed.value), salt=sealed.salt)


def out_row(order_id: str, effect: Effect, at: str, revision: int = 0, patience: int = 0) -> OutRow:
    """A fresh effect. It lies in the `due` index until it is settled, so none is ever forgotten. What
    is PATIENT may not be claimed before `patience` seconds are over."""
    lease = effect.claimed_until or later(at, LEASE_SECONDS)
    waits = later(at, patience) if patience and effect.kind in PATIENT else ""
    return OutRow(
        order_id,
        f"OUT#{effect.effect_id}",
        kind=effect.kind,
        state="claimed" if effect.claimed_until else "wanted",
        body=canonical(effect.data),
        wanted_at=at,
        lease_until=effect.claimed_until or waits,
        revision=revision,
        due_pk="DUE",
        due_sk=f"{lease}#OUT",
    )
