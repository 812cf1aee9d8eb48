"""Disputes as their providers tell them, in the Jobs table: until when to answer, and how each ended.

The ledgers of the orders say whether money is disputed; this adds what only the provider knows.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict

from comanda.canonical import canonical
from comanda.dynamo.batch import several
from comanda.dynamo.jobs import HeadRow, recent
from comanda.payments.payout import SeenDispute

HEAD, KIND = "HEAD", "DISPUTE"


class DisputeStore:
    def __init__(self, table: str) -> None:
        self.table = table
        HeadRow.bind(table)

    def write(self, found: SeenDispute) -> bool:
        """Keep a dispute as it is now; False when it was known so."""
        if self.of([(found.provider, found.ref)]) == [found]:
            return False
        row = HeadRow(_pk(found.provider, found.ref), HEAD, body=canonical(asdict(found)), revision=1)
        row.kind_pk, row.kind_sk = KIND, f"{found.opened_at}#{found.provider}#{found.ref}"
        HeadRow.write(row)
        return True

    def of(self, names: Iterable[tuple[str, str]]) -> list[SeenDispute]:
        """Those of these disputes (provider, its id) that are kept."""
        items = several(self.table, [(_pk(provider, ref), HEAD) for provider, ref in names])
        return [SeenDispute(**json.loads(item["body"]["S"])) for item in items]

    def recent(self, limit: int, before: str = "") -> tuple[list[SeenDispute], str]:
        """A page, newest first, and where to go on."""
        found, after = recent(self.table, KIND, limit, before)
        return [SeenDispute(**one) for one in found], after


def _pk(provider: str, ref: str) -> str:
    return f"PAYOUTDISPUTE#{provider}#{ref}"
