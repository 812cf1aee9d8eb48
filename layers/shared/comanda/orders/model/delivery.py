"""Delivery orders: what leaves one location for one promised date."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class DeliveryLine(Record):
    """Units of a line that a delivery order takes, shipped ones included.

    `picked` and `packed` are at hand now and leave with the parcel: packed ≤ picked ≤ quantity − shipped.
    """

    line_id: str
    quantity: int
    picked: int = 0
    packed: int = 0
    shipped: int = 0

    @property
    def open(self) -> int:
        return self.quantity - self.shipped


@dataclass(frozen=True, slots=True)
class PutBack(Record):
    """Picked units that are not the order's any more, and lie about until somebody puts them back onto the
    shelf. The line may be gone: `sku` and `name` are what it was."""

    delivery: int  # number of the delivery order that they were picked for
    line_id: str
    sku: str
    name: str
    location: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Delivery(Record):
    """`number` is its own within the order and never given again; `promised` a day, or empty."""

    number: int
    location: str
    promised: str = ""
    lines: tuple[DeliveryLine, ...] = ()

    def line(self, line_id: str) -> DeliveryLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    @property
    def open(self) -> int:
        return sum(line.open for line in self.lines)

    @property
    def done(self) -> bool:
        """Everything it took has left: what the order gets later goes into another."""
        return self.open == 0 and any(line.shipped for line in self.lines)
