"""What picking needs of the rest: see wiring."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from comanda.errors import NotFound
from comanda.fulfilment.short_pick import ShortDesk
from comanda.orders.desk import Desk
from comanda.orders.facts import Origin
from comanda.orders.model import Order
from comanda.picking.model import Tote, Wave
from comanda.picking.store import WaveStore
from comanda.settings.sections import Fulfilment
from comanda.stock.model import Level, Product
from comanda.times import later, stamp

type Totes = dict[str, tuple[Tote, int]]


class Shelf(Protocol):
    """Names and barcodes of goods, and the bins they lie in."""

    def products(self, skus: Iterable[str]) -> Mapping[str, Product]: ...

    def levels(self, skus: Iterable[str], location: str) -> Mapping[str, Level]: ...


class Settings(Protocol):
    def sections(self, names: Iterable[str]) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Who:
    """A picker: their id in the user pool, what colleagues call them (never an e-mail address), and the
    origin of what they do."""

    sub: str
    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Picking:
    """`waiting` are placed orders with something to ship, oldest first, read as they are come to; `orders`
    reads several by id, `by_number` finds ids by numbers; `known` tells whether a code is an article's of the
    shop."""

    store: WaveStore
    desk: Desk
    shelf: Shelf
    settings: Settings
    waiting: Callable[[], Iterator[Order]]
    orders: Callable[[Iterable[str]], dict[str, Order]]
    by_number: Callable[[Sequence[str]], dict[str, str]]
    known: Callable[[str], bool]
    short: ShortDesk
    now: Callable[[], datetime]

    @property
    def rules(self) -> Fulfilment:
        rules: Fulfilment = self.settings.sections(["fulfilment"])["fulfilment"]
        return rules

    @property
    def at(self) -> str:
        return stamp(self.now())

    @property
    def until(self) -> str:
        """How long a wave lasts in which something is done now."""
        return later(self.at, self.rules.wave_lease_seconds)

    def own(self, who: Who, wave_id: str) -> tuple[Wave, Totes]:
        """Somebody's own wave. Raises NotFound, also for one of another picker."""
        found = self.store.load(wave_id)
        if found is None or found[0].picker != who.sub:
            raise NotFound("no such wave of yours")
        return found
