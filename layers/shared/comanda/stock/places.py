"""Where a SKU is kept, and what a look at all its places found. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comanda.stock.model import DEFAULT_LOCATION, Product

type Spot = tuple[str, int]  # location, shard


@dataclass(frozen=True, slots=True)
class Place:
    """Units of one SKU that can be bought, at one location in one shard."""

    sku: str
    location: str
    shard: int
    available: int


@dataclass(frozen=True, slots=True)
class Look:
    """All places of some SKUs, read together. `promised`: what is sold beyond its stock → until when
    it is promised (empty: no date)."""

    places: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    promised: dict[str, str] = field(default_factory=dict)

    def beside(self, own: "Look") -> "Look":
        """What there is for somebody who gives back `own` in the same transaction."""
        places = {sku: _together((*found, *own.places.get(sku, ()))) for sku, found in self.places.items()}
        return Look(places, self.promised)


def summed_up(places: Mapping[str, Iterable[Place]]) -> dict[str, int]:
    """How many units of each SKU there are, over all its places."""
    return {sku: sum(place.available for place in found) for sku, found in places.items()}


def _together(places: Iterable[Place]) -> tuple[Place, ...]:
    """Each place once, its units summed."""
    sums: dict[tuple[str, str, int], int] = {}
    for place in places:
        key = (place.sku, place.location, place.shard)
        sums[key] = sums.get(key, 0) + place.available
    return tuple(Place(*key, units) for key, units in sums.items())


def spots(places: Iterable[tuple[str, int]], home: str = DEFAULT_LOCATION) -> list[Spot]:
    """Every location and shard; a product that says nothing is kept at home, in one shard."""
    return [(location, shard) for location, shards in (places or ((home, 1),)) for shard in range(shards)]


def shards_at(product: Product, location: str) -> int:
    """Over how many shards the product is spread there; 1 where it says nothing."""
    return dict(product.places).get(location, 1)


def promises(products: Mapping[str, Product]) -> dict[str, str]:
    return {sku: product.promised_at for sku, product in products.items() if product.oversell}
