"""What an order is: immutable data, written and read as plain JSON. Money in minor units of `currency`."""

from dataclasses import dataclass, field
from typing import Any, Self

from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.record import Record
from comanda.orders.vocabulary import Channel, Fulfilment, Lifecycle, Method, Payment, Returns

SCHEMA = 1


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

    @property
    def wanted(self) -> int:
        """Units the customer still is to get or has got."""
        return self.quantity - self.cancelled

    @property
    def to_ship(self) -> int:
        return self.quantity - self.cancelled - self.shipped


@dataclass(frozen=True, slots=True)
class Charge(Record):
    """A discount, surcharge or shipping line with its tax, as charged. `kind` says which.

    A discount with `lines` (line ids) was taken from those alone.
    """

    kind: str  # discount | surcharge | shipping
    code: str
    title: str
    amount: int
    tax: int = 0
    tax_ppm: int = 0
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxLine(Record):
    rate_ppm: int
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals(Record):
    """total = subtotal − discount + surcharge + shipping (+ tax when prices do not contain it)."""

    subtotal: int
    discount: int
    surcharge: int
    shipping: int
    tax: int
    total: int
    tax_included: bool


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

    @property
    def open(self) -> bool:
        return not self.closed_at


@dataclass(frozen=True, slots=True)
class RefundLine(Record):
    """Units of a line that are given back, with their share of its price, tax and discount as charged."""

    line_id: str
    quantity: int
    amount: int  # what the customer gets for them, tax included
    tax: int
    discount: int


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """One line of the payment ledger. Statuses: granted · pending · processing · ok · foreign · failed ·
    void; foreign is money in another currency than the order's.

    `entry_id` is the identity of the effect (`stripe:charge:ch_…`), so the same money is never
    counted twice. `kind`: intent | authorization | capture | refund | dispute | fee | grant. A grant is
    the decision to give money back; it is no money itself, its refunds are (`grant` names it on both).
    """

    entry_id: str
    kind: str
    method: str
    provider: str
    amount: int
    currency: str
    status: str
    at: str
    ref: str = ""  # the provider's id
    parent: str = ""  # the provider's id of the intent or charge this belongs to
    reference: str = ""  # name of the personal text with what staff noted as the bank's reference
    reason: str = ""
    bank_ref: str = ""  # the bank's own reference as the provider reports it
    grant: str = ""  # id of the granted refund that this is, or is part of
    destination: str = ""  # of a grant: original | credit | elsewhere
    lines: tuple[RefundLine, ...] = ()  # of a grant by lines
    shipping: int = 0  # of a grant: how much of it is shipping
    wallet: str = ""  # whose store credit, or which gift card, this comes from or goes to


@dataclass(frozen=True, slots=True)
class ShipmentLine(Record):
    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shipment(Record):
    """One parcel on its way. `scan_*` is the greatest scan so far (terminal, time, rank)."""

    shipment_id: str
    carrier: str
    tracking_number: str
    lines: tuple[ShipmentLine, ...]
    shipped_at: str
    status: str = "shipped"
    tracking_url: str = ""
    expected_at: str = ""
    scan_terminal: bool = False
    scan_at: str = ""
    scan_rank: int = 0
    delivered_at: str = ""  # the last time the carrier said so; stays when the parcel comes back

    @property
    def tracking_key(self) -> str:
        return tracking_key(self.tracking_number)


def tracking_key(number: str) -> str:
    """How a tracking number is looked up: people write it with spaces and in any case."""
    return "".join(number.split()).upper()


@dataclass(frozen=True, slots=True)
class Exported(Record):
    destination: str
    batch: str
    version: int
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
class CodeUse(Record):
    """The use of a discount code that this order stands for, given back when the order ends unfulfilled."""

    code: str
    customer_id: str
    shard: int


@dataclass(frozen=True, slots=True)
class Terms(Record):
    """What the shop's settings said when the order was placed; later changes do not reach it."""

    approval: str = "manual"  # manual | automatic
    verify_by: str = ""
    remind_at: str = ""
    pay_by: str = ""
    pay_seconds: int = 0
    remind_seconds: int = 0
    ship_before_payment: bool = False
    payable: bool = True  # False: an order request that asks for no money
    receipt: bool = True
    link_seconds: int = 14 * 86_400  # how long mailed links work
    notify_merchant: str = "verified"  # placed | verified
    reserve_on: str = "placed"  # placed | confirmed
    rounding: str = "line"  # line | total: how tax is rounded
    hold_seconds: int = 0  # how long an unpaid order keeps its units; 0: as long as it lives
    on_credit: bool = False  # goods first: the customer pays by `due_at`
    due_at: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine(Record):
    """A product that a draft asks for. `unit_price` was agreed for this order; None: the price of the day."""

    sku: str
    quantity: int
    unit_price: int | None = None


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


@dataclass(frozen=True, slots=True)
class Order(Record):
    """The aggregate: the snapshot, with its ledger entries and shipments (items of their own)."""

    order_id: str
    number: str
    currency: str
    channel: Channel
    locale: str
    lifecycle: Lifecycle
    method: Method
    delivery: str
    created_at: str
    updated_at: str
    lines: tuple[Line, ...]
    charges: tuple[Charge, ...]
    tax_lines: tuple[TaxLine, ...]
    totals: Totals
    terms: Terms
    personal: dict[str, str] = field(default_factory=dict)  # name of the text → its salted digest
    privacy: str = ""  # version of the policy that was accepted
    customer_id: str = ""
    verified: bool = False
    approved: bool = False
    announced: bool = False  # the merchant was told
    reminded: bool = False
    run: int = 0
    token_version: int = 1
    link_serial: int = 1  # raised when a new verification link replaces the old one
    holds: tuple[Hold, ...] = ()
    exported: tuple[Exported, ...] = ()
    ending: Ending | None = None
    reserved_until: str = ""  # when an unpaid order gives its units back
    reservation: str = ""  # ending (attempts to pay are being voided) | expired
    edit: OpenEdit | None = None  # the open change set
    edits: int = 0  # how many there have been
    waived: int = 0  # of the total: had been paid and was given back before the last edit, is not asked for
    given_back: int = 0  # refunds up to the last edit
    cancel_reason: str = ""
    discount_code: str = ""
    code_use: CodeUse | None = None
    delivery_slot: str = ""  # the time the customer chose, in the shop's words
    warnings: tuple[str, ...] = ()
    payment: Payment = Payment.NONE
    fulfilment: Fulfilment = Fulfilment.UNFULFILLED
    returns: Returns = Returns.NONE
    draft: Draft | None = None  # until it is placed
    assigned: str = ""  # to a salesperson or a team, by name
    tags: tuple[str, ...] = ()
    made_of: str = ""  # `order:<id>` that it repeats
    schema: int = SCHEMA
    revision: int = 0
    version: int = 0
    head_hash: str = ""
    facts: int = 0  # how many facts the history holds
    ledger: tuple[Entry, ...] = ()
    shipments: tuple[Shipment, ...] = ()

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    @property
    def open_holds(self) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.holds if hold.open)

    def snapshot(self) -> dict[str, Any]:
        """The stored snapshot: everything but the ledger and the shipments."""
        data = self.to_dict()
        data.pop("ledger", None)
        data.pop("shipments", None)
        return data

    @classmethod
    def from_parts(
        cls, snapshot: dict[str, Any], ledger: list[dict[str, Any]], shipments: list[dict[str, Any]]
    ) -> Self:
        return cls.from_dict(snapshot | {"ledger": ledger, "shipments": shipments})
