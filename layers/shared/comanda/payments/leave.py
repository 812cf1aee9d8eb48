"""End the pages of providers on which an order could be paid, before another payment begins for it."""

from collections.abc import Iterable
from contextlib import suppress

from comanda.errors import ProviderUnavailable
from comanda.orders.attempts import START
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.payments.choose import attempt_of
from comanda.payments.effects import provider_of
from comanda.payments.provider import ProviderRefused
from comanda.payments.record import Recorder


class Leaver:
    def __init__(self, desk: Desk, recorder: Recorder) -> None:
        self.desk = desk
        self.recorder = recorder

    def leave(self, loaded: Loaded, code: str, origin: Origin) -> Loaded:
        """The order after the pages that were replaced are void there, or paid. `code` is the provider where
        the next payment begins: who cannot reach it cannot begin either, and ProviderUnavailable says so. A
        page elsewhere that cannot be reached is left to the worker, who voids it as soon as it can be.
        """
        pages = list(_replaced(loaded))
        for effect in pages:
            try:
                self._end(loaded.order.order_id, effect, origin)
            except ProviderUnavailable:
                if provider_of(effect) == code:
                    raise
        return self.desk.load(loaded.order.order_id) if pages else loaded

    def _end(self, order_id: str, effect: Outgoing, origin: Origin) -> None:
        """Look, end it under the key of the effect, which will find its work done, and look again. What the
        customer has gone through meanwhile is left alone: it is paid, authorised or on its way."""
        code, ref = provider_of(effect), str(effect.data["ref"])
        with suppress(ProviderRefused):
            seen = self.recorder.record_payment(code, ref, origin).order
            attempt = attempt_of(seen, ref) if seen else None
            if attempt is None or attempt.kind != "intent" or attempt.status == "processing":
                return
            with suppress(ProviderRefused):
                self.recorder.providers(code).void(ref, f"{order_id}:{effect.effect_id}")
            self.recorder.record_payment(code, ref, origin)


def _replaced(loaded: Loaded) -> Iterable[Outgoing]:
    """The voids that wait, of attempts on a page that the shop chose to send its customers to."""
    pages = {str(one.result.get("ref")) for one in loaded.effects if one.kind == START and _hosted(one)}
    for effect in loaded.effects:
        if effect.kind != "payment.void" or effect.data.get("why") != "replaced":
            continue
        ref = str(effect.data["ref"])
        if effect.state in ("wanted", "claimed") and ref in pages and attempt_of(loaded.order, ref):
            yield effect


def _hosted(start: Outgoing) -> bool:
    return bool(start.data.get("hosted"))
