"""The code by which a customer fetches an order: given once, shown in many places, stored nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.dynamo.transaction import Transaction
from comanda.ids import NewId
from comanda.links.codes import code_of, minted, order_of, same_code
from comanda.links.keys import Keys
from comanda.links.store import LinkStore
from comanda.orders.model import Order


def shown_code(order: Order, keys: Keys) -> str:
    """The order's code as it is read out, `K7QX-3MPD`; empty where there is none, or its key is gone."""
    pickup = order.pickup
    return code_of(keys, order.order_id, pickup.serial, pickup.mark) if pickup else ""


@dataclass(frozen=True, slots=True)
class PickupCodes:
    """`keys` is asked anew each time, so that a rotation is seen."""

    store: LinkStore
    keys: Callable[[], Keys]
    new_id: NewId

    def given(self, order: Order) -> tuple[str, str, tuple[Callable[[Any], None], ...]]:
        """Serial and mark of the order's code with what is to be written for a new one. An order keeps its
        code for what is put aside later; only one that can be shown no longer is replaced."""
        if order.pickup and shown_code(order, self.keys()):
            return order.pickup.serial, order.pickup.mark, ()
        serial = self.new_id()
        mark, entry = minted(self.keys(), order.order_id, serial)

        def write(tx: Transaction) -> None:
            self.store.add_new(tx, entry)

        return serial, mark, (write,)

    def fits(self, typed: str, order: Order) -> bool:
        return same_code(typed, shown_code(order, self.keys()))

    def order_id(self, typed: str) -> str:
        """The order that was given this code; empty for one that nobody was given."""
        return order_of(typed, self.keys(), self.store)
