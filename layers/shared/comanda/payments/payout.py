"""What a provider pays out to the merchant's bank, line by line, in no provider's own words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

CHARGE, REFUND, REFUND_FAILED, DISPUTE, FEE, OTHER = (
    "charge",
    "refund",
    "refund_failed",
    "dispute",
    "fee",
    "other",
)
BEFORE, LEFT = "before", "left"  # what lay on the balance before the first line, and what stays on it


class NotReady(Exception):
    """The provider puts together what it was asked for; it is asked again at the next look."""


@dataclass(frozen=True, slots=True)
class Payout:
    """Money on its way to the bank; below nothing where it is taken from there. Minor units, ISO 4217.

    `status`: pending | in_transit | paid | failed | canceled. `listed`: yes | not_yet | never, whether the
    provider says what is in it. `arrives_on` is a day (`2026-11-22`), `bank_ref` what its bank calls it.
    """

    provider: str
    ref: str
    status: str
    amount: int
    currency: str
    created_at: str
    arrives_on: str
    listed: str = "yes"
    bank_ref: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One movement in a payout: `amount` less `fee` is `net`, in the currency of the payout.

    `source` is the provider's id of the charge, refund or dispute behind it, `payment` that of its payment,
    `own_amount` and `own_currency` what the source itself is of, before any exchange. `fee` is None where
    the provider does not tell it. `what` are the provider's own words.
    """

    ref: str
    kind: str
    amount: int
    fee: int | None
    net: int
    currency: str
    at: str
    source: str = ""
    payment: str = ""
    order_id: str = ""
    own_amount: int = 0
    own_currency: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class SeenDispute:
    """A dispute as its provider tells it. `status`: open | answered | won | lost; `due_at` is until when it
    can be answered, empty where nobody says; `url` is its page at the provider."""

    provider: str
    ref: str
    status: str
    amount: int
    currency: str
    opened_at: str
    charge: str = ""
    order_id: str = ""
    reason: str = ""
    due_at: str = ""
    url: str = ""


class PayoutSource(Protocol):
    """A provider that tells what it pays out, and its disputes. Raises ProviderUnavailable,
    ProviderRefused, and NotReady where it has begun to put together what there is."""

    def payouts(self, since: datetime, until: datetime) -> Iterator[Payout]:
        """The payouts that were begun between two moments, in any order."""
        ...

    def payout_lines(self, payout: Payout) -> Iterator[PayoutLine]:
        """What is in a payout that is listed, without the payout's own movement."""
        ...

    def disputes(self, since: datetime, until: datetime) -> Iterator[SeenDispute]:
        """The disputes that were opened between two moments, in any order."""
        ...
