"""Void an attempt to pay: only when its provider confirms may the order end, or go on without it."""

from comanda.crash import crash_point
from comanda.orders.decision import NOTHING, Decision, Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.effects import hold_order, next_try
from comanda.orders.ending import over
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.orders.outbox import Outbox
from comanda.orders.reservation import ENDING
from comanda.orders.vocabulary import HoldReason
from comanda.payments.book import Book
from comanda.payments.choose import attempt_of
from comanda.payments.effects import provider_of
from comanda.payments.provider import ProviderRefused
from comanda.payments.record import Recorder

MOST_TRIES = 20  # at a payment that stays neither void nor captured, before a person looks


class Voider:
    def __init__(self, desk: Desk, outbox: Outbox, recorder: Recorder) -> None:
        self.desk = desk
        self.outbox = outbox
        self.recorder = recorder

    def void(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> None:
        """Look, void if that is still wanted, look again: the provider's record decides what happened.

        A payment that came through in the meantime is recorded as money. Raises ProviderUnavailable.
        """
        order_id, ref = loaded.order.order_id, str(claim.data["ref"])
        code, refused = provider_of(claim), ""
        order = self._look(order_id, code, ref, origin)
        if _wanted(order, claim):
            try:
                crash_point("effect.before_call")
                self.recorder.providers(code).void(ref, f"{order_id}:{claim.effect_id}")
                crash_point("effect.after_call")
            except ProviderRefused as refusal:
                refused = refusal.code
            order = self._look(order_id, code, ref, origin, gone=not refused)
        if not _wanted(order, claim):
            self.outbox.settle(order_id, claim.effect_id, {"ref": ref})
        elif claim.attempts < MOST_TRIES:
            self.outbox.release(order_id, claim, refused or "not void", until=next_try(claim, origin.at))
        else:
            self.outbox.fail(order_id, claim.effect_id, refused or "not void")
            detail = f"cannot be voided: {refused}"
            hold_order(self.desk, order_id, claim, HoldReason.EFFECT_FAILED, detail, origin)

    def _look(self, order_id: str, code: str, ref: str, origin: Origin, *, gone: bool = False) -> Order:
        """The order after its payment was looked at. `gone`: what the provider does not know any more, and
        agreed to give up, can bring no money."""
        recorded = self.recorder.record_payment(code, ref, origin)
        if gone and recorded.record is None:
            return self._forgotten(order_id, ref, origin)
        return recorded.order or self.desk.load(order_id).order

    def _forgotten(self, order_id: str, ref: str, origin: Origin) -> Order:
        def decide(loaded: Loaded) -> Decision:
            book, attempt = Book(loaded.order, origin.at), attempt_of(loaded.order, ref)
            if attempt is None:
                return NOTHING
            book.write("PaymentVoided", book.turned(attempt, "void", reason="forgotten by the provider"))
            return book.decision()

        return self.desk.run(order_id, decide, origin).order


def _wanted(order: Order, claim: Outgoing) -> bool:
    """The attempt is open, and nobody has gone back on the ending that asked for this."""
    if attempt_of(order, str(claim.data["ref"])) is None:
        return False
    why = claim.data.get("why")
    if why == ENDING:
        return over(order) or order.reservation == ENDING
    return over(order) or why in ("replaced", "paid")
