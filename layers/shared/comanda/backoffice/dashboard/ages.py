"""How long orders have waited for their money, or for their parcel, from the list's own index."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.listing.index import ListIndex
from comanda.dynamo.client import client
from comanda.orders.index import shown_stage
from comanda.orders.record import Record
from comanda.orders.vocabulary import Fulfilment, Lifecycle, Payment, Stage
from comanda.times import stamp

MOST = 1_000  # orders of a partition that are looked at, oldest first
UP_TO = (0, 2, 6, 27)  # days ago: a bracket each up to one of these, the first for today, one for the rest
UNPAID = frozenset({Payment.PENDING, Payment.PARTIALLY_PAID, Payment.FAILED, Payment.VOIDED})
SETTLED = frozenset(
    {Payment.PAID, Payment.OVERPAID, Payment.PARTIALLY_REFUNDED, Payment.AUTHORIZED, Payment.NONE}
)
UNSHIPPED = frozenset(
    {Fulfilment.UNFULFILLED, Fulfilment.BACKORDER, Fulfilment.PICKING, Fulfilment.PARTIALLY_SHIPPED}
)


@dataclass(frozen=True, slots=True)
class Ages(Record):
    """Orders by bracket, youngest first. `more`: there are others beside those that were looked at."""

    counts: tuple[int, ...] = ()
    more: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts)


def unpaid(state: str) -> bool:
    """Whether an order of this signature waits for money."""
    lifecycle, payment, *_ = state.split("|")
    return lifecycle == Lifecycle.PLACED and payment in UNPAID


def unshipped(state: str) -> bool:
    """Whether an order of this signature has its money, or needs none, and is not all sent."""
    lifecycle, payment, fulfilment, *_ = state.split("|")
    return lifecycle == Lifecycle.PLACED and payment in SETTLED and fulfilment in UNSHIPPED


def on_trust(state: str) -> bool:
    """Whether an order of this signature is not all sent and unpaid; it goes out all the same if it counts
    as an order already, as those do that are paid at the counter or at the door."""
    lifecycle, payment, fulfilment, *_ = state.split("|")
    return lifecycle == Lifecycle.PLACED and payment in UNPAID and fulfilment in UNSHIPPED


def ages(
    signatures: Iterable[str],
    belongs: Callable[[str], bool],
    index: ListIndex,
    now: datetime,
    zone: ZoneInfo,
    stages: frozenset[str] = frozenset(Stage),
) -> Ages:
    """By the day of the shop on which the orders were placed; `stages` narrows the orders of a signature."""
    chosen = index.partitions([signature for signature in sorted(signatures) if belongs(signature)])
    found = index.each(lambda partition: _placed(partition, index.table, stages), chosen)
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    limits = [stamp(today - timedelta(days=days)) for days in UP_TO]
    counts = [0] * (len(UP_TO) + 1)
    for placed, _ in found:
        for at in placed:
            counts[sum(at < limit for limit in limits)] += 1
    return Ages(tuple(counts), any(more for _, more in found))


def _placed(partition: str, table: str, stages: frozenset[str]) -> tuple[list[str], bool]:
    """When the orders of a partition were placed, oldest first, and whether there are more."""
    answer = client().query(
        TableName=table,
        IndexName="state",
        KeyConditionExpression="state_pk = :partition",
        ExpressionAttributeValues={":partition": {"S": partition}},
        ProjectionExpression="state_sk, #row.s, #row.l, #row.g",
        ExpressionAttributeNames={"#row": "row"},
        Limit=MOST,
    )
    placed = [item["state_sk"]["S"].partition("#")[0] for item in answer["Items"] if _stage(item) in stages]
    return placed, "LastEvaluatedKey" in answer


def _stage(item: dict[str, Any]) -> str:
    return shown_stage({name: value["S"] for name, value in item["row"]["M"].items()})
