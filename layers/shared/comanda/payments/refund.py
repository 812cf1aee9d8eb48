"""Carry out a refund that was granted; it turns its own ledger entry, so it counts once."""

from collections.abc import Callable
from typing import Any

from comanda.crash import crash_point
from comanda.orders.balance import TAKEN
from comanda.orders.decision import Decision, Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Entry, Order
from comanda.orders.outbox import Outbox
from comanda.payments.book import Book
from comanda.payments.effects import provider_of
from comanda.payments.naming import twin
from comanda.payments.provider import CannotTell, ProviderRefused, Refund, RefundWanted
from comanda.payments.record import Recorded, Recorder
from comanda.payments.reversals import fail_refund, record_refunds
from comanda.times import moment


class Refunder:
    def __init__(self, desk: Desk, outbox: Outbox, recorder: Recorder) -> None:
        self.desk = desk
        self.outbox = outbox
        self.recorder = recorder

    def refund(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> None:
        """Look whether it has been made, make it under its key, record it. Raises ProviderUnavailable, and
        CannotTell when an earlier try may have made it and its key is too old to tell."""
        order_id, code = loaded.order.order_id, provider_of(claim)
        seen = self.recorder.record_payment(code, str(claim.data["ref"]), origin)
        made = _made(seen, claim)
        entry = _entry(seen.order or loaded.order, claim)
        if made or entry is None or entry.status in (*TAKEN, "void"):
            self.outbox.settle(order_id, claim.effect_id, {"ref": made.ref if made else ""})
            return
        self._doubt(loaded, claim, seen, origin)
        try:
            crash_point("effect.before_call")
            refund = self.recorder.providers(code).refund(_wanted(loaded.order, claim, entry))
            crash_point("effect.after_call")
        except ProviderRefused as refused:
            self._refused(order_id, claim, refused.code, origin)
        else:
            self._record(order_id, claim, code, refund, origin)

    def _doubt(self, loaded: Loaded, claim: Outgoing, seen: Recorded, origin: Origin) -> None:
        if seen.record is None or claim.attempts < 2:
            return
        first = moment(str(claim.data.get("since", claim.wanted_at)))
        age = (moment(origin.at) - first).total_seconds()
        if age > self.recorder.providers(provider_of(claim)).keeps_keys:
            like = twin(seen.record, seen.order or loaded.order, loaded.effects, claim)
            if like:
                raise CannotTell(f"refund {like.ref} at the provider may be this one")

    def _record(self, order_id: str, claim: Outgoing, code: str, refund: Refund, origin: Origin) -> None:
        def end(tx: Any) -> None:
            if refund.status == "failed":
                self.outbox.failing(tx, order_id, claim.effect_id, refund.reason)
            else:
                self.outbox.settling(tx, order_id, claim.effect_id, {"ref": refund.ref})

        def decide(loaded: Loaded) -> Decision:
            book = Book(loaded.order, origin.at)
            record_refunds(book, code, [refund])
            crash_point("effect.before_commit")
            return book.decision() + Decision(also=(end,))

        if not self.desk.run(order_id, decide, origin).changed:  # pending there, or a webhook was faster
            self.outbox.settle(order_id, claim.effect_id, {"ref": refund.ref})
        crash_point("effect.after_commit")

    def _refused(self, order_id: str, claim: Outgoing, reason: str, origin: Origin) -> None:
        """The grant stands and nothing was paid: a person decides what to do."""

        def decide(loaded: Loaded) -> Decision:
            book = Book(loaded.order, origin.at)
            entry = _entry(loaded.order, claim)
            if entry and entry.status == "pending":
                fail_refund(book, entry, reason)
            failing: Callable[[Any], None] = lambda tx: self.outbox.failing(  # noqa: E731
                tx, order_id, claim.effect_id, reason
            )
            return book.decision() + Decision(also=(failing,))

        if not self.desk.run(order_id, decide, origin).changed:
            self.outbox.fail(order_id, claim.effect_id, reason)


def _entry(order: Order, claim: Outgoing) -> Entry | None:
    wanted = str(claim.data["entry_id"])
    return next((entry for entry in order.ledger if entry.entry_id == wanted), None)


def _made(seen: Recorded, claim: Outgoing) -> Refund | None:
    """The refund that an earlier try has made, if it did not fail."""
    refunds = seen.record.refunds if seen.record else ()
    ours = (one for one in refunds if one.effect_id == claim.effect_id and one.status != "failed")
    return next(ours, None)


def _wanted(order: Order, claim: Outgoing, entry: Entry) -> RefundWanted:
    data = claim.data
    return RefundWanted(
        order_id=order.order_id,
        effect_id=claim.effect_id,
        ref=str(data["ref"]),
        charge=str(data["charge"]),
        amount=int(data["amount"]),
        currency=entry.currency,
    )
