"""Taking an event back: one place for the staff API, the list and the order's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.transaction import Transaction
from comanda.errors import Problem
from comanda.fulfilment.hand_over import taking_back
from comanda.fulfilment.short_pick import Back
from comanda.fulfilment.unship import unconsigning, unshipping
from comanda.orders.decision import Loaded
from comanda.orders.desk import Decide
from comanda.orders.outbox import Outbox
from comanda.orders.store import OrderStore
from comanda.orders.uncancel import uncancelling
from comanda.payments.unmark import unmarking
from comanda.payments.unrefund import unrefunding

PAID, SHIPPED, CANCELLED, REFUNDED, FETCHED = "paid", "shipped", "cancelled", "refunded", "fetched"
CONSIGNED = "consigned"
EVENTS = (PAID, SHIPPED, CONSIGNED, CANCELLED, REFUNDED, FETCHED)


@dataclass(frozen=True, slots=True)
class Undoing:
    orders: OrderStore
    outbox: Outbox

    def deciding(self, event: str, name: str, at: str) -> Decide:
        """The command that takes an event back. `name` is the id of its payment, parcel, consignment,
        refund or hand-over; a cancellation has none. Raises KeyError for an event that there is not."""
        made: dict[str, Callable[[], Decide]] = {
            PAID: lambda: unmarking(name, at, self._withdraw),
            SHIPPED: lambda: unshipping(name, self.orders.facts, self._withdraw),
            CONSIGNED: lambda: unconsigning(name, self.orders.facts, self._withdraw),
            CANCELLED: lambda: uncancelling(self.orders.facts_until, at, self._withdraw),
            REFUNDED: lambda: unrefunding(name, at, self._withdraw),
            FETCHED: lambda: taking_back(name, self.orders.facts, self._withdraw),
        }
        return made[event]()

    def short_picks(self) -> Back:
        """What taking a short pick back needs."""
        unrefund = lambda refund_id, at: unrefunding(refund_id, at, self._withdraw)  # noqa: E731
        return Back(self.orders.facts, self._withdraw, unrefund)

    def possible(self, event: str, name: str, loaded: Loaded) -> bool:
        """Whether it can be taken back as things are; the command judges again."""
        try:
            return bool(self.deciding(event, name, loaded.order.updated_at)(loaded).facts)
        except Problem:
            return False

    def _withdraw(self, order_id: str, effect_id: str) -> Callable[[Any], None]:
        def write(tx: Transaction) -> None:
            self.outbox.withdrawing(tx, order_id, effect_id, "taken back")

        return write
