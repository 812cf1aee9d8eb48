"""Which units a cart reserves while its customer is in checkout. Pure.

As much as there is, line by line, whole bundles only. What the cart holds already stays where it is; more
comes from the places that were seen, home first, from one shard where one has enough.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from zlib import crc32

from comanda.carts.model import Cart, Held
from comanda.stock.bundles import taken_by
from comanda.stock.model import DEFAULT_LOCATION, Move, Product
from comanda.stock.places import Place

MOST_PLACES = 80  # what one transaction gives back and takes has to fit into it

type Need = tuple[int, tuple[tuple[str, int], ...]]  # units of a line, and what each takes of which SKU
type Key = tuple[str, str, int]  # SKU, location, shard
NOWHERE: Mapping[str, Iterable[Place]] = {}


def needs(cart: Cart, products: Mapping[str, Product]) -> list[Need]:
    """What the cart's lines take of the stock; nothing of what is not for sale or not counted."""
    sold = [(line, products.get(line.sku)) for line in cart.lines]
    return [(line.quantity, taken_by(product)) for line, product in sold if product and product.active]


def hold(
    wanted: Sequence[Need],
    cart: Cart,
    places: Mapping[str, Iterable[Place]] = NOWHERE,
    home: str = DEFAULT_LOCATION,
) -> tuple[Held, ...]:
    """What the cart holds from now on: out of what it has, and of what is left in these places (by SKU)."""
    pool = _Pool(cart, places, home)
    for units, parts in wanted:
        pool.give(units, parts)
    if len({*pool.taken, *_held(cart.held)}) > MOST_PLACES:
        return hold(wanted, cart) if places else cart.held
    return tuple(Held(*key, units) for key, units in sorted(pool.taken.items()))


def covered(wanted: Sequence[Need], cart: Cart) -> list[int]:
    """How many units of each need the cart holds."""
    pool = _Pool(cart)
    return [pool.give(units, parts) if parts else 0 for units, parts in wanted]


def moves(before: Iterable[Held], after: Iterable[Held] = ()) -> tuple[Move, ...]:
    """What it does to the stock that a cart holds `after` and no longer `before`."""
    was, now = _held(before), _held(after)
    changes = {key: now.get(key, 0) - was.get(key, 0) for key in sorted({*was, *now})}
    return tuple(
        Move(sku, location, units, shard=shard) for (sku, location, shard), units in changes.items() if units
    )


def _held(held: Iterable[Held]) -> dict[Key, int]:
    return {(one.sku, one.location, one.shard): one.units for one in held}


class _Pool:
    """Gives out units, each once: those of the cart first, then those at home."""

    def __init__(
        self, cart: Cart, places: Mapping[str, Iterable[Place]] = NOWHERE, home: str = DEFAULT_LOCATION
    ) -> None:
        self.home = home
        self.turn = crc32(cart.cart_id.encode())
        self.own = _held(cart.held)
        self.free = dict(self.own)
        for place in chain.from_iterable(places.values()):
            key = (place.sku, place.location, place.shard)
            self.free[key] = self.free.get(key, 0) + max(place.available, 0)
        self.taken: dict[Key, int] = {}

    def give(self, units: int, parts: Iterable[tuple[str, int]]) -> int:
        """As many units of a line as there are, of `units`; takes what they are made of."""
        each = dict(parts)
        whole = min([units, *(self._left(sku) // n for sku, n in each.items())])
        for sku, n in each.items():
            self._take(sku, whole * n)
        return whole

    def _left(self, sku: str) -> int:
        return sum(units for key, units in self.free.items() if key[0] == sku)

    def _take(self, sku: str, wanted: int) -> None:
        def rank(key: Key) -> tuple[bool, bool, bool, int]:
            _, location, shard = key
            turn = (shard + self.turn) % 97
            return key not in self.own, location != self.home, self.free[key] < wanted, turn

        for key in sorted((key for key in self.free if key[0] == sku), key=rank):
            units = min(self.free[key], wanted)
            if units:
                self.free[key] -= units
                self.taken[key] = self.taken.get(key, 0) + units
                wanted -= units
