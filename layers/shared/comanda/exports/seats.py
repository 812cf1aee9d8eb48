"""One run per destination at a time: whoever holds the seat works, and loses it when silent too long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.dynamo.client import client
from comanda.exports.rows import ROWS, SeatRow
from comanda.times import later, stamp

LEASE_SECONDS = 120
RENEW_AFTER = 30  # a lease is renewed at most that often


class SeatLost(Exception):
    """The lease ran out and somebody else has taken the seat: stop, they go on."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """Another batch has the seat. `lease_until` is past when nobody works on that batch just now."""

    batch_id: str
    lease_until: str


class Seat:
    """A held seat. `renew` is cheap to call often."""

    def __init__(self, destination: str, batch_id: str, holder: str, cursor: str, at: datetime) -> None:
        self.destination = destination
        self.batch_id = batch_id
        self.holder = holder
        self.cursor = cursor
        self._renewed = at

    def renew(self, now: datetime) -> None:
        """Say that work goes on. Raises SeatLost."""
        if (now - self._renewed).total_seconds() >= RENEW_AFTER:
            self._change([SeatRow.lease_until.set(later(stamp(now), LEASE_SECONDS))])
            self._renewed = now

    def leave(self, *, done: bool, cursor: str = "") -> None:
        """Stop working; `done` frees the destination for the next batch. Raises SeatLost."""
        actions = [SeatRow.lease_until.set(""), SeatRow.holder.set("")]
        if done:
            actions.append(SeatRow.batch_id.set(""))
        if cursor:
            actions.append(SeatRow.cursor.set(cursor))
        self._change(actions)

    def _change(self, actions: list[Any]) -> None:
        try:
            SeatRow.change(_row(self.destination), actions, SeatRow.holder == self.holder)
        except client().exceptions.ConditionalCheckFailedException as error:
            raise SeatLost(self.destination) from error


class Seats:
    def __init__(self, table: str) -> None:
        for row in ROWS:
            row.bind(table)

    def take(
        self, destination: str, batch_id: str, holder: str, now: datetime, *, over: str = ""
    ) -> Seat | Occupied:
        """Take the seat for a batch if it is free, or this batch's or `over`'s and nobody works on it."""
        free = SeatRow.batch_id.does_not_exist() | SeatRow.batch_id.is_in("", batch_id, over or batch_id)
        idle = SeatRow.lease_until.does_not_exist() | (SeatRow.lease_until < stamp(now))
        actions = [
            SeatRow.batch_id.set(batch_id),
            SeatRow.holder.set(holder),
            SeatRow.lease_until.set(later(stamp(now), LEASE_SECONDS)),
        ]
        try:
            taken = SeatRow.change(_row(destination), actions, free & idle)
        except client().exceptions.ConditionalCheckFailedException:
            return self._occupied(destination)
        return Seat(destination, batch_id, holder, taken.get("cursor", {}).get("S", ""), now)

    def _occupied(self, destination: str) -> Occupied:
        row = SeatRow.read(*_key(destination))
        return Occupied(row.batch_id, row.lease_until) if row else Occupied("", "")


def _key(destination: str) -> tuple[str, str]:
    return f"DESTINATION#{destination}", "SEAT"


def _row(destination: str) -> SeatRow:
    return SeatRow(*_key(destination))
