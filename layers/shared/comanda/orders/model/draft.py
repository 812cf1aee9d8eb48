"""What a draft asks for."""

from dataclasses import dataclass

from comanda.orders.record import Record

ALL_CREDIT = -1


@dataclass(frozen=True, slots=True)
class DraftLine(Record):
    """A product that a draft asks for. `unit_price` was agreed for this order; None: the price of the day."""

    sku: str
    quantity: int
    unit_price: int | None = None


@dataclass(frozen=True, slots=True)
class DraftCharge(Record):
    """A discount or surcharge that staff gave by hand; the customer reads its title."""

    kind: str  # discount | surcharge
    title: str
    amount: int


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """What an order that is not placed yet asks for, as far as it is known. Empty: not decided."""

    lines: tuple[DraftLine, ...] = ()
    method: str = ""
    delivery: str = ""
    delivery_slot: str = ""
    discount_code: str = ""
    expires_at: str = ""  # of the quotation that was sent of it
    serial: int = 0  # of its newest link
    credit: int = 0  # store credit to spend beside the method, in minor units; ALL_CREDIT: what there is
    charges: tuple[DraftCharge, ...] = ()
