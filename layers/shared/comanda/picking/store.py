"""Waves, claims and scans: read, begun, written together. Private to the area.

A wave that has ended never opens again: so a claim or a picker's wave that names such a one binds nobody, and
nothing has to be cleared away.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from comanda.dynamo.batch import get_many, several
from comanda.dynamo.client import client
from comanda.dynamo.row import pages
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved, Transaction
from comanda.picking.model import OPEN, Scan, Tote, Wave
from comanda.picking.rows import (
    CLAIM,
    HEAD,
    LAST,
    RECENT,
    SCANS,
    TOTES,
    ClaimRow,
    ScanRow,
    ToteRow,
    WaveRow,
    head_row,
    scan_of,
    tote_of,
    tote_row,
    wave_of,
    wave_pk,
)

type Write = Callable[[Transaction], None]


class Closed(Exception):
    """The wave has ended meanwhile. Never reaches the outside."""


class Taken(Exception):
    """Somebody else has the delivery order. Never reaches the outside."""


class WaveStore:
    def __init__(self, table: str) -> None:
        self.table = table
        for row in (WaveRow, ToteRow, ClaimRow, ScanRow):
            row.bind(table)

    # -- reading ---------------------------------------------------------------------------------

    def wave(self, wave_id: str) -> Wave | None:
        row = WaveRow.read(wave_pk(wave_id), HEAD)
        return wave_of(row) if row else None

    def load(self, wave_id: str) -> tuple[Wave, dict[str, tuple[Tote, int]]] | None:
        """A wave with its totes by key, each with its revision."""
        wave = self.wave(wave_id)
        return (wave, self.totes(wave_id)) if wave else None

    def totes(self, wave_id: str) -> dict[str, tuple[Tote, int]]:
        items = pages(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :tote)",
            ExpressionAttributeValues={":pk": {"S": wave_pk(wave_id)}, ":tote": {"S": TOTES}},
            ConsistentRead=True,
        )
        return {item["sk"]["S"][5:]: tote_of(ToteRow.from_raw_data(item)) for item in items}

    def scans(self, wave_id: str, scan_ids: Iterable[str]) -> dict[str, Scan]:
        keys = [(wave_pk(wave_id), SCANS + scan_id) for scan_id in scan_ids]
        rows = [ScanRow.from_raw_data(item) for item in several(self.table, keys)] if keys else []
        return {row.sk[5:]: scan_of(row) for row in rows}

    def claims(self, keys: Iterable[str]) -> dict[str, Wave]:
        """The waves that have these delivery orders, ended ones among them."""
        asked = [(f"CLAIM#{key}", CLAIM) for key in keys]
        found = get_many({self.table: asked})[self.table] if asked else {}
        by_key = {pk[6:]: item["wave_id"]["S"] for pk, item in found.items()}
        waves = self.waves(by_key.values())
        return {key: waves[wave_id] for key, wave_id in by_key.items() if wave_id in waves}

    def waves(self, wave_ids: Iterable[str]) -> dict[str, Wave]:
        asked = [(wave_pk(wave_id), HEAD) for wave_id in wave_ids]
        found = get_many({self.table: asked})[self.table] if asked else {}
        return {pk[5:]: wave_of(WaveRow.from_raw_data(item)) for pk, item in found.items()}

    def of_picker(self, picker: str) -> Wave | None:
        """The last wave that somebody has begun."""
        row = ClaimRow.read(f"PICKER#{picker}", LAST)
        return self.wave(row.wave_id) if row else None

    def recent(self, limit: int) -> list[Wave]:
        """The newest waves first."""
        answer = client().query(
            TableName=self.table,
            IndexName="recent",
            KeyConditionExpression="kind_pk = :kind",
            ExpressionAttributeValues={":kind": {"S": RECENT}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [wave_of(WaveRow.from_raw_data(item)) for item in answer["Items"]]

    # -- writing ---------------------------------------------------------------------------------

    def begin(self, wave: Wave, totes: Iterable[Tote], free: Mapping[str, Wave], last: Wave | None) -> None:
        """Write a new wave with all its claims, or nothing. `free` are ended waves that stand at a claim,
        `last` the picker's wave before. Raises AlreadyDone for a wave that is there, Taken, RevisionMoved."""
        tx = Transaction()
        tx.put(head_row(wave), WaveRow.pk.does_not_exist(), AlreadyDone)
        row = ClaimRow(f"PICKER#{wave.picker}", LAST, wave_id=wave.wave_id)
        tx.put(row, _same(last), RevisionMoved)
        for tote in totes:
            claim = ClaimRow(f"CLAIM#{tote.key}", CLAIM, wave_id=wave.wave_id)
            tx.put(claim, _same(free.get(tote.key)), Taken)
            tx.put(tote_row(wave.wave_id, tote))
        tx.commit()

    def active(self, wave_id: str, until: str) -> Write:
        """The write by which anything is done in a wave: it lasts longer by that. Closed once it ended."""
        row = WaveRow(wave_pk(wave_id), HEAD)
        actions = [WaveRow.until.set(until), WaveRow.version.add(1)]
        return lambda tx: tx.update(row, actions, WaveRow.state == OPEN, Closed)

    def changed(self, wave_id: str, tote: Tote, revision: int) -> Write:
        """The write of a tote that was read at `revision`; RevisionMoved when somebody was faster."""
        row = tote_row(wave_id, tote, revision + 1)
        return lambda tx: tx.put(row, ToteRow.revision == revision, RevisionMoved)

    def scanned(self, wave_id: str, scan: Scan) -> Write:
        """The write of a scan's outcome; RevisionMoved when it has one already: it is judged anew then."""
        row = ScanRow(wave_pk(wave_id), SCANS + scan.scan_id, body=json.dumps(scan.to_dict()))
        return lambda tx: tx.put(row, ScanRow.pk.does_not_exist(), RevisionMoved)

    def taken_back(self, wave_id: str, scan: Scan, undo_id: str) -> Write:
        """The write that a scan does not count any more; RevisionMoved when it was taken back already."""
        row = ScanRow(wave_pk(wave_id), SCANS + scan.scan_id)
        known = ScanRow.pk.exists() & (ScanRow.undone == "")
        return lambda tx: tx.update(row, [ScanRow.undone.set(undo_id)], known, RevisionMoved)

    def write(self, writes: Iterable[Write]) -> None:
        """All of them or none. Raises Closed, RevisionMoved, Busy."""
        tx = Transaction()
        for one in writes:
            one(tx)
        if tx.actions:
            tx.commit()

    def ended(self, wave: Wave, state: str, at: str, by: str, *, lapsed: bool = False) -> Write:
        """The write that closes an open wave; Closed when it has ended before, or with `lapsed` when it goes
        on after all."""
        row = WaveRow(wave_pk(wave.wave_id), HEAD)
        actions = [
            WaveRow.state.set(state),
            WaveRow.ended_at.set(at),
            WaveRow.ended_by.set(by),
            WaveRow.version.add(1),
        ]
        condition = WaveRow.state == OPEN
        condition = condition & (WaveRow.until <= at) if lapsed else condition
        return lambda tx: tx.update(row, actions, condition, Closed)


def _same(wave: Wave | None) -> Any:
    """A claim as it was read: of this wave, or of none."""
    return ClaimRow.wave_id == wave.wave_id if wave else ClaimRow.pk.does_not_exist()
