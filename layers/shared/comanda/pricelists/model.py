"""What price lists say, as pure data. Prices in minor units, quantities in units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comanda.money import fraction_of

EVERYONE = "everyone"  # the list that counts for all, guests too


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list of a group says of a product; what it leaves open the list for everyone decides.

    `breaks` are pairs of quantity and unit price, rising: from so many units on each costs so much.
    """

    group: str
    sku: str
    breaks: tuple[tuple[int, int], ...] = ()
    units_per_box: int | None = None
    minimum_quantity: int | None = None
    version: int = 0
    changed_at: str = ""
    changed_by: str = ""

    @property
    def empty(self) -> bool:
        return not self.breaks and self.units_per_box is None and self.minimum_quantity is None

    def says(self) -> dict[str, Any]:
        names = ("breaks", "units_per_box", "minimum_quantity")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Rule:
    """Which quantities of a product can be ordered: whole boxes, and not too few."""

    box: int = 1
    minimum: int = 1

    @property
    def smallest(self) -> int:
        return -(-self.minimum // self.box) * self.box

    def fits(self, quantity: int) -> bool:
        return quantity >= self.smallest and quantity % self.box == 0

    def nearest(self, quantity: int) -> list[int]:
        """The next quantities below and above that can be ordered."""
        below = quantity // self.box * self.box
        return [below, below + self.box] if below >= self.smallest else [self.smallest]

    def refusal(self, sku: str, quantity: int) -> dict[str, Any]:
        """Why a quantity does not fit, for the problem's errors; the pointer is the caller's."""
        near = self.nearest(quantity)
        boxes = f"comes in boxes of {self.box}" if self.box > 1 else ""
        least = f"takes {self.minimum} at least" if self.minimum > 1 else ""
        why = " and ".join(part for part in (boxes, least) if part)
        told = f"{sku} {why}: order {' or '.join(str(one) for one in near)} instead of {quantity}"
        return {"detail": told, "quantities": near}


@dataclass(frozen=True, slots=True)
class Tariff:
    """The lists that count for a buyer: `lists` by SKU, the buyer's own before everyone's.

    `percent_ppm` comes off the product's price where no list names one. `minimum_order`: goods of an
    order are worth so much at least.
    """

    lists: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    percent_ppm: int = 0
    minimum_order: int = 0

    def unit_price(self, sku: str, price: int, quantity: int) -> int:
        """What one unit costs when `quantity` are bought; `price` is the product's own."""
        for entry in self.lists.get(sku, ()):
            reached = [amount for start, amount in entry.breaks if start <= quantity]
            if reached:
                return reached[-1]
        return price - fraction_of(price, self.percent_ppm)

    def breaks(self, sku: str, price: int) -> list[tuple[int, int]]:
        """Every quantity at which the unit price changes, with that price."""
        starts = {1} | {start for entry in self.lists.get(sku, ()) for start, _ in entry.breaks}
        found: list[tuple[int, int]] = []
        for start in sorted(starts):
            amount = self.unit_price(sku, price, start)
            if not found or found[-1][1] != amount:
                found.append((start, amount))
        return found

    def rule(self, sku: str) -> Rule:
        entries = self.lists.get(sku, ())
        boxes = (entry.units_per_box for entry in entries if entry.units_per_box is not None)
        least = (entry.minimum_quantity for entry in entries if entry.minimum_quantity is not None)
        return Rule(next(boxes, 1), next(least, 1))
