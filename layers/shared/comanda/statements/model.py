"""What a bank's statement says, in one form whichever file it came in. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from comanda.canonical import digest
from comanda.orders.record import Record

type Format = Literal["csv", "camt053", "norma43"]
type Kind = Literal["credit", "debit", "returned", "reversed"]

LONGEST_TEXT = 500  # characters of a text that are kept
MOST_ENTRIES = 5_000
MOST_AMOUNT = 10**13  # minor units


@dataclass(frozen=True, slots=True)
class Account(Record):
    """An account in a file with the days it covers and its balances in minor units, where they are told.
    `name` is its IBAN or number as the bank writes it."""

    name: str
    currency: str
    first_day: str = ""
    last_day: str = ""
    opening: int | None = None
    closing: int | None = None


@dataclass(frozen=True, slots=True)
class StatementEntry(Record):
    """One movement. `kind`: credit is money that came in, debit money that went out, returned money that had
    come in and was taken back, reversed money that had gone out and came back.

    `references` are fields that hold a reference and nothing else; `bank_ref` is the bank's own. `entry_id`
    is its identity: the same movement in another file has the same.
    """

    account: str
    kind: Kind
    amount: int  # minor units, above nothing
    currency: str
    booked_on: str  # 2026-11-21
    value_on: str = ""
    payer: str = ""  # or whoever was paid
    payer_account: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    bank_ref: str = ""
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut(Record):
    """How many lines of a file were not taken as they are. `why`: not_booked (the bank has only announced
    them), not_itemised (several payments in one, which the bank does not tell apart), no_movement."""

    why: str
    count: int


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """What a file says."""

    format: Format
    accounts: tuple[Account, ...]
    entries: tuple[StatementEntry, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement(Record):
    """A file that was sent. `entries` are all movements in it, `added` those that no earlier file had
    brought; they follow one another from place 0. It is `whole` once all of them are in place."""

    statement_id: str
    format: str
    accounts: tuple[Account, ...]
    entries: int
    at: str
    actor: str
    left_out: tuple[LeftOut, ...] = ()
    added: int = 0
    whole: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Part(Record):
    """What an order gets of a movement that is split over several; minor units."""

    order_id: str
    number: str
    amount: int


@dataclass(frozen=True, slots=True)
class Decided(Record):
    """What people decided about a movement. `state`: open, confirming (somebody is at it until
    `lease_until`), confirmed, set_aside. `round` counts confirmations that were taken back: each has an
    identity of its own. `parts`: it was split over several orders, and `order_id` is empty."""

    entry_id: str
    state: str = "open"
    order_id: str = ""
    number: str = ""
    standing: str = ""
    payment_id: str = ""
    reason: str = ""
    at: str = ""
    actor: str = ""
    round: int = 1
    lease_until: str = ""
    revision: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def identity(self) -> str:
        """The name of its payment in an order's ledger, this time."""
        return f"bank-{self.entry_id}-{self.round}"

    def part_identity(self, place: int) -> str:
        """The name of the payment of a part, by its place from 0 on."""
        return f"{self.identity}-{place + 1}"


def identified(entries: Iterable[StatementEntry]) -> tuple[StatementEntry, ...]:
    """The entries with their identities.

    It is made of what the bank says of the movement; of movements that look all alike on one day the second
    is the second in every file that has the day from its beginning. A bank's own reference stands for the
    texts, which some banks write differently each time.
    """
    seen: Counter[str] = Counter()
    found = []
    for entry in entries:
        told = [entry.payer, entry.payer_account, entry.text, entry.value_on, *entry.references]
        who = [entry.bank_ref] if entry.bank_ref else told
        look = digest([entry.account, entry.booked_on, entry.kind, entry.amount, entry.currency, *who])
        seen[look] += 1
        found.append(replace(entry, entry_id=digest([look, seen[look]])[:32]))
    return tuple(found)


def one_line(*parts: str) -> str:
    """The texts with single spaces between, cut to what is kept."""
    return " ".join(" ".join(parts).split())[:LONGEST_TEXT]


def kind_of(*, came: bool, back: bool) -> Kind:
    """What a movement is; `back`: the bank says that it takes an earlier one back."""
    if came:
        return "reversed" if back else "credit"
    return "returned" if back else "debit"
