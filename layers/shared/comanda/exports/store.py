"""Batches in the Jobs table: their state, their orders in chunks, and the list of recent ones."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from comanda.canonical import canonical
from comanda.dynamo.client import client
from comanda.dynamo.jobs import HeadRow, PartRow, recent
from comanda.dynamo.transaction import AlreadyDone, Transaction
from comanda.errors import NotFound
from comanda.exports.model import Batch, LeftOut, Ref, Wanted

RECENT = "EXPORT"


class Overtaken(Exception):
    """Somebody else changed the batch since it was read."""


class BatchStore:
    """`BATCH#<id>`: `BATCH` how far it is, `WANTED` what was asked for, `LEFT_OUT` what was not sent, and
    `CHUNK#<n>` what was."""

    def __init__(self, table: str) -> None:
        self.table = table
        HeadRow.bind(table)
        PartRow.bind(table)

    def add(self, batch: Batch, wanted: Wanted) -> bool:
        """Write a new batch; False when its id is taken, and then nothing is changed."""
        tx = Transaction()
        tx.put(_row(batch), HeadRow.pk.does_not_exist(), AlreadyDone)
        tx.put(PartRow(_pk(batch.batch_id), "WANTED", body=canonical(wanted.to_dict())))
        try:
            tx.commit()
        except AlreadyDone:
            return False
        return True

    def find(self, batch_id: str) -> Batch | None:
        row = HeadRow.read(_pk(batch_id), "BATCH")
        return Batch.from_dict(json.loads(row.body)) if row else None

    def get(self, batch_id: str) -> Batch:
        """Raises NotFound."""
        found = self.find(batch_id)
        if found is None:
            raise NotFound("there is no such export batch")
        return found

    def wanted(self, batch_id: str) -> Wanted:
        row = PartRow.read(_pk(batch_id), "WANTED")
        return Wanted.from_dict(json.loads(row.body)) if row else Wanted()

    def save(self, batch: Batch, **changes: Any) -> Batch:
        """Write the batch with `changes`, if nobody else has written since. Raises Overtaken."""
        after = replace(batch, revision=batch.revision + 1, **changes)
        try:
            HeadRow.write(_row(after), HeadRow.revision == batch.revision)
        except client().exceptions.ConditionalCheckFailedException as error:
            raise Overtaken(batch.batch_id) from error
        return after

    def remove(self, batch: Batch) -> None:
        """Forget a batch that has no content."""
        for sk in ("WANTED", "BATCH"):
            PartRow.remove(PartRow(_pk(batch.batch_id), sk))

    def put_left_out(self, batch_id: str, orders: Iterable[LeftOut]) -> None:
        body = canonical([one.to_dict() for one in orders])
        PartRow.write(PartRow(_pk(batch_id), "LEFT_OUT", body=body))

    def left_out(self, batch_id: str) -> list[LeftOut]:
        """The first of the named orders that are not in the batch."""
        row = PartRow.read(_pk(batch_id), "LEFT_OUT")
        return [LeftOut.from_dict(one) for one in json.loads(row.body)] if row else []

    def put_chunk(self, batch_id: str, number: int, refs: Iterable[Ref]) -> None:
        body = canonical([[ref.order_id, ref.version, ref.event] for ref in refs])
        PartRow.write(PartRow(_pk(batch_id), _chunk(number), body=body))

    def chunk(self, batch_id: str, number: int) -> list[Ref]:
        """The orders of one chunk. Raises NotFound."""
        row = PartRow.read(_pk(batch_id), _chunk(number))
        if row is None:
            raise NotFound(f"batch {batch_id} has no chunk {number}")
        return [Ref(*one) for one in json.loads(row.body)]

    def refs(self, batch: Batch) -> Iterator[Ref]:
        """All orders of a batch. Chunks behind its last are leftovers of an attempt that broke off."""
        for number in range(batch.chunks):
            yield from self.chunk(batch.batch_id, number)

    def recent(self, limit: int = 50, before: str = "") -> tuple[list[Batch], str]:
        """Batches, newest first, and where to go on (empty: that was all)."""
        bodies, after = recent(self.table, RECENT, limit, before)
        return [Batch.from_dict(body) for body in bodies], after


def _pk(batch_id: str) -> str:
    return f"BATCH#{batch_id}"


def _chunk(number: int) -> str:
    return f"CHUNK#{number:06d}"


def _row(batch: Batch) -> HeadRow:
    return HeadRow(
        _pk(batch.batch_id),
        "BATCH",
        body=canonical(batch.to_dict()),
        revision=batch.revision,
        kind_pk=RECENT,
        kind_sk=batch.entry,
    )
