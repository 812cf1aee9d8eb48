"""What was worked out for the start page last, for all who look within a minute: one item in Dedupe."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.row import Row
from comanda.times import moment, stamp

KEY = "START"
REST = timedelta(minutes=1)


class StartRow(Row):
    """`START`; it does not expire."""

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    at = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Keeping:
    """`table`: Dedupe."""

    table: str

    def fresh(self, work: Callable[[], dict[str, Any]], now: datetime) -> tuple[dict[str, Any], str]:
        """What was worked out within the last minute, or now; and when."""
        StartRow.bind(self.table)
        row = StartRow.read(KEY, consistent=False)
        if row is not None and timedelta() <= now - moment(row.at) < REST:
            found: dict[str, Any] = json.loads(row.body)
            return found, row.at
        made = work()
        StartRow.write(StartRow(KEY, body=canonical(made), at=stamp(now)))
        return made, stamp(now)
