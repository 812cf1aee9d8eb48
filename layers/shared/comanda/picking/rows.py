"""Waves, totes, claims and scans as items of the Jobs table. Private to the area.

`WAVE#<id>` holds the wave (`HEAD`), its totes (`TOTE#<order>.<delivery>`), the scans and what was taken back
(`SCAN#…`, kept for good). `CLAIM#<order>.<delivery>` names the wave that has a delivery order, and
`PICKER#<person>` the last wave of a picker.
"""

import json

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from comanda.dynamo.jobs import JobsRow
from comanda.picking.model import OPEN, Scan, Tote, Wave

HEAD, CLAIM, LAST, RECENT = "HEAD", "CLAIM", "WAVE", "WAVE"
SCANS, TOTES = "SCAN#", "TOTE#"
HELD_FIELDS = ("until", "state", "version", "ended_at", "ended_by")  # attributes; the rest is in the body


class WaveRow(JobsRow):
    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    until = UnicodeAttribute()
    state = UnicodeAttribute(default=OPEN)
    version = NumberAttribute(default=1)
    ended_at = UnicodeAttribute(default="")
    ended_by = UnicodeAttribute(default="")
    kind_pk = UnicodeAttribute(default=RECENT)
    kind_sk = UnicodeAttribute()


class ToteRow(JobsRow):
    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    revision = NumberAttribute(default=1)


class ClaimRow(JobsRow):
    """`CLAIM#<order>.<delivery>` or `PICKER#<person>`."""

    class Meta:
        table_name = "unbound"

    wave_id = UnicodeAttribute()


class ScanRow(JobsRow):
    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()
    undone = UnicodeAttribute(default="")


def wave_pk(wave_id: str) -> str:
    return f"WAVE#{wave_id}"


def tote_row(wave_id: str, tote: Tote, revision: int = 1) -> ToteRow:
    body = json.dumps(tote.to_dict(), ensure_ascii=False)
    return ToteRow(wave_pk(wave_id), TOTES + tote.key, body=body, revision=revision)


def head_row(wave: Wave) -> WaveRow:
    body = {name: value for name, value in wave.to_dict().items() if name not in HELD_FIELDS}
    row = WaveRow(wave_pk(wave.wave_id), HEAD, body=json.dumps(body, ensure_ascii=False), until=wave.until)
    row.kind_sk = f"{wave.created_at}#{wave.wave_id}"
    return row


def wave_of(row: WaveRow) -> Wave:
    held = {name: getattr(row, name) for name in HELD_FIELDS} | {"version": int(row.version)}
    return Wave.from_dict(json.loads(row.body) | held)


def tote_of(row: ToteRow) -> tuple[Tote, int]:
    return Tote.from_dict(json.loads(row.body)), int(row.revision)


def scan_of(row: ScanRow) -> Scan:
    return Scan.from_dict(json.loads(row.body) | {"undone": row.undone})
