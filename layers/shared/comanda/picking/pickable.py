"""Which delivery orders there are to pick, by which carrier they go, and who has them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from comanda.orders.delivery_status import DeliveryStatus, Work, work_of
from comanda.orders.model import Order
from comanda.picking.context import Picking
from comanda.picking.model import Wave, tote_key
from comanda.settings.sections import Shipping

MOST_FOUND = 400  # delivery orders in one answer
MOST_ORDERS = 1_500  # that are looked through before a picker is told that there is nothing: some seconds
LOOKED_THROUGH = 500  # orders, by who only looks: that is read again and again
AT_ONCE = 50  # delivery orders that are looked up among the waves together


@dataclass(frozen=True, slots=True)
class Pickable:
    """A delivery order with units to fetch now; `held`: nothing is done with it just now; `wave` has it."""

    work: Work
    carrier: str
    wave: Wave | None = None

    @property
    def key(self) -> str:
        return tote_key(self.work.order.order_id, self.work.delivery.number)

    @property
    def units(self) -> int:
        return sum(one.to_pick for one in self.work.lines if one.to_pick > 0)

    @property
    def lines(self) -> int:
        return sum(one.to_pick > 0 for one in self.work.lines)

    @property
    def held(self) -> bool:
        return self.work.held or self.work.order.ending is not None

    def taken(self, at: str) -> bool:
        return self.wave is not None and self.wave.open and not self.wave.lapsed(at)


def pickable(order: Order) -> list[Work]:
    """The delivery orders of an order of which something lies ready and is not picked; not what is put aside
    for its customer at the counter. In a shop of one step too: there picking is voluntary."""
    return [
        work
        for work in work_of(order)
        if work.open
        and work.status != DeliveryStatus.AT_COUNTER
        and any(one.to_pick > 0 for one in work.lines)
    ]


def carrier_of(order: Order, shipping: Shipping) -> str:
    """Who takes it: the carrier of its way of delivery, else the way itself."""
    way = next((one for one in shipping.deliveries if one.code == order.delivery), None)
    return (way.carrier if way else None) or order.delivery


def claimed(works: Iterable[Work], picking: Picking, shipping: Shipping) -> list[Pickable]:
    """Delivery orders with the waves that stand at them, ended ones among them."""
    found = [Pickable(work, carrier_of(work.order, shipping)) for work in works]
    waves = picking.store.claims(one.key for one in found)
    return [Pickable(one.work, one.carrier, waves.get(one.key)) for one in found]


def waiting(
    picking: Picking,
    shipping: Shipping,
    fits: Callable[[Pickable], bool] = lambda one: True,
    *,
    enough: Callable[[Sequence[Pickable]], bool] = lambda found: len(found) >= MOST_FOUND,
    orders: int = MOST_ORDERS,
) -> tuple[list[Pickable], bool]:
    """What fits of all that there is to pick, oldest orders first, until it is `enough` or so many `orders`
    were looked through; and whether there may be more. What nobody can pick (on hold, unpaid, waiting for
    units) is passed over, however much of it is older."""
    found: list[Pickable] = []
    works: list[Work] = []
    for read, order in enumerate(picking.waiting()):
        if read == orders:
            return found + _fitting(works, picking, shipping, fits), True
        works += pickable(order)
        if len(works) >= AT_ONCE:
            found += _fitting(works, picking, shipping, fits)
            works = []
            if enough(found):
                return found, True
    return found + _fitting(works, picking, shipping, fits), False


def _fitting(
    works: Iterable[Work], picking: Picking, shipping: Shipping, fits: Callable[[Pickable], bool]
) -> list[Pickable]:
    return [one for one in claimed(works, picking, shipping) if fits(one)]
