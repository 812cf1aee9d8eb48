"""The order itself: the aggregate of all its parts."""

from dataclasses import dataclass, field
from typing import Any, Self

from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.model.carriage import Carriage
from comanda.orders.model.delivery import Delivery, PutBack
from comanda.orders.model.draft import Draft
from comanda.orders.model.ledger import Entry
from comanda.orders.model.line import Line
from comanda.orders.model.marks import CodeUse, Ending, Exported, Hold, SaidFine
from comanda.orders.model.pickup import Pickup
from comanda.orders.model.shipment import Shipment
from comanda.orders.model.shipping_label import ShippingLabel
from comanda.orders.model.sums import Charge, TaxLine, Totals
from comanda.orders.model.terms import Terms
from comanda.orders.record import Record
from comanda.orders.vocabulary import Channel, Fulfilment, Lifecycle, Method, Payment, Returns

SCHEMA = 1


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
    without_mail: bool = False  # taken down by telephone for a customer who has no e-mail address
    money: str = ""  # what its money waits for beside the payment axis: see derive.MARKS
    deliveries: tuple[Delivery, ...] = ()  # delivery orders, where the lines alone do not tell them
    told_ready: tuple[int, ...] = ()  # delivery orders whose customer was told that they are ready to leave
    put_back: tuple[PutBack, ...] = ()  # picked, and not the order's any more: to go back onto the shelf
    pickup: Pickup | None = None  # what waits at the counter, and who came for it
    address_fine: SaidFine | None = None  # of the address it is sent to
    shipping_labels: tuple[ShippingLabel, ...] = ()
    carriage: Carriage | None = None  # the carrier's service that the customer chose at checkout
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
