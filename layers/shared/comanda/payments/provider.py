"""The port to payment providers: what each must be able to do, in no provider's own words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class ProviderRefused(Exception):
    """The provider said no, for good: sending the same again would not help. `code` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotTell(Exception):
    """Whether something has happened at the provider cannot be proved either way."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payment to begin. `key` is its idempotency key and, with the order, its reference there.

    `return_url` is the page that a customer who was sent away comes back to. `until` is the moment from
    which the order waits for this money no longer: what settles later must end there before it.
    `hosted`: where the provider has both, the customer is sent to its page, in `locale` and known by `email`.
    `hold`: the money is only authorised, and waits for us to capture it.
    """

    order_id: str
    effect_id: str
    number: str
    amount: int
    currency: str
    return_url: str = ""
    until: datetime | None = None
    hosted: bool = False
    locale: str = ""
    email: str = ""
    hold: bool = False

    @property
    def key(self) -> str:
        return f"{self.order_id}:{self.effect_id}"


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that waits for the customer. `action` is the contract's `payment_action`.

    `open_seconds` is how long the provider lets the customer come to it; 0 is for ever. After a decline
    the same payment is tried again, unless it is not `repeatable`: then another one begins.
    """

    ref: str
    action: dict[str, Any]
    open_seconds: int = 0
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class RefundWanted:
    """Money to give back of one charge of the payment `ref`."""

    order_id: str
    effect_id: str
    ref: str
    charge: str
    amount: int
    currency: str

    @property
    def key(self) -> str:
        return f"{self.order_id}:{self.effect_id}"


@dataclass(frozen=True, slots=True)
class Charge:
    """Money taken, or reserved when nothing is captured yet."""

    ref: str
    amount: int
    captured: int
    currency: str
    bank_ref: str = ""  # under which the customer's bank knows it


@dataclass(frozen=True, slots=True)
class Refund:
    ref: str
    charge: str
    amount: int
    currency: str
    status: str  # pending | ok | failed
    effect_id: str = ""  # empty: made by somebody else, such as in the provider's own pages
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    ref: str
    charge: str
    amount: int
    currency: str
    status: str  # open | won | lost
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """A payment as its provider has it. Amounts in minor units, currencies as ISO 4217 codes.

    `approved`: the customer has agreed and waits for us to take the money; `approval` tells one such
    agreement from the next. `open`: its page takes another payment, also when one has come.
    `capture_before`: when its bank lets go of what is authorised; `lapsed`: it has, nobody gave it up.
    """

    provider: str
    ref: str
    status: str  # pending | failed | approved | processing | authorized | succeeded | void
    amount: int
    currency: str
    order_id: str = ""  # what we wrote on it when it began
    effect_id: str = ""
    charges: tuple[Charge, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    failure: str = ""
    names_refunds: bool = True  # False: its refunds do not say which of our wishes they carry out
    approval: str = ""
    open: bool = False
    capture_before: datetime | None = None
    lapsed: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What a webhook or the provider's own list says that something happened to. `event_id` is empty where
    the list does not name the webhook that went with it."""

    event_id: str
    type: str
    ref: str = ""  # the payment; empty when the event is about something else
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook as it came: its bytes, its headers under lower-case names, its query string."""

    raw: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)


class PaymentProvider(Protocol):
    """A payment provider. Calls raise ProviderUnavailable when the provider cannot be reached or
    answers with a passing fault, and ProviderRefused when it says no for good.

    What begins or moves money takes an idempotency key and may be sent again under it for
    `keeps_keys` seconds, also when its first answer was lost; a new try after a refusal is carried out.
    """

    code: str
    keeps_keys: int

    def start(self, wanted: Wanted) -> Started:
        """Begin a payment that the customer completes."""
        ...

    def resume(self, ref: str) -> Started:
        """A payment that was begun before."""
        ...

    def fetch(self, ref: str) -> ProviderRecord | None:
        """The payment with its charges, refunds and disputes; None when there is none."""
        ...

    def find_by_reference(
        self, order_id: str, effect_id: str, since: datetime, until: datetime
    ) -> str | None:
        """The payment begun for this effect between two moments, or None when there surely is none.
        Raises CannotTell."""
        ...

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        """Everything that happened to payments between two moments, in any order; the provider keeps it
        for some weeks."""
        ...

    def capture(self, ref: str, amount: int, key: str) -> None:
        """Take authorised money, or that of a payment which its customer has approved."""
        ...

    def void(self, ref: str, key: str) -> None:
        """Give up a payment that has not been captured. One that the provider has forgotten since is given
        up already."""
        ...

    def close(self, ref: str, key: str) -> None:
        """Let nobody pay a second time what is paid; nothing where no provider would allow it."""
        ...

    def refund(self, wanted: RefundWanted) -> Refund:
        """Give captured money back."""
        ...

    def verify_webhook(self, notice: Notice, secrets: Sequence[str], now: datetime) -> None:
        """Raises BadSignature unless one of the active secrets signed this notice just now."""
        ...

    def parse_event(self, raw: bytes) -> Event:
        """What a verified webhook is about. Raises Malformed."""
        ...
