"""The kinds of paper and their formats, and which order can have which."""

from enum import StrEnum
from typing import TYPE_CHECKING

from comanda.errors import WrongState
from comanda.orders.balance import balance
from comanda.orders.decision import Loaded
from comanda.orders.guards import Guard
from comanda.orders.guards.course import ENDING, HELD, NOT_APPROVED, NOT_PLACED
from comanda.orders.guards.money import UNPAID
from comanda.orders.model import Order
from comanda.orders.vocabulary import Lifecycle

if TYPE_CHECKING:
    from comanda.settings.sections import Shipping


class Kind(StrEnum):
    ORDER = "order"
    PACKING_SLIP = "packing-slip"
    RECEIPT = "receipt"
    PICKUP_SLIP = "pickup-slip"


class ListKind(StrEnum):
    """Papers on which many orders stand together."""

    PICK_LIST = "pick-list"
    HAND_OVER = "hand-over"


class Format(StrEnum):
    LETTER = "letter"
    A4 = "a4"
    THERMAL = "thermal"  # a roll 80 mm wide


CALLED_OFF = Guard(
    "called-off",
    "the order was cancelled or has expired",
    lambda o: o.lifecycle in (Lifecycle.CANCELLED, Lifecycle.EXPIRED),
)
NOTHING_RECEIVED = Guard(
    "nothing-received", "nothing was paid for this order", lambda o: not balance(o.ledger).captured
)
SENT = Guard(
    "not-fetched",
    "this order is sent to an address, so nobody fetches it",
    lambda o: "shipping" in o.personal,
)
# What may not leave the shop is not taken from its shelves either; what has left may be printed again.
GOODS = (NOT_PLACED, CALLED_OFF, ENDING, NOT_APPROVED, HELD, UNPAID)
GUARDS: dict[Kind, tuple[Guard, ...]] = {
    Kind.ORDER: (NOT_PLACED,),
    Kind.PACKING_SLIP: GOODS,
    Kind.RECEIPT: (NOT_PLACED, NOTHING_RECEIVED),
    Kind.PICKUP_SLIP: GOODS,
}


def check(kind: Kind, loaded: Loaded, shipping: "Shipping") -> None:
    """Raises WrongState with the guard that keeps this order from having such a paper."""
    guard = hindrance(kind, loaded.order)
    if guard is None and kind == Kind.PICKUP_SLIP and not fetched(loaded.order, shipping):
        guard = SENT
    if guard is not None:
        raise WrongState(guard.name, guard.why)


def hindrance(kind: Kind, order: Order) -> Guard | None:
    """The guard that keeps an order from having such a paper, whatever the settings say."""
    return next((guard for guard in GUARDS[kind] if guard.forbids(order)), None)


def fetched(order: Order, shipping: "Shipping") -> bool:
    """Whether the customer comes for the goods; of a way of delivery that is gone the order's own address
    tells."""
    found = next((way for way in shipping.deliveries if way.code == order.delivery), None)
    return not found.needs_address if found else not SENT.forbids(order)


def possible(order: Order) -> list[Kind]:
    """The papers that an order can have now; of what is sent to an address there is no pickup slip."""
    found = [kind for kind in Kind if hindrance(kind, order) is None]
    return [kind for kind in found if kind != Kind.PICKUP_SLIP or not SENT.forbids(order)]
