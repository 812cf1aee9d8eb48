"""Who carries out an outside effect, and what became of it: the claims on `OUT#` items.

    wanted → claimed → done | failed
                claimed → unknown (its outcome is not known: a person or the outside says)
                claimed → wanted (the outside refused before anything happened)

Only one worker wins a claim. A claim past its lease is never repeated by itself. What is wanted or
claimed lies in the `due` index, what failed or is unknown in a partition of its own there; `lease_until`
of a wanted effect says from when it may be claimed.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from comanda.canonical import canonical
from comanda.dynamo.transaction import Transaction
from comanda.errors import WrongState
from comanda.orders.decision import Outgoing
from comanda.orders.model import tracking_key
from comanda.orders.partition import outgoing
from comanda.orders.rows import STUCK, OutRow
from comanda.times import later

LEASE_SECONDS = 120


class Outbox:
    """Claims and results in one table; `owner` is the partition, for orders the order's id."""

    def __init__(self, table: str, row: type[OutRow] = OutRow) -> None:
        self.row = row
        row.bind(table)

    def find(self, owner: str, effect_id: str) -> Outgoing | None:
        row = self.row.read(owner, _sk(effect_id))
        return outgoing(row) if row else None

    def claim(self, owner: str, effect_id: str, *, at: str, seconds: int = LEASE_SECONDS) -> Outgoing | None:
        """Claim a wanted effect; None when somebody else has it, it is settled, or it is not due yet.

        Its place in the `due` index stays: moving it would cost as much as all the rest, and a look
        that comes before the lease is over changes nothing.
        """
        row = self.row
        free = (row.state == "wanted") & (row.lease_until <= at)
        return self._take(owner, effect_id, free, later(at, seconds))

    def take_over(
        self, owner: str, seen: Outgoing, *, at: str, seconds: int = LEASE_SECONDS
    ) -> Outgoing | None:
        """Claim anew what was claimed and left, or is unknown. Only for whoever can prove that a
        repeat does no harm; None when it has moved on since it was seen."""
        row = self.row
        left = (row.state == "unknown") | ((row.state == "claimed") & (row.lease_until <= at))
        until = later(at, seconds)
        due = [row.due_pk.set("DUE"), row.due_sk.set(_due(until))]  # what is unknown lies there no more
        return self._take(owner, seen.effect_id, left & (row.attempts == seen.attempts), until, due)

    def release(self, owner: str, claim: Outgoing, reason: str, *, until: str) -> bool:
        """Give a claim back, to be tried again from `until` on: nothing has happened outside."""
        row = self.row
        actions = [
            row.state.set("wanted"),
            row.lease_until.set(until),
            row.due_sk.set(_due(until)),
            row.result.set(canonical({"reason": reason})),
        ]
        return self._change(owner, claim.effect_id, actions, self._mine(claim))

    def keep(self, owner: str, claim: Outgoing, progress: dict[str, Any]) -> bool:
        """Note how far the work on a claim has got; False when somebody else has taken it over."""
        return self._change(
            owner, claim.effect_id, [self.row.progress.set(canonical(progress))], self._mine(claim)
        )

    def doubt(self, owner: str, claim: Outgoing, reason: str) -> bool:
        """Nobody knows what came of this claim: it stays until the outside or a person says."""
        return self._end(owner, claim.effect_id, "unknown", {"reason": reason}, self._mine(claim))

    def settle(self, owner: str, effect_id: str, result: dict[str, Any]) -> bool:
        """It has happened outside, whoever did it; False when that was known."""
        return self._end(owner, effect_id, "done", result, self.row.state != "done")

    def skip(self, owner: str, effect_id: str, reason: str) -> bool:
        """Nobody wants it any more; False when somebody has begun."""
        return self._end(owner, effect_id, "done", {"skipped": reason}, self.row.state == "wanted")

    def fail(self, owner: str, effect_id: str, reason: str) -> bool:
        """It will not happen by itself any more; False when that was known."""
        return self._end(owner, effect_id, "failed", {"reason": reason}, self.row.state != "failed")

    def defer(self, owner: str, seen: Outgoing, *, until: str) -> bool:
        """Look at it again at `until`, after its announcement was repeated or somebody was asked."""
        row = self.row
        same = (row.state == seen.state) & (row.attempts == seen.attempts)
        actions = [row.due_pk.set("DUE"), row.due_sk.set(_due(until))]
        return self._change(owner, seen.effect_id, actions, same)

    def settling(self, tx: Transaction, owner: str, effect_id: str, result: dict[str, Any]) -> None:
        """Settle in the transaction that records the result; a second one does no harm."""
        self._ending(tx, owner, effect_id, "done", result)

    def buying(
        self, tx: Transaction, owner: str, effect_id: str, result: dict[str, Any], tracking_number: str
    ) -> None:
        """Settle in the transaction that records a label; its order is found by the number from now on."""
        actions = [
            *self._end_actions("done", result),
            self.row.tracking_pk.set(tracking_key(tracking_number)),
        ]
        tx.update(self.row(owner, _sk(effect_id)), actions, self.row.pk.exists())

    def failing(self, tx: Transaction, owner: str, effect_id: str, reason: str) -> None:
        """Mark as failed in the transaction that records it."""
        self._ending(tx, owner, effect_id, "failed", {"reason": reason})

    def withdrawing(self, tx: Transaction, owner: str, effect_id: str, reason: str) -> None:
        """Stop what is still wanted, in the transaction that makes it pointless. The transaction is
        refused with WrongState (`already-told`) when a worker has begun."""
        row = self.row
        tx.update(
            row(owner, _sk(effect_id)),
            self._end_actions("done", {"skipped": reason}),
            row.state == "wanted",
            lambda item: WrongState("already-told", "somebody is being told just now"),
        )

    def _ending(
        self, tx: Transaction, owner: str, effect_id: str, state: str, result: dict[str, Any]
    ) -> None:
        row = self.row
        tx.update(row(owner, _sk(effect_id)), self._end_actions(state, result), row.pk.exists())

    def _take(
        self, owner: str, effect_id: str, free: Any, until: str, more: Sequence[Any] = ()
    ) -> Outgoing | None:
        row, mark = self.row, uuid4().hex
        actions = [
            row.state.set("claimed"),
            row.claim.set(mark),
            row.lease_until.set(until),
            row.attempts.set(row.attempts + 1),
            *more,
        ]
        try:
            answer = row.change(row(owner, _sk(effect_id)), actions, row.pk.exists() & free)
        except ClientError as error:
            if not _refused(error):
                raise
            # The client repeats a request whose answer was lost: the claim may be ours after all.
            found = row.read(owner, _sk(effect_id))
            return outgoing(found) if found and found.claim == mark else None
        return outgoing(row.from_raw_data(answer))

    def _mine(self, claim: Outgoing) -> Any:
        return (self.row.state == "claimed") & (self.row.attempts == claim.attempts)

    def _end(self, owner: str, effect_id: str, state: str, result: dict[str, Any], condition: Any) -> bool:
        return self._change(owner, effect_id, self._end_actions(state, result), condition)

    def _end_actions(self, state: str, result: dict[str, Any]) -> list[Any]:
        row = self.row
        return [
            row.state.set(state),
            row.result.set(canonical(result)),
            row.lease_until.set(""),
            *([row.due_pk.remove(), row.due_sk.remove()] if state == "done" else [row.due_pk.set(STUCK)]),
        ]

    def _change(self, owner: str, effect_id: str, actions: list[Any], condition: Any) -> bool:
        row = self.row
        try:
            row.change(row(owner, _sk(effect_id)), actions, row.pk.exists() & condition)
        except ClientError as error:
            if not _refused(error):
                raise
            return False
        return True


def expired(effect: Outgoing, at: str) -> bool:
    """Somebody claimed it and has not said what came of it."""
    return effect.state == "claimed" and effect.lease_until <= at


def _sk(effect_id: str) -> str:
    return f"OUT#{effect_id}"


def _due(moment: str) -> str:
    return f"{moment}#OUT"


def _refused(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"
