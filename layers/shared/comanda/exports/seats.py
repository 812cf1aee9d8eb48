"""One run per destination at a time: whoever holds the seat works, and loses it when silent too long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from comanda.dynamo.client import client
from comanda.dynamo.jobs import JobsRow
from comanda.times import later, stamp

LEASE_SECONDS = 120
RENEW_AFTER = 30  # a lease is renewed at most that often


class SeatRow(JobsRow):
    """`DESTINATION#<code>`, `SEAT`: who is under way, who works on it, who waits, and the cursor."""

    class Meta:
        table_name = "unbound"

    batch_id = UnicodeAttribute(default="")
    holder = UnicodeAttribute(default="")
    lease_until = UnicodeAttribute(default="")
    cursor = UnicodeAttribute(default="")
    waiting = UnicodeSetAttribute(null=True)  # `<asked at>#<batch>`, so the least is the oldest


class SeatLost(Exception):
    """The lease ran out and somebody else has taken the seat: stop, they go on."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """Another batch has the seat. `lease_until` is past when nobody works on that batch just now."""

    batch_id: str
    lease_until: str


class Seat:
    """A held seat. `renew` is cheap to call often; `waiting` is who waited when it was taken."""

    def __init__(
        self,
        destination: str,
        batch_id: str,
        holder: str,
        cursor: str,
        at: datetime,
        waiting: tuple[str, ...] = (),
    ) -> None:
        self.destination = destination
        self.batch_id = batch_id
        self.holder = holder
        self.cursor = cursor
        self.waiting = waiting
        self._renewed = at

    def renew(self, now: datetime) -> None:
        """Say that work goes on. Raises SeatLost."""
        if (now - self._renewed).total_seconds() >= RENEW_AFTER:
            self._change([SeatRow.lease_until.set(later(stamp(now), LEASE_SECONDS))])
            self._renewed = now

    def leave(self, *, done: bool, cursor: str = "") -> tuple[str, ...]:
        """Stop working; `done` frees the destination. Answers who waits for it. Raises SeatLost."""
        actions = [SeatRow.lease_until.set(""), SeatRow.holder.set("")]
        if done:
            actions.append(SeatRow.batch_id.set(""))
        if cursor:
            actions.append(SeatRow.cursor.set(cursor))
        return _waiting(self._change(actions))

    def hand_over(self, batch_id: str, entry: str) -> None:
        """Keep the seat for that batch, and wait for it as `entry`. Raises SeatLost."""
        free = [SeatRow.lease_until.set(""), SeatRow.holder.set("")]
        self._change([*free, SeatRow.batch_id.set(batch_id), SeatRow.waiting.add({entry})])

    def _change(self, actions: list[Any]) -> dict[str, Any]:
        try:
            return SeatRow.change(_row(self.destination), actions, SeatRow.holder == self.holder)
        except client().exceptions.ConditionalCheckFailedException as error:
            raise SeatLost(self.destination) from error


class Seats:
    def __init__(self, table: str) -> None:
        SeatRow.bind(table)

    def take(
        self,
        destination: str,
        batch_id: str,
        holder: str,
        now: datetime,
        *,
        over: str = "",
        entry: str = "",
    ) -> Seat | Occupied:
        """Take the seat for a batch if it is free, or this batch's or `over`'s and nobody works on it.

        The batch waits no longer as `entry` then.
        """
        free = SeatRow.batch_id.does_not_exist() | SeatRow.batch_id.is_in("", batch_id, over or batch_id)
        idle = SeatRow.lease_until.does_not_exist() | (SeatRow.lease_until < stamp(now))
        actions = [
            SeatRow.batch_id.set(batch_id),
            SeatRow.holder.set(holder),
            SeatRow.lease_until.set(later(stamp(now), LEASE_SECONDS)),
            *([SeatRow.waiting.delete({entry})] if entry else []),
        ]
        try:
            taken = SeatRow.change(_row(destination), actions, free & idle)
        except client().exceptions.ConditionalCheckFailedException:
            return self._occupied(destination)
        cursor = taken.get("cursor", {}).get("S", "")
        return Seat(destination, batch_id, holder, cursor, now, _waiting(taken))

    def wait(self, destination: str, entry: str) -> Occupied:
        """Wait for the seat, and see who has it by then: whoever leaves it later sees this entry."""
        found = SeatRow.change(_row(destination), [SeatRow.waiting.add({entry})])
        return Occupied(found.get("batch_id", {}).get("S", ""), found.get("lease_until", {}).get("S", ""))

    def forget(self, destination: str, entry: str) -> tuple[str, ...]:
        """That one waits no longer; answers who does."""
        return _waiting(SeatRow.change(_row(destination), [SeatRow.waiting.delete({entry})]))

    def _occupied(self, destination: str) -> Occupied:
        row = SeatRow.read(*_key(destination))
        return Occupied(row.batch_id, row.lease_until) if row else Occupied("", "")


def _waiting(seat: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(seat.get("waiting", {}).get("SS", ())))


def _key(destination: str) -> tuple[str, str]:
    return f"DESTINATION#{destination}", "SEAT"


def _row(destination: str) -> SeatRow:
    return SeatRow(*_key(destination))
