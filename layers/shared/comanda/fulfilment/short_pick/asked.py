"""What is said of units that were not found, and what judging it takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from comanda.ids import NewId
from comanda.orders.edits.work_out import EditShelf
from comanda.settings.sections import ShortPick as Rules
from comanda.stock.model import Adjustment, Level, Product
from comanda.stock.places import Look, Spot

type Reason = Literal["missing", "damaged", "misplaced"]
type Policy = Literal["backorder", "refund", "substitute"]

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
    whichever has the units. An empty `policy` is the shop's. `substitute` is the SKU that takes the place of
    all these units, where the policy is that; empty: what the shop's settings name. With a `short_id` of the
    caller's own it happens once for good. `note` is for the staff."""

    lines: tuple[ShortUnits, ...]
    reason: Reason
    delivery: int = 0
    policy: Policy | None = None
    note: str = ""
    short_id: str = ""
    substitute: str = ""


class Shelves(Protocol):
    """Where units are kept, and how many."""

    def look(self, skus: Iterable[str], home: str) -> Look: ...

    def shelf(self, sku: str, home: str) -> tuple[Product | None, Mapping[Spot, Level]]: ...


@dataclass(frozen=True, slots=True)
class ShortDesk:
    """`write` puts a correction of stock into a transaction, `rules` are the shop's; `seen` tells
    whether something (by its identity) has happened to an order before. `on_sale` reads products by SKU, at
    the prices of a customer (empty: a guest)."""

    stock: Shelves
    seen: Callable[[str, str], bool]
    rules: Callable[[], Rules]
    write: Callable[[Any, Adjustment], None]
    new_id: NewId
    on_sale: Callable[[Iterable[str], str], EditShelf]
