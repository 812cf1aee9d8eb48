"""An order whose customer was merged into another belongs to that one."""

from collections.abc import Callable
from typing import Any, Protocol

from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.model import CodeUse
from comanda.orders.vocabulary import Lifecycle


class Uses(Protocol):
    """Where the uses of discount codes are counted."""

    def hand_over(self, tx: Any, use: CodeUse, to: str) -> None: ...


def taking_over(customer_id: str, into: str, codes: Uses, counting: Callable[[Any], None]) -> Decide:
    """Whatever the order owes on terms moves with it, and the use of a discount code that counts.

    `counting` is written with it. An order of somebody else stays as it is.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        if order.customer_id != customer_id:
            return NOTHING
        fact = Happened("CustomerMerged", {"customer_id": into, "merged": customer_id})
        use = order.code_use
        over = order.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED)
        if use is None or use.customer_id != customer_id or over:
            return Decision(facts=(fact,), also=(counting,))
        return Decision(facts=(fact,), also=(counting, lambda tx: codes.hand_over(tx, use, into)))

    return decide
