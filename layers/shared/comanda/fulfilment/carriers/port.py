"""What we ask of a carrier's account, whoever it is: the port, its records and its errors. Pure.

Money in minor units with its ISO 4217 code, weights in grams, sizes in millimetres, times RFC 3339 in UTC
unless a record says otherwise. Nothing here holds a state: an adapter translates, and the label's
effect (`comanda.fulfilment.labels`) decides what is repeated.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

type Format = Literal["pdf", "zpl", "png"]
type Voiding = Literal["voided", "submitted"]


class CarrierError(Exception):
    """What a carrier's account could not do. `reason` is for the staff, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unavailable(CarrierError):
    """It could not be asked, or did not take the request in: nothing has happened there, ask again later.
    Never raised by `buy`, `void` or `request_pickup` once the request may have been taken in."""


class Refused(CarrierError):
    """It says no, and nothing has happened there: a wrong address, a service that is not offered, no money in
    the account. The same request will be refused again."""


class CannotTell(CarrierError):
    """The request may have been taken in (no answer, a broken one), or it cannot be found out what came of an
    earlier one. Whoever asked looks with `find` before asking again."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who sends or receives, with the address. Personal data: never in a fact, an effect or a log."""

    name: str
    line1: str
    city: str
    country: str  # ISO 3166 alpha-2
    postal_code: str = ""
    state: str = ""
    line2: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One parcel: its weight, and its outer size. A size of 0 is not known."""

    weight_grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, slots=True)
class Goods:
    """What is in a parcel, for customs: `amount` is what one unit is worth."""

    description: str
    quantity: int
    amount: int
    currency: str
    weight_grams: int = 0  # of one unit; 0: not known
    origin: str = ""  # ISO 3166 alpha-2; empty: not known
    tariff_code: str = ""


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What is asked before a label is bought, one parcel at a time. `reference` is ours, and tells nothing
    of the customer (an order's number)."""

    sender: Contact
    recipient: Contact
    box: Box
    goods: tuple[Goods, ...] = ()
    reference: str = ""
    currency: str = ""  # what is wanted; an account answers in its own all the same


@dataclass(frozen=True, slots=True)
class Rate:
    """One service of one carrier for one parcel.

    `account` is the code of the account that was asked (`easypost`, `ups` …), `carrier` that of who carries
    it (`comanda.fulfilment.carriers.carrier_code`), `service` the account's own word, which `buy` takes.
    """

    account: str
    carrier: str
    service: str
    amount: int
    currency: str
    title: str = ""  # of the service, as people read it
    days: int | None = None  # in transit, as far as it is promised
    arrives_on: str = ""  # a day (YYYY-MM-DD), as far as it is promised


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """One label wanted for one parcel.

    `reference` names it for good: it is the effect's (order id and effect id, at most 35 characters of
    `[0-9A-Za-z-]`), goes to the carrier as our reference, and as its idempotency key where it has one.
    """

    reference: str
    sender: Contact
    recipient: Contact
    box: Box
    carrier: str
    service: str
    goods: tuple[Goods, ...] = ()
    format: Format = "pdf"
    printed: str = ""  # what people read on the label beside the addresses: the order's number


@dataclass(frozen=True, slots=True)
class LabelFile:
    content: bytes
    format: Format


@dataclass(frozen=True, slots=True)
class Label:
    """A label that was bought. `ref` is the account's own id of it, which `file` and `void` take.

    `file` is there when the answer held it; else it is fetched by `Carrier.file`.
    """

    ref: str
    carrier: str
    service: str
    tracking_number: str
    amount: int
    currency: str
    tracking_url: str = ""
    arrives_on: str = ""
    void: Literal["", "submitted", "voided", "refused"] = ""  # what became of its voiding
    file: LabelFile | None = None


@dataclass(frozen=True, slots=True)
class PickupRequest:
    """A van is wanted: `day` (YYYY-MM-DD) and the hours (HH:MM) are of the place itself. `labels` are the
    `ref` of what is to be fetched. `reference` is as in LabelRequest."""

    reference: str
    place: Contact
    carrier: str
    day: str
    ready_from: str
    ready_until: str
    boxes: tuple[Box, ...]
    labels: tuple[str, ...] = ()
    note: str = ""
    offset: str = "+00:00"  # of the place on that day


@dataclass(frozen=True, slots=True)
class Pickup:
    """A van that will come. `confirmation` is what the driver and the carrier's people know it by."""

    ref: str
    confirmation: str
    amount: int = 0
    currency: str = ""


class Carrier(Protocol):
    """One account at one carrier or at a broker of several. Every method raises Unavailable, Refused or
    CannotTell as these say, and nothing else for what the carrier does."""

    @property
    def code(self) -> str: ...

    def rates(self, wanted: RateRequest) -> tuple[Rate, ...]:
        """Services that this account offers for one parcel, with what they cost; none is a fair answer. Costs
        nothing and binds nobody."""
        ...

    def prepare(self, wanted: LabelRequest) -> str:
        """Where a carrier sells in two steps, do the first, which costs nothing, and return its handle: it is
        kept before `buy`, so that buying the same one twice is one purchase. Empty where there is none."""
        ...

    def buy(self, wanted: LabelRequest, prepared: str) -> Label:
        """Buy it. Must be one purchase when repeated with the same `prepared` (if not empty); a second call
        may then answer the first one's label."""
        ...

    def find(self, reference: str, prepared: str) -> Label | None:
        """What was bought under our reference (`prepared` as `prepare` gave it, or empty). None only when it
        is proven that nothing was; CannotTell when the carrier offers no way to know."""
        ...

    def file(self, ref: str, tracking_number: str, wanted: Format) -> LabelFile:
        """The label to be printed, in `wanted` if the carrier has it so, else in what it has."""
        ...

    def void(self, ref: str, tracking_number: str) -> Voiding:
        """Give an unused label back. Repeating it is harmless: one that is void already is `voided`. Refused
        when the carrier does not take it back (it was scanned, too late)."""
        ...

    def request_pickup(self, wanted: PickupRequest) -> Pickup:
        """Ask for a van. CannotTell is not repeated by itself: a second van costs money too."""
        ...
