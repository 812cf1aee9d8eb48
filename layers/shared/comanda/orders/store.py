"""Orders in DynamoDB: load one partition, write one commit."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from comanda.dynamo.packed import body_of
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import MOST_ACTIONS, AlreadyDone, RevisionMoved, Transaction
from comanda.errors import Invalid
from comanda.orders import index
from comanda.orders.as_stored import AsStored, as_stored
from comanda.orders.course import Course
from comanda.orders.decision import Decision, Loaded, Move
from comanda.orders.facts import Fact, Origin
from comanda.orders.holdings import waited_for
from comanda.orders.items import (
    NO_TEXTS,
    commit_key,
    commit_row,
    ledger_row,
    list_row,
    out_row,
    personal_row,
    shipment_row,
    snapshot_row,
)
from comanda.orders.mails import reaches_nobody
from comanda.orders.model import Order, Shipment, tracking_key
from comanda.orders.own_changes import Notes, OwnChange, print_of
from comanda.orders.partition import loaded_from
from comanda.orders.rows import (
    ROWS,
    IdentityRow,
    LedgerRow,
    OrderRow,
    PersonalRow,
    ShipmentRow,
)

LOAD_FROM = "FACT$"  # sorts behind every FACT#, so a load skips the history


class StockBook(Protocol):
    """What the stock area writes into an order's transaction."""

    def write_moves(self, tx: Transaction, moves: Iterable[Move]) -> None: ...

    def write_waiting(
        self, tx: Transaction, order_id: str, since: str, begin: Iterable[str], end: Iterable[str]
    ) -> None: ...


class Signatures(Protocol):
    """The registry of signatures that the list's filters select from."""

    def know(self, state: str, source: str) -> None: ...


class Periods(Protocol):
    """Periods of the books that are locked."""

    def guard(self, tx: Transaction, days: Iterable[str]) -> None:
        """Refuse the transaction when one of these days is locked."""
        ...


class OrderStore:
    """Reads and writes the Orders table. `shards` spreads a hot index over partitions."""

    def __init__(
        self,
        table: str,
        *,
        stock: StockBook,
        signatures: Signatures,
        shards: int = 1,
        notes: Notes | None = None,
        periods: Periods | None = None,
    ) -> None:
        self.table = table
        self.periods = periods
        self.notes = notes
        self.stock = stock
        self.signatures = signatures
        self.shards = shards
        for row in ROWS:
            row.bind(table)

    # -- reading ---------------------------------------------------------------------------------

    def load(self, order_id: str) -> Loaded | None:
        """One consistent Query of the partition without its history."""
        items = list(
            pages(
                TableName=self.table,
                KeyConditionExpression="pk = :pk AND sk > :from",
                ExpressionAttributeValues={":pk": {"S": order_id}, ":from": {"S": LOAD_FROM}},
                ConsistentRead=True,
            )
        )
        return loaded_from(items)

    def facts(self, order_id: str) -> Iterator[Fact]:
        """The whole history, oldest first."""
        for item in self._history(order_id):
            yield from (Fact.from_dict(fact) for fact in body_of(item))

    def facts_until(self, order_id: str, revision: int) -> list[Fact]:
        """The history up to and with the commit `revision`."""
        last = commit_key(revision)
        items = (item for item in self._history(order_id) if item["sk"]["S"] <= last)
        return [Fact.from_dict(fact) for item in items for fact in body_of(item)]

    def _history(self, order_id: str) -> Iterator[dict[str, Any]]:
        return pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :fact)",
            ExpressionAttributeValues={":pk": {"S": order_id}, ":fact": {"S": "FACT#"}},
            ConsistentRead=True,
        )

    def as_stored(self, order_id: str) -> AsStored | None:
        """The raw items of an order; None without a snapshot."""
        return as_stored(self.table, order_id)

    def written(self, order: Order, personal: Mapping[str, Any] = NO_TEXTS) -> dict[str, dict[str, Any]]:
        """The snapshot, ledger and shipment items as they are written for this order, by sort key."""
        tx = Transaction()
        tx.put(snapshot_row(order, self.shards, personal))
        self._put_parts(tx, None, order, set())
        items = [action.request["Put"]["Item"] for action in tx.actions]
        return {item["sk"]["S"]: item for item in items}

    def parcels(self, order_id: str) -> tuple[Shipment, ...]:
        """What an order has sent, as it is now."""
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :shipment)",
            ExpressionAttributeValues={":pk": {"S": order_id}, ":shipment": {"S": "SHIPMENT#"}},
            ConsistentRead=True,
        )
        return tuple(Shipment.from_dict(body_of(item)) for item in items)

    def by_tracking(self, tracking_number: str) -> list[str]:
        """Ids of the orders that have a shipment with this tracking number."""
        found = pages(
            TableName=self.table,
            IndexName="tracking",
            KeyConditionExpression="tracking_pk = :code",
            ExpressionAttributeValues={":code": {"S": tracking_key(tracking_number)}},
        )
        return sorted({item["pk"]["S"] for item in found})

    def seen(self, order_id: str, identity: str) -> bool:
        """Whether an outside event has had its effect on this order."""
        named = (f"EFFECT#{identity}", f"LEDGER#{identity}")
        return any(IdentityRow.read(order_id, sk) is not None for sk in named)

    # -- writing ---------------------------------------------------------------------------------

    def commit(self, before: Order | None, decision: Decision, origin: Origin) -> Order:
        """Write one decision; see `write`."""
        return self.write(Course(before, origin).add(decision))

    def write(self, course: Course) -> Order:
        """Write a course of events as one transaction and return the order after it.

        Raises RevisionMoved (read and judge again), AlreadyDone (an identity is known), the refusal
        of a stock move or of a write in `also`, or Busy. Nothing is written unless all of it is.
        """
        before, after, decision, origin = course.before, course.after, course.decision, course.origin
        self.signatures.know(index.state_signature(after), index.source_signature(after))
        tx = Transaction()
        tx.put(snapshot_row(after, self.shards, course.personal), _revision_is(before))
        tx.put(commit_row(after.order_id, after.revision, course.facts))
        self._put_parts(tx, before, after, set(decision.identities))
        for name, sealed in decision.personal.items():
            tx.put(personal_row(after.order_id, name, sealed))
        for name in decision.forgotten:
            tx.delete(PersonalRow(after.order_id, f"PII#{name}"))
        for identity in set(decision.identities) - _fresh_entries(before, after):
            row = IdentityRow(after.order_id, f"EFFECT#{identity}", revision=after.revision)
            tx.put(row, IdentityRow.pk.does_not_exist(), AlreadyDone)
        for effect in (one for one in decision.effects if not reaches_nobody(one, after)):
            tx.put(out_row(after.order_id, effect, origin.at, after.revision, origin.patience))
        self.stock.write_moves(tx, decision.moves)
        then, now = waited_for(before), waited_for(after)
        self.stock.write_waiting(tx, after.order_id, after.created_at, now - then, then - now)
        if self.periods and (days := _dated(before, after)):
            self.periods.guard(tx, days)
        for write in decision.also:
            write(tx)
        if len(tx.actions) > MOST_ACTIONS:
            raise Invalid.at("/lines", "this order has too many different products for one transaction")
        if self.notes:
            listed = print_of(list_row(after, course.personal))
            self.notes.note(origin.actor, OwnChange(after.order_id, after.created_at, listed))
        tx.commit()
        return after

    def _put_parts(self, tx: Transaction, before: Order | None, after: Order, once: set[str]) -> None:
        """Ledger entries and shipments are items of their own: only the changed ones are written.

        An entry in `once` that is there already has had its effect. Any other was numbered by somebody
        who was faster: the command is judged again.
        """
        ledger_before = set(before.ledger) if before else set()
        fresh = _fresh_entries(before, after)
        for entry in after.ledger:
            if entry not in ledger_before:
                row = ledger_row(after.order_id, entry)
                if entry.entry_id in fresh:
                    known = AlreadyDone if entry.entry_id in once else RevisionMoved
                    tx.put(row, LedgerRow.pk.does_not_exist(), known)
                else:
                    tx.put(row)
        shipments_before = set(before.shipments) if before else set()
        told_before = {one.shipment_id: one.scans for one in shipments_before}
        for shipment in after.shipments:
            news = shipment.scans != told_before.get(shipment.shipment_id)
            if shipment not in shipments_before or news:
                tx.put(shipment_row(after.order_id, shipment))
        kept = {shipment.shipment_id for shipment in after.shipments}
        for shipment in shipments_before:
            if shipment.shipment_id not in kept:
                tx.delete(ShipmentRow(after.order_id, f"SHIPMENT#{shipment.shipment_id}"))


def _dated(before: Order | None, after: Order) -> set[str]:
    """The days that entries of the ledger are newly dated with by the bank's calendar."""
    known = {(entry.entry_id, entry.on) for entry in before.ledger} if before else set()
    return {entry.on for entry in after.ledger if entry.on and (entry.entry_id, entry.on) not in known}


def _fresh_entries(before: Order | None, after: Order) -> set[str]:
    """Ids of the ledger entries that are new. Such an entry is the record of its own identity."""
    known = {entry.entry_id for entry in before.ledger} if before else set()
    return {entry.entry_id for entry in after.ledger} - known


def _revision_is(before: Order | None) -> Any:
    return OrderRow.revision == before.revision if before else OrderRow.pk.does_not_exist()
