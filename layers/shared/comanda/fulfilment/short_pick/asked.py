"""What is said of units that were not found, and what judging it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from comanda.ids import NewId
from comanda.settings.sections import ShortPick as Rules
from comanda.stock.model import Adjustment, Level, Product
from comanda.stock.places import Look, Spot

type Reason = Literal["missing", "damaged", "misplaced"]
type Policy = Literal["backorder", "refund"]

ELSEWHERE = frozenset({"missing", "misplaced"})  # others of the same shelf are not there either


@dataclass(frozen=True, slots=True)
class ShortUnits:
    """Units of one line, named by its id, or by a SKU that is on one line only. Of a bundle `article` is the
    SKU of the part that is not there; without, all of its parts are meant."""

    quantity: int
    line_id: str = ""
    sku: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class ShortPick:
    """What somebody at the shelf says. `delivery` is the delivery order that they stand there for, 0: of
    whichever has the units. An empty `policy` is the shop's. With a `short_id` of the caller's own it
    happens once for good. `note` is for the staff."""

    lines: tuple[ShortUnits, ...]
    reason: Reason
    delivery: int = 0
    policy: Policy | None = None
    note: str = ""
    short_id: str = ""


class Shelves(Protocol):
    """Where units are kept, and how many."""

    def look(self, skus: Iterable[str], home: str) -> Look: ...

    def shelf(self, sku: str, home: str) -> tuple[Product | None, Mapping[Spot, Level]]: ...


@dataclass(frozen=True, slots=True)
class ShortDesk:
    """`write` puts a correction of stock into a transaction, `rules` are the shop's; `seen` tells
    whether something (by its identity) has happened to an order before."""

    stock: Shelves
    seen: Callable[[str, str], bool]
    rules: Callable[[], Rules]
    write: Callable[[Any, Adjustment], None]
    new_id: NewId
