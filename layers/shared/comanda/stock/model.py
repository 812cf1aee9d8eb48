"""Products and stock, as pure data. Prices in minor units, weights in grams."""

from dataclasses import dataclass
from typing import Any

DEFAULT_LOCATION = "main"


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a bundle: units per unit of the bundle."""

    sku: str
    quantity: int
    tracked: bool = True  # this and what follows: what the component's own product says, not stored here
    places: tuple[tuple[str, int], ...] = ()
    oversell: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """`price` is as shown to the customer, with or without tax as the shop's settings say."""

    sku: str
    names: dict[str, str]  # locale → name
    price: int
    tax_ppm: int = 0
    barcode: str = ""
    weight_grams: int = 0
    tracked: bool = True
    image: str = ""
    active: bool = True
    components: tuple[Part, ...] = ()  # of a bundle
    places: tuple[tuple[str, int], ...] = ()  # location, shards; empty: at the default one, in one shard
    oversell: str = ""  # backorder | preorder: sold beyond its stock
    promised_at: str = ""  # the date by which such units are promised
    low_stock: int | None = None  # it runs low at so many units; None: as the shop's setting says

    def name(self, locale: str) -> str:
        """The name in `locale`, else in any language there is."""
        return self.names.get(locale) or next(iter(self.names.values()), self.sku)

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one SKU at one location, in units. The book refuses what is not available."""

    sku: str
    location: str
    reserved: int = 0
    allocated: int = 0
    on_hand: int = 0
    shard: int = 0
    seen: int | None = None  # on hand as it was read: written only while it is still so
    again: bool = False  # refused, nobody is told: whoever wanted it looks anew

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved - self.allocated


@dataclass(frozen=True, slots=True)
class Level:
    """available = on_hand − reserved − allocated, at one location."""

    sku: str
    location: str
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    available: int = 0
    counted: int | None = None  # what a file counted last
    bin: str = ""  # where in the location it lies


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A correction by a person. `on_hand` is the figure after it, so that the history is a ledger; `cause`
    the number of the order that it was found for."""

    adjustment_id: str
    sku: str
    location: str
    delta: int
    reason: str
    on_hand: int
    at: str
    actor: str
    cause: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    def told(self) -> dict[str, Any]:
        """As staff see it: what was there before, and after."""
        return self.to_dict() | {"before": self.on_hand - self.delta, "after": self.on_hand}
