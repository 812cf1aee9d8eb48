"""Vans that carriers were asked for, each written down before its carrier is asked: none comes twice."""

import json
from dataclasses import asdict, dataclass, replace

from botocore.exceptions import ClientError

from comanda.canonical import canonical
from comanda.dynamo.jobs import HeadRow, recent
from comanda.errors import NotFound
from comanda.times import later

KIND = "van"
ASKED, BOOKED, REFUSED, UNKNOWN = "asked", "booked", "refused", "unknown"
ANSWER_SECONDS = 60  # a carrier that was asked longer ago answers nobody any more


@dataclass(frozen=True, slots=True)
class Van:
    """`day` (YYYY-MM-DD), `ready_from` and `ready_until` (HH:MM) are of the place. `labels` are orders with a
    label each; `amount` in minor units. `state`: asked · booked · refused · unknown; `reason` says why."""

    van_id: str
    account: str
    carrier: str
    location: str
    day: str
    ready_from: str
    ready_until: str
    labels: tuple[tuple[str, str], ...]
    note: str = ""
    asked_at: str = ""
    asked_by: str = ""
    state: str = ASKED
    reason: str = ""
    ref: str = ""
    confirmation: str = ""
    amount: int = 0
    currency: str = ""

    def wishes_as(self, other: "Van") -> bool:
        """Whether both ask for the same; which labels their orders had does not matter."""
        return _wish(self) == _wish(other)

    def seen(self, at: str) -> "Van":
        """As it stands at `at`: an answer that never came leaves everybody in the dark."""
        late = self.state == ASKED and later(self.asked_at, ANSWER_SECONDS) <= at
        return replace(self, state=UNKNOWN) if late else self


def _wish(van: Van) -> tuple[object, ...]:
    return (
        *(van.account, van.carrier, van.location, van.day, van.ready_from, van.ready_until, van.note),
        frozenset(order_id for order_id, _ in van.labels),
    )


class VanBook:
    """The vans of the shop, in the Jobs table."""

    def __init__(self, table: str) -> None:
        self.table = table
        HeadRow.bind(table)

    def begin(self, van: Van) -> Van | None:
        """Write a van down. None when it is new; else what is written of it already."""
        try:
            HeadRow.write(_row(van, 1), HeadRow.pk.does_not_exist())
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return self.read(van.van_id)
        return None

    def end(self, van: Van) -> bool:
        """Write what came of it; False when somebody else has said so before."""
        try:
            HeadRow.write(_row(van, 2), HeadRow.revision == 1)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def settle(self, van: Van) -> None:
        """Write what a person found out, over whatever is there."""
        HeadRow.write(_row(van, 2), HeadRow.pk.exists())

    def read(self, van_id: str) -> Van:
        """Raises NotFound."""
        van = self.find(van_id)
        if van is None:
            raise NotFound(f"no van was asked for as {van_id!r}")
        return van

    def find(self, van_id: str) -> Van | None:
        row = HeadRow.read(f"VAN#{van_id}", "HEAD")
        return _van(json.loads(row.body)) if row else None

    def listed(self, limit: int, before: str = "") -> tuple[list[Van], str]:
        """By their day, the latest first, and where to go on (empty: that was all)."""
        found, following = recent(self.table, KIND, limit, before)
        return [_van(one) for one in found], following


def _row(van: Van, revision: int) -> HeadRow:
    return HeadRow(
        f"VAN#{van.van_id}",
        "HEAD",
        body=canonical(asdict(van)),
        revision=revision,
        kind_pk=KIND,
        kind_sk=f"{van.day}#{van.van_id}",
    )


def _van(told: dict[str, object]) -> Van:
    labels = tuple((str(order), str(label)) for order, label in told["labels"])  # type: ignore[attr-defined]
    return Van(**{**told, "labels": labels})  # type: ignore[arg-type]
