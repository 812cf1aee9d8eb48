"""Scans of parcels that nobody has registered yet, kept for a while in the Dedupe table."""

import json
from collections.abc import Iterable
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from comanda.canonical import canonical
from comanda.dynamo.row import Row
from comanda.fulfilment.tracking import Scan
from comanda.orders.model import tracking_key

KEEP_SECONDS = 45 * 86_400


class ParkedRow(Row):
    """`SCANS#<tracking number>`: a set, so that the same scan lies there once."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    scans = UnicodeSetAttribute(null=True)
    expires_at = NumberAttribute(null=True)


class ParkedScans:
    def __init__(self, table: str) -> None:
        ParkedRow.bind(table)

    def park(self, tracking_number: str, scans: Iterable[Scan], now: datetime) -> None:
        """Keep scans for whoever registers this number later."""
        texts = {canonical(scan.to_dict()) for scan in scans}
        until = int(now.timestamp()) + KEEP_SECONDS
        actions = [ParkedRow.scans.add(texts), ParkedRow.expires_at.set(until)]
        ParkedRow.change(ParkedRow(_key(tracking_number)), actions)

    def of(self, tracking_number: str) -> list[Scan]:
        """What was reported about this number while nobody knew it."""
        row = ParkedRow.read(_key(tracking_number))
        return [Scan.from_dict(json.loads(text)) for text in row.scans or ()] if row else []


def _key(tracking_number: str) -> str:
    return f"SCANS#{tracking_key(tracking_number)}"
