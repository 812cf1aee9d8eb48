"""Apply a stored payment webhook: it only says which payment to look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from comanda.inbox.model import ALREADY_APPLIED, APPLIED, IGNORED, Entry, Outcome
from comanda.orders.facts import Origin
from comanda.payments.record import Providers, Recorder
from comanda.times import stamp


@dataclass(frozen=True, slots=True)
class PaymentEvents:
    providers: Providers
    recorder: Recorder
    now: Callable[[], datetime]

    def apply(self, entry: Entry) -> Outcome:
        """Record the payment that the event is about. Raises what recording raises."""
        event = self.providers(entry.sender).parse_event(entry.raw)
        if not event.ref:
            return Outcome(IGNORED, f"{event.type} is not about a payment")
        origin = Origin(f"provider:{entry.sender}", f"webhook:{entry.entry_id}", stamp(self.now()))
        recorded = self.recorder.record_payment(entry.sender, event.ref, origin)
        if recorded.order is None:
            return Outcome(IGNORED, recorded.reason)
        state = APPLIED if recorded.changed else ALREADY_APPLIED
        return Outcome(state, order_id=recorded.order.order_id)
