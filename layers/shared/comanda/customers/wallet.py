"""Money that the shop owes: a customer's store credit, a gift card. Entries are only ever added, each
under the identity of its effect, and no balance goes below nothing."""

from dataclasses import dataclass

from comanda.canonical import sha256

CREDIT, CARD = "credit", "gift_card"  # what the ledger of an order calls them: its providers
OPEN, DISABLED = "open", "disabled"
MERGED = "merged"  # its customer was merged into another: nothing is put in or taken out any more


@dataclass(frozen=True, slots=True)
class Account:
    """Whose money in which currency. `name` is how an order's ledger names it: `credit:…`, `gift_card:…`."""

    kind: str
    owner: str
    currency: str

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.owner}"

    @property
    def pk(self) -> str:
        return f"{'CUSTOMER' if self.kind == CREDIT else 'GIFT'}#{self.owner}"

    @property
    def sk(self) -> str:
        return f"{'CREDIT' if self.kind == CREDIT else 'CARD'}#{self.currency}"


@dataclass(frozen=True, slots=True)
class Wallet:
    """An account with what is in it, in minor units."""

    account: Account
    balance: int = 0
    state: str = OPEN
    there: bool = False  # somebody has put money into it before
    merged_into: str = ""  # the customer who has what was in it

    @property
    def usable(self) -> int:
        return self.balance if self.state == OPEN else 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry: `amount` in minor units, negative when money is spent. `identity` counts once for ever."""

    account: Account
    amount: int
    identity: str
    at: str
    actor: str
    reason: str = ""
    order_id: str = ""


def named(name: str, currency: str) -> Account:
    """The account of a ledger entry's `wallet`."""
    kind, _, owner = name.partition(":")
    return Account(kind, owner, currency)


def card_of(code: str, currency: str) -> Account:
    """The account of a gift card; its code is never stored, only this hash of it."""
    return Account(CARD, sha256(f"gift:{''.join(code.split()).replace('-', '').upper()}"), currency)
