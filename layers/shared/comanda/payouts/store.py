"""Payouts in the Jobs table, kept for good: nothing expires that a tax office may ask for.

`PAYOUT#<provider>#<ref>` holds a head and its lines in chunks, `PAYOUTFEES#<order id>` what each line says
of an order. Nothing of this is in an order's partition: a payout is no part of what happened to an order.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import batched

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from comanda.canonical import canonical
from comanda.dynamo.jobs import HeadRow, JobsRow
from comanda.dynamo.packed import body_of, pack
from comanda.dynamo.row import pages
from comanda.payouts.model import Kept, TiedLine

HEAD, KIND, MARK, WAITING = "HEAD", "PAYOUT", "MARK", "WAITING"
LINES_AT_ONCE = 400  # of a chunk, about 30 KB packed


class LinesRow(JobsRow):
    """`LINES#<number>`: some lines of a payout, compressed."""

    class Meta:
        table_name = "unbound"

    body = BinaryAttribute(legacy_encoding=False)


class TextRow(JobsRow):
    """A fee of an order, or how far a provider has been asked."""

    class Meta:
        table_name = "unbound"

    body = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class OrderFee:
    """What a payout says of an order: a line, and the payout that it is in."""

    provider: str
    payout: str
    arrives_on: str
    status: str
    tied: TiedLine


class PayoutStore:
    def __init__(self, table: str) -> None:
        self.table = table
        for row in (HeadRow, LinesRow, TextRow):
            row.bind(table)

    def write(self, found: Kept, lines: Sequence[TiedLine]) -> None:
        """Put a payout and its lines as they are now. Written again it is the same: the head comes last, so
        a payout that was left half-way is not whole and is written anew."""
        payout = found.payout
        pk = _pk(payout.provider, payout.ref)
        for number, some in enumerate(batched(lines, LINES_AT_ONCE, strict=False), 1):
            body = pack(canonical([one.to_dict() for one in some]))
            LinesRow.write(LinesRow(pk, f"LINES#{number:05d}", body=body))
        for one in lines:
            if one.line.order_id:
                self._note_fee(found, one)
        head = HeadRow(pk, HEAD, body=canonical(found.to_dict()), revision=1)
        head.kind_pk, head.kind_sk = KIND, f"{payout.arrives_on}#{payout.provider}#{payout.ref}"
        HeadRow.write(head)

    def _note_fee(self, found: Kept, one: TiedLine) -> None:
        payout = found.payout
        told = {"provider": payout.provider, "payout": payout.ref, "arrives_on": payout.arrives_on}
        body = canonical(told | {"status": payout.status, "tied": one.to_dict()})
        sk = f"{payout.provider}#{one.line.ref}"
        TextRow.write(TextRow(f"PAYOUTFEES#{one.line.order_id}", sk, body=body))

    def head(self, provider: str, ref: str) -> Kept | None:
        row = HeadRow.read(_pk(provider, ref), HEAD)
        return Kept.from_dict(json.loads(row.body)) if row else None

    def lines(self, provider: str, ref: str) -> Iterator[TiedLine]:
        """The lines of a payout as they came."""
        for item in self._partition(_pk(provider, ref), "LINES#"):
            yield from (TiedLine.from_dict(one) for one in body_of(item))

    def of_order(self, order_id: str) -> list[OrderFee]:
        """What payouts say of an order: one reading."""
        items = self._partition(f"PAYOUTFEES#{order_id}", "")
        found = (json.loads(item["body"]["S"]) for item in items)
        return [OrderFee(**(one | {"tied": TiedLine.from_dict(one["tied"])})) for one in found]

    def heads(self, since: str, until: str, before: str = "", limit: int = 50) -> Iterator[tuple[str, Kept]]:
        """Payouts that arrive from one day to another, newest first, each with where to go on behind it."""
        position = before or f"{until}~"
        request = {
            "TableName": self.table,
            "IndexName": "recent",
            "KeyConditionExpression": "kind_pk = :kind AND kind_sk BETWEEN :since AND :before",
            "ExpressionAttributeValues": {
                ":kind": {"S": KIND},
                ":since": {"S": since or " "},
                ":before": {"S": position},
            },
            "ScanIndexForward": False,
            "Limit": limit + 1,
        }
        for item in pages(**request):
            if item["kind_sk"]["S"] != before:  # BETWEEN takes its ends in
                yield item["kind_sk"]["S"], Kept.from_dict(json.loads(item["body"]["S"]))

    def asked_at(self, provider: str) -> str:
        """When the provider was last asked about everything; empty for never."""
        row = TextRow.read(f"PAYOUTS#{provider}", MARK)
        return str(row.body) if row else ""

    def note_asked(self, provider: str, at: str) -> None:
        TextRow.write(TextRow(f"PAYOUTS#{provider}", MARK, body=at))

    def waiting_since(self, provider: str) -> str:
        """When the provider last said that it is not ready yet; empty for never."""
        row = TextRow.read(f"PAYOUTS#{provider}", WAITING)
        return str(row.body) if row else ""

    def note_waiting(self, provider: str, at: str) -> None:
        TextRow.write(TextRow(f"PAYOUTS#{provider}", WAITING, body=at))

    def _partition(self, pk: str, prefix: str) -> Iterable[dict[str, dict[str, str]]]:
        values = {":pk": {"S": pk}} | ({":sk": {"S": prefix}} if prefix else {})
        condition = "pk = :pk" + (" AND begins_with(sk, :sk)" if prefix else "")
        return pages(
            TableName=self.table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )


def _pk(provider: str, ref: str) -> str:
    return f"PAYOUT#{provider}#{ref}"
