"""Carry out what an order wants of its payment provider: start, void, refund, capture, close."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from comanda.crash import crash_point
from comanda.errors import ProviderUnavailable
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.effects import Claims, origin_of
from comanda.orders.facts import Origin
from comanda.orders.outbox import Outbox
from comanda.payments.capture import Capturer
from comanda.payments.choose import start_wanted
from comanda.payments.effects import provider_of
from comanda.payments.provider import CannotTell, ProviderRefused
from comanda.payments.record import Recorder
from comanda.payments.refund import Refunder
from comanda.payments.start import Starter
from comanda.payments.void import Voider
from comanda.settings.pauses import Paused, never_paused, provider
from comanda.times import stamp


class Settling:
    """Works on one effect at a time, under a claim that only one worker wins.

    Every call here may be repeated: its key, its reference or the payment's own state tells what has
    happened before. So a claim that was left behind is taken over; where nothing can tell, the effect
    is unknown and a person looks.
    """

    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        starter: Starter,
        recorder: Recorder,
        now: Callable[[], datetime],
        paused: Paused = never_paused,
        later: Callable[[dict[str, Any]], None] = lambda message: None,
    ) -> None:
        """`later` puts a message back into its queue for a while."""
        self.later = later
        self.paused = paused
        self.desk = desk
        self.outbox = outbox
        self.starter = starter
        self.recorder = recorder
        self.now = now
        self.claims = Claims(desk, outbox, now)
        self.voider = Voider(desk, outbox, recorder)
        self.capturer = Capturer(desk, outbox, recorder)
        self.refunder = Refunder(desk, outbox, recorder)

    def settle(self, message: dict[str, Any]) -> None:
        """`message` is the bus event; its `detail` names order and effect. Raises ProviderUnavailable,
        so that the queue sends it again."""
        named = self.claims.named(message)
        if named is None or self._waits(named[1]):
            return
        loaded, effect = named
        if effect.state == "wanted" and not effect.attempts and effect.lease_until > stamp(self.now()):
            self.later(message)  # what it follows from may still be taken back
            return
        claim = self.claims.take(loaded.order.order_id, effect)
        if claim is not None:
            crash_point("effect.after_claim")
            self._work(loaded, claim)

    def _waits(self, effect: Outgoing) -> bool:
        """Whether staff have paused its provider: it stays wanted, and the sweep announces it again. A
        payment that a customer begins is not ours to stop; its method can be switched off."""
        return "entry_id" in effect.data and self.paused(provider(provider_of(effect)))

    def _work(self, loaded: Loaded, claim: Outgoing) -> None:
        order_id, origin = loaded.order.order_id, origin_of(claim, stamp(self.now()))
        try:
            self._carry_out(loaded, claim, origin)
        except ProviderUnavailable as down:
            self.claims.put_off(order_id, claim, down.detail, origin)
            raise
        except CannotTell as unknown:
            self.claims.ask_a_person(order_id, claim, str(unknown), origin)

    def _carry_out(self, loaded: Loaded, claim: Outgoing, origin: Origin) -> None:
        if claim.kind == "payment.start":
            self._start(loaded, claim)
        elif claim.kind == "payment.void":
            self.voider.void(loaded, claim, origin)
        elif claim.kind == "payment.refund":
            self.refunder.refund(loaded, claim, origin)
        elif claim.kind == "payment.capture":
            self.capturer.capture(loaded, claim, origin)
        elif claim.kind == "payment.close":
            self._close(loaded.order.order_id, claim)
        else:
            self.outbox.fail(loaded.order.order_id, claim.effect_id, f"nobody knows {claim.kind}")

    def _close(self, order_id: str, claim: Outgoing) -> None:
        """A page that stays open costs nobody anything: a second payment on it is money, and held."""
        ref, result = str(claim.data["ref"]), {}
        try:
            self.recorder.providers(provider_of(claim)).close(ref, f"{order_id}:{claim.effect_id}")
        except ProviderRefused as refusal:
            result = {"refused": refusal.code}
        self.outbox.settle(order_id, claim.effect_id, {"ref": ref} | result)

    def _start(self, loaded: Loaded, claim: Outgoing) -> None:
        if start_wanted(loaded, claim.effect_id):
            self.starter.begin(loaded, claim)
        else:
            self.outbox.settle(loaded.order.order_id, claim.effect_id, {"skipped": "not wanted any more"})
