"""Record what a provider has of a payment; the ledger follows its record, never a webhook's body."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.crash import crash_point
from comanda.errors import NotFound
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.payments.ledger import recording
from comanda.payments.naming import named
from comanda.payments.provider import PaymentProvider, ProviderRecord

type Providers = Callable[[str], PaymentProvider]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The order after recording; None when the payment is none of ours, for this `reason`."""

    order: Order | None = None
    record: ProviderRecord | None = None
    changed: bool = False
    reason: str = ""


class Recorder:
    def __init__(self, desk: Desk, providers: Providers) -> None:
        self.desk = desk
        self.providers = providers

    def record_payment(self, code: str, ref: str, origin: Origin) -> Recorded:
        """Record payment `ref` on the order that its provider's record names.

        Raises ProviderUnavailable, ProviderRefused, and what keeps the desk from writing.
        """
        crash_point("payment.before_fetch")
        record = self.providers(code).fetch(ref)
        if record is None:
            return Recorded(reason="the provider has no such payment")
        if not record.order_id:
            return Recorded(reason="this payment was not begun for an order")
        try:
            done = self.desk.run(record.order_id, self._deciding(code, ref, record, origin), origin)
        except NotFound:
            return Recorded(reason="there is no such order")
        crash_point("payment.after_commit")
        return Recorded(done.order, record, done.changed)

    def _deciding(
        self, code: str, ref: str, first: ProviderRecord, origin: Origin
    ) -> Callable[[Loaded], Decision]:
        """Judge a record that was read after the order was: whoever wrote the order before us had
        read no later one, so nothing newer is ever replaced by something older."""

        def decide(loaded: Loaded) -> Decision:
            if not recording(loaded.order, named(first, loaded.effects), origin.at).facts:
                return NOTHING
            fresh = self.providers(code).fetch(ref) or first
            crash_point("payment.before_commit")
            return recording(loaded.order, named(fresh, loaded.effects), origin.at)

        return decide
