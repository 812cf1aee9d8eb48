"""What stands on an order: its holds, an end asked for, its exports, the code it used."""

from dataclasses import dataclass

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class Hint(Record):
    """What a rule of the settings found; `orders` are others that it concerns. No personal data."""

    rule: str
    detail: str = ""
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold(Record):
    hold_id: str
    reason: str
    opened_at: str
    opened_by: str
    closed_at: str = ""
    closed_by: str = ""
    note: str = ""  # name of the personal text that explains it
    detail: str = ""  # machine-made, no personal data
    hints: tuple[Hint, ...] = ()  # of a hold by rule

    @property
    def open(self) -> bool:
        return not self.closed_at


@dataclass(frozen=True, slots=True)
class SaidFine(Record):
    """Staff said that an address is right as it stands: `digest` is that of this very text."""

    digest: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Ending(Record):
    """The order is to end, but open attempts to pay are voided first: a payment in progress wins."""

    kind: str  # expired | cancelled | rejected
    reason: str
    asked_by: str
    restock: bool = True
    refund: bool = True


@dataclass(frozen=True, slots=True)
class Exported(Record):
    destination: str
    batch: str
    version: int
    at: str


@dataclass(frozen=True, slots=True)
class CodeUse(Record):
    """The use of a discount code that this order stands for, given back when the order ends unfulfilled."""

    code: str
    customer_id: str
    shard: int
