"""Confirm movements: each is recorded in its order's ledger once, however often it is asked for.

A movement is claimed first, then the order's own command is run under the movement's identity, then the
claim becomes the decision. Whoever comes after a crash finds the claim, and the ledger tells whether the
money is in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.backoffice import deciding
from comanda.backoffice.bodies_money import BounceBody, MarkPaidBody
from comanda.backoffice.deciding import By
from comanda.backoffice.statements.desk import StatementDesk
from comanda.crash import crash_point
from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, Problem, RetryLater, WrongState
from comanda.orders.balance import BOUNCED
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Origin
from comanda.orders.refunds import MANUAL
from comanda.orders.wire import MoneyBody
from comanda.payments.mark_paid import Booked
from comanda.statements.matching import Outcome, returnable, standing
from comanda.statements.model import Decided, StatementEntry
from comanda.times import later

UNDECIDED: dict[str, Any] = {
    **dict.fromkeys(("order_id", "number", "standing", "payment_id", "reason", "lease_until"), ""),
    "state": "open",
    "parts": (),
}
LEASE_SECONDS = 900  # longer than any function runs
LONGEST_REFERENCE = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """One movement to be confirmed for an order, `as_` what the person saw it to be."""

    entry_id: str
    order_id: str
    as_: Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """`outcome`: confirmed, refused with its `problem`, or left for the next try."""

    entry_id: str
    outcome: str
    order_id: str = ""
    payment_id: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Confirming:
    """Confirms movements of a statement for somebody. Without `notify` the customers get no receipts."""

    desk: StatementDesk
    statement_id: str
    origin: Origin
    notify: bool = True

    def all(self, wishes: Sequence[Wish], more_time: Callable[[], bool]) -> list[Result]:
        """Each movement for itself, as far as time goes; the same call again does what is left. Raises
        NotFound for a statement that is none."""
        self.desk.store.get(self.statement_id)
        found = []
        for wish in wishes:
            if not more_time():
                found.append(Result(wish.entry_id, "left", wish.order_id))
                continue
            found.append(self._one(wish))
        return found

    def _one(self, wish: Wish) -> Result:
        try:
            done = self.confirm(wish)
        except (RetryLater, RevisionMoved):
            return Result(wish.entry_id, "left", wish.order_id)
        except Problem as problem:
            return Result(wish.entry_id, "refused", wish.order_id, problem=problem)
        return Result(wish.entry_id, "confirmed", done.order_id, done.payment_id)

    def confirm(self, wish: Wish) -> Decided:
        """Confirm one movement; one that is confirmed for this order stays as it is. Raises NotFound, and
        WrongState when it was decided otherwise, or is not what the person saw."""
        entry = self.desk.store.entry(self.statement_id, wish.entry_id).entry
        before = self.desk.store.decided([wish.entry_id])[wish.entry_id]
        if before.state == "confirmed" and before.order_id == wish.order_id:
            return before
        self.free(before, same=before.order_id == wish.order_id)
        loaded = self.desk.commands.desk.load(wish.order_id)
        claim = before if before.order_id == wish.order_id and before.payment_id else None
        payment_id = claim.payment_id if claim else _payment_id(entry, before, loaded, wish)
        claim = self.desk.store.decide(
            before,
            self.origin.at,
            state="confirming",
            order_id=wish.order_id,
            number=loaded.order.number,
            standing=wish.as_,
            payment_id=payment_id,
            parts=(),
            reason="",
            actor=self.origin.actor,
            lease_until=later(self.origin.at, LEASE_SECONDS),
        )
        crash_point("statement.claimed")
        try:
            self.desk.commands.run(
                wish.order_id, self._deciding(entry, claim), self.origin, version=None, request=None
            )
        except RetryLater:
            raise
        except Problem:
            self.desk.store.decide(claim, self.origin.at, **UNDECIDED)
            raise
        crash_point("statement.paid")
        return self.desk.store.decide(claim, self.origin.at, state="confirmed", lease_until="")

    def free(self, before: Decided, *, same: bool) -> None:
        """Raise WrongState for a movement that was decided otherwise, Busy while somebody else is at it.
        `same`: what was begun is what is wanted."""
        if before.state == "confirmed":
            raise WrongState("movement-decided", f"this movement was confirmed for order {before.number}")
        if before.state == "set_aside":
            raise WrongState("movement-decided", "this movement was set aside: take that back first")
        if before.state != "confirming" or same:
            return
        if self._in_ledger(before):
            raise WrongState("movement-decided", f"this movement was confirmed for order {before.number}")
        if before.lease_until > self.origin.at:
            raise Busy("somebody else is confirming this movement")

    def _in_ledger(self, claim: Decided) -> bool:
        """Whether a claim whose end was not heard of had been carried out; then it is finished. A split that
        was begun is finished by who confirms it again."""
        if claim.parts:
            return any(booked_parts(claim, self.desk.commands.desk.orders.load))
        loaded = self.desk.commands.desk.orders.load(claim.order_id)
        ledger = loaded.order.ledger if loaded else ()
        entry = next((one for one in ledger if one.entry_id == claim.payment_id), None)
        done = entry is not None and (claim.standing != Outcome.RETURNED or entry.status == BOUNCED)
        if done:
            self.desk.store.decide(claim, self.origin.at, state="confirmed", lease_until="")
        return done

    def _deciding(self, entry: StatementEntry, claim: Decided) -> Decide:
        by = By(self.origin, self.desk.new_id)
        if claim.standing == Outcome.RETURNED:
            return self._taking_back(entry, claim, by)
        money = MoneyBody(amount=entry.amount, currency=entry.currency)
        body = MarkPaidBody(amount=money, reference=reference_of(entry), notify=self.notify)
        paying = deciding.mark_paid(body, by, Booked(claim.identity, entry.booked_on))

        def decide(loaded: Loaded) -> Decision:
            if not any(one.entry_id == claim.payment_id for one in loaded.order.ledger):
                _as_seen(standing(entry, loaded.order), claim.standing)
            return paying(loaded)

        return decide

    def _taking_back(self, entry: StatementEntry, claim: Decided, by: By) -> Decide:
        note = reference_of(entry)
        body = BounceBody(reason="other", payment_id=claim.payment_id, note=note, notify=self.notify)
        bouncing = deciding.bounce(body, by, self.desk.settings())

        def decide(loaded: Loaded) -> Decision:
            for one in loaded.order.ledger:
                if (one.entry_id, one.status) == (claim.payment_id, BOUNCED):
                    return Decision(result={"payment_id": one.entry_id})
            _as_seen(standing(entry, loaded.order), claim.standing)
            return bouncing(loaded)

        return decide


def booked_parts(claim: Decided, load: Callable[[str], Loaded | None]) -> list[bool]:
    """Of each part of a split whether its payment is in its order's ledger and counts."""
    found = []
    for place, part in enumerate(claim.parts):
        loaded, payment = load(part.order_id), f"{MANUAL}:capture:{claim.part_identity(place)}"
        ledger = loaded.order.ledger if loaded else ()
        found.append(any(one.entry_id == payment and one.status != BOUNCED for one in ledger))
    return found


def _payment_id(entry: StatementEntry, before: Decided, loaded: Loaded, wish: Wish) -> str:
    """The payment that is recorded, or that is taken back. Raises WrongState where there is none to take."""
    if wish.as_ != Outcome.RETURNED:
        return f"manual:capture:{before.identity}"
    payment = returnable(entry, loaded.order)
    if payment is None:
        raise WrongState("movement-changed", "the order has no payment by hand of this amount")
    return payment.entry_id


def _as_seen(now: str, seen: str) -> None:
    if now != seen:
        raise WrongState(
            "movement-changed", "the movement is something else for this order by now: look at it again"
        )


def reference_of(entry: StatementEntry) -> str:
    """What is noted with the payment: who paid, what they wrote, the bank's own reference."""
    told: dict[str, Any] = dict.fromkeys((entry.payer, entry.text, *entry.references, entry.bank_ref))
    return " · ".join(one for one in told if one)[:LONGEST_REFERENCE]
