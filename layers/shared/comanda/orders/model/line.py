"""A line of an order, where its units are, and what a bundle is made of."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class Component(Record):
    """What a bundle is made of: units per unit of the bundle; `tracked`: stock is counted for it."""

    sku: str
    quantity: int
    tracked: bool = True


@dataclass(frozen=True, slots=True)
class Held(Record):
    """Units that are set aside, and where they lie."""

    sku: str
    location: str
    shard: int = 0
    reserved: int = 0
    allocated: int = 0


@dataclass(frozen=True, slots=True)
class Line(Record):
    """One line. Counters say where its units are; shipped ≤ allocated-so-far ≤ quantity − cancelled.

    `reserved` and `allocated` count units held in stock now; what is shipped has left both.
    """

    line_id: str
    sku: str
    name: str
    quantity: int
    unit_price: int
    subtotal: int  # unit_price × quantity
    discount: int  # this line's share of the order's discount
    tax: int
    tax_ppm: int
    total: int  # what the customer pays for the line, tax included
    tracked: bool = True  # stock is counted for this SKU
    weight_grams: int = 0
    barcode: str = ""
    location: str = ""
    reserved: int = 0
    allocated: int = 0
    picked: int = 0
    shipped: int = 0
    delivered: int = 0
    cancelled: int = 0
    returned: int = 0
    components: tuple[Component, ...] = ()  # of a bundle
    held: tuple[Held, ...] = ()  # where its units lie; empty: at `location`, in `shard`
    shard: int = 0
    backordered: int = 0  # sold beyond the stock: they wait for units to come in
    promised_at: str = ""  # the date by which they are promised
    packed: int = 0  # of those picked; both are at hand now and leave with the parcel

    @property
    def wanted(self) -> int:
        """Units the customer still is to get or has got."""
        return self.quantity - self.cancelled

    @property
    def to_ship(self) -> int:
        return self.quantity - self.cancelled - self.shipped
