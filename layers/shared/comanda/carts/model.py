"""A cart, as pure data. Prices are not kept: a cart is priced each time it is looked at."""

from dataclasses import dataclass, field, replace

MOST_LINES = 80  # what an order's one transaction has room for


@dataclass(frozen=True, slots=True)
class CartLine:
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """Units of a SKU that a cart has reserved, and where they lie."""

    sku: str
    location: str
    shard: int
    units: int


@dataclass(frozen=True, slots=True)
class Cart:
    """`contact` is personal data: it stays in the Carts table. `ordered`: an order was made of it.

    `held` is reserved for the cart until `held_until`, and given back by the sweep after that.
    `taken` tells which of the staff took it over: {by, at, order_id}; empty while nobody has.
    """

    cart_id: str
    lines: tuple[CartLine, ...] = ()
    contact: dict[str, str] = field(default_factory=dict)
    locale: str = "es"
    created_at: str = ""
    updated_at: str = ""
    version: int = 0
    ordered: bool = False
    taken: dict[str, str] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    held_until: str = ""

    @property
    def open(self) -> bool:
        """Staff may see it and take it over."""
        return bool(self.contact and self.lines) and not self.ordered and not self.taken

    @property
    def in_checkout(self) -> bool:
        """Its customer has begun to order: said who they are, or holds units already."""
        return bool(self.contact or self.held)

    def quantity_of(self, sku: str) -> int:
        return next((line.quantity for line in self.lines if line.sku == sku), 0)

    def with_line(self, sku: str, quantity: int) -> "Cart":
        """The cart with exactly `quantity` of a product; 0 removes it. Lines keep their order."""
        if quantity and not self.quantity_of(sku):
            return replace(self, lines=(*self.lines, CartLine(sku, quantity)))
        changed = (CartLine(sku, quantity) if line.sku == sku else line for line in self.lines)
        return replace(self, lines=tuple(line for line in changed if line.quantity))
