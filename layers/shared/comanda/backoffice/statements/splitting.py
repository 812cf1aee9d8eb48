"""Split a movement over several orders: claimed as one, paid part by part, each once, then decided.

The first part is recorded only while each order still owes its part. Once it is, the others follow whatever
has become of their orders meanwhile: the money is there, and what is too much for an order holds it. So who
comes after a crash finishes what was begun, and all parts together are the movement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from comanda.backoffice import deciding
from comanda.backoffice.bodies_money import MarkPaidBody
from comanda.backoffice.deciding import By
from comanda.backoffice.statements.confirming import (
    LEASE_SECONDS,
    UNDECIDED,
    Confirming,
    reference_of,
)
from comanda.crash import crash_point
from comanda.dynamo.transaction import RevisionMoved
from comanda.errors import Busy, Invalid, Problem, RetryLater, WrongState
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.refunds import MANUAL
from comanda.orders.wire import MoneyBody
from comanda.payments.mark_paid import Booked
from comanda.statements.matching import Outcome, standing
from comanda.statements.model import Decided, Part, StatementEntry
from comanda.times import later

MOST_PARTS = 8
PAYS = (Outcome.EXACT, Outcome.UNDER)  # what a part may be for its order


@dataclass(frozen=True, slots=True)
class Share:
    """What a person gives an order of a movement, in minor units."""

    order_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Splitting:
    """Splits movements of a statement; `confirming` says for whom and whether customers are told."""

    confirming: Confirming

    def split(self, entry_id: str, shares: Sequence[Share]) -> Decided:
        """Record each share on its order. The same shares again finish what was begun, or change nothing.
        Raises NotFound, Invalid for shares that are not the movement, WrongState when it was decided
        otherwise or an order does not owe its share, and Busy."""
        try:
            return self._split(entry_id, shares)
        except RevisionMoved as error:
            raise Busy("somebody else is confirming this movement") from error

    def _split(self, entry_id: str, shares: Sequence[Share]) -> Decided:
        desk, origin = self.confirming.desk, self.confirming.origin
        entry = desk.store.entry(self.confirming.statement_id, entry_id).entry
        before = desk.store.decided([entry_id])[entry_id]
        check(entry, shares)
        loaded = [desk.commands.desk.load(one.order_id) for one in shares]
        parts = tuple(
            Part(one.order_id, order.order.number, one.amount)
            for one, order in zip(shares, loaded, strict=True)
        )
        if before.state == "confirmed" and before.parts == parts:
            return before
        self.confirming.free(before, same=before.parts == parts)
        if before.state != "confirming" or before.parts != parts:
            for part, order in zip(parts, loaded, strict=True):
                _owed(entry, part, order)
        claim = desk.store.decide(before, origin.at, **self._claimed(parts))
        crash_point("statement.claimed")
        for place in range(len(parts)):
            self._pay(entry, claim, place)
            crash_point("statement.paid")
        return desk.store.decide(claim, origin.at, state="confirmed", lease_until="")

    def _claimed(self, parts: tuple[Part, ...]) -> dict[str, Any]:
        origin = self.confirming.origin
        return UNDECIDED | {
            "state": "confirming",
            "standing": str(Outcome.SPLIT),
            "parts": parts,
            "number": ", ".join(part.number for part in parts),
            "actor": origin.actor,
            "lease_until": later(origin.at, LEASE_SECONDS),
        }

    def _pay(self, entry: StatementEntry, claim: Decided, place: int) -> None:
        """Record a part; where the first is refused, nothing was recorded and the claim is given back."""
        desk, origin = self.confirming.desk, self.confirming.origin
        decide = self._deciding(entry, claim, place)
        try:
            desk.commands.run(claim.parts[place].order_id, decide, origin, version=None, request=None)
        except RetryLater:
            raise
        except Problem:
            if place == 0:
                desk.store.decide(claim, origin.at, **UNDECIDED)
            raise

    def _deciding(self, entry: StatementEntry, claim: Decided, place: int) -> Decide:
        part, identity = claim.parts[place], claim.part_identity(place)
        money = MoneyBody(amount=part.amount, currency=entry.currency)
        body = MarkPaidBody(amount=money, reference=reference_of(entry), notify=self.confirming.notify)
        by = By(self.confirming.origin, self.confirming.desk.new_id)
        paying = deciding.mark_paid(body, by, Booked(identity, entry.booked_on))

        def decide(loaded: Loaded) -> Decision:
            known = any(one.entry_id == f"{MANUAL}:capture:{identity}" for one in loaded.order.ledger)
            if place == 0 and not known:
                _owed(entry, part, loaded)
            return paying(loaded)

        return decide


def check(entry: StatementEntry, shares: Sequence[Share]) -> None:
    """Raises Invalid for shares that are not just the movement, and WrongState for one that is no income."""
    if entry.kind != "credit":
        raise WrongState("movement-changed", "only money that came in is split over orders")
    errors = []
    if not 2 <= len(shares) <= MOST_PARTS:
        errors.append({"pointer": "/parts", "detail": f"between 2 and {MOST_PARTS} orders"})
    for place, one in enumerate(shares):
        if one.amount <= 0:
            errors.append({"pointer": f"/parts/{place}/amount", "detail": "an amount is more than nothing"})
        if one.order_id in [other.order_id for other in shares[:place]]:
            errors.append({"pointer": f"/parts/{place}/order_id", "detail": "each order once"})
    if errors:
        raise Invalid("the movement cannot be split like that", errors=errors)
    if sum(one.amount for one in shares) != entry.amount:
        raise Invalid.at("/parts", "the parts are not as much as the movement")


def _owed(entry: StatementEntry, part: Part, loaded: Loaded) -> None:
    if standing(replace(entry, amount=part.amount), loaded.order) not in PAYS:
        raise WrongState("movement-changed", f"order {part.number} does not owe as much: look at it again")
