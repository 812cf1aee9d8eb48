"""Take authorised or approved money for a claimed `payment.capture`; the record says whether it came."""

from typing import Any

from comanda.crash import crash_point
from comanda.orders.authorized import authorized, left_to_take, taking
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.derive import LAPSED, amount_due
from comanda.orders.desk import Desk
from comanda.orders.effects import hold_order
from comanda.orders.ending import over
from comanda.orders.facts import Origin
from comanda.orders.model import Entry, Order
from comanda.orders.outbox import Outbox
from comanda.orders.vocabulary import HoldReason
from comanda.payments.approval import APPROVED
from comanda.payments.book import Book
from comanda.payments.effects import provider_of
from comanda.payments.provider import ProviderRefused
from comanda.payments.record import Recorded, Recorder

NOT_WANTED = {"skipped": "not wanted any more"}


class Capturer:
    def __init__(self, desk: Desk, outbox: Outbox, recorder: Recorder) -> None:
        self.desk = desk
        self.outbox = outbox
        self.recorder = recorder

    def capture(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> None:
        """Under its key the money is taken once. What was refused of an approval is the customer's to mend,
        what was refused of an authorisation a person's. Raises ProviderUnavailable."""
        order_id, ref, code = loaded.order.order_id, str(claim.data["ref"]), provider_of(claim)
        if not _still_wanted(loaded.order, claim):
            self._dropped(order_id, claim, origin)
            return
        refused = "not captured"
        try:
            crash_point("effect.before_call")
            key = f"{order_id}:{claim.effect_id}"
            self.recorder.providers(code).capture(ref, int(claim.data["amount"]), key)
            crash_point("effect.after_call")
        except ProviderRefused as refusal:
            refused = refusal.code
        seen = self.recorder.record_payment(code, ref, origin)
        if _came(seen, ref):
            self.outbox.settle(order_id, claim.effect_id, {"ref": ref})
        elif claim.data.get("why") == APPROVED:
            self._declined(order_id, claim, refused, origin)
        elif _lapsed(seen.order, claim):  # which staff are told by itself
            self.outbox.settle(order_id, claim.effect_id, {"skipped": LAPSED})
        else:
            self.outbox.fail(order_id, claim.effect_id, refused)
            hold_order(self.desk, order_id, claim, HoldReason.EFFECT_FAILED, refused, origin)

    def _dropped(self, order_id: str, claim: Outgoing, origin: Origin) -> None:
        """By now less may be due than was asked for of an authorisation: then that is taken, unless an
        earlier try has taken it already."""
        if claim.data.get("why") != APPROVED:
            self.recorder.record_payment(provider_of(claim), str(claim.data["ref"]), origin)

        def settling(tx: Any) -> None:
            self.outbox.settling(tx, order_id, claim.effect_id, NOT_WANTED)

        def decide(loaded: Loaded) -> Decision:
            entry = next((e for e in waiting_for(loaded.order, claim)), None)
            if entry is None or over(loaded.order):
                return NOTHING
            left = left_to_take(loaded.order) + entry.taking
            if left <= 0:
                return NOTHING  # paid otherwise: it is being voided
            return taking(loaded.order, entry, min(left, entry.amount)) + Decision(also=(settling,))

        if not self.desk.run(order_id, decide, origin).changed:
            self.outbox.settle(order_id, claim.effect_id, NOT_WANTED)

    def _declined(self, order_id: str, claim: Outgoing, reason: str, origin: Origin) -> None:
        """The attempt failed; one that was given up meanwhile stays given up."""

        def failing(tx: Any) -> None:
            self.outbox.failing(tx, order_id, claim.effect_id, reason)

        def decide(loaded: Loaded) -> Decision:
            book = Book(loaded.order, origin.at)
            attempt = book.entries.get(str(claim.data["entry_id"]))
            if attempt and attempt.status == "processing":
                book.write("PaymentFailed", book.turned(attempt, "failed", reason=reason), visible=True)
            return book.decision() + Decision(also=(failing,))

        if not self.desk.run(order_id, decide, origin).changed:
            self.outbox.fail(order_id, claim.effect_id, reason)


def waiting_for(order: Order, claim: Outgoing) -> list[Entry]:
    """The authorisation that this claim is to take, while it is not taken, void or asked for otherwise."""
    told = (claim.data["entry_id"], int(claim.data["amount"]))
    return [entry for entry in authorized(order) if (entry.entry_id, entry.taking) == told]


def _still_wanted(order: Order, claim: Outgoing) -> bool:
    """Whether the money is to be taken: not for an order that ended or was paid meanwhile. What an
    earlier try has taken already is asked for again, under its key."""
    attempt = next((e for e in order.ledger if e.entry_id == claim.data["entry_id"]), None)
    if attempt is None or attempt.status == "void":
        return False
    if any(e.kind == "capture" and e.parent == attempt.ref for e in order.ledger):
        return True
    approved = claim.data.get("why") == APPROVED
    if approved and attempt.status == "ok":
        return True
    open_still = attempt.status == "processing" if approved else attempt.status == "ok"
    return open_still and not over(order) and int(claim.data["amount"]) <= amount_due(order)


def _lapsed(order: Order | None, claim: Outgoing) -> bool:
    entries = order.ledger if order else ()
    return any((e.entry_id, e.reason) == (claim.data["entry_id"], LAPSED) for e in entries)


def _came(seen: Recorded, ref: str) -> bool:
    """Whether the money is here, or the provider works on it and will tell."""
    order, record = seen.order, seen.record
    if order and any(entry.kind == "capture" and entry.parent == ref for entry in order.ledger):
        return True
    return record is not None and record.status == "processing"
