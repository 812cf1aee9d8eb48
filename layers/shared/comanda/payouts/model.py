"""A payout as it is kept, what its lines add up to, and whether each is what our ledger says. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from comanda.orders.model import Entry, Order
from comanda.payments.payout import CHARGE, DISPUTE, FEE, REFUND, REFUND_FAILED, Payout, PayoutLine

TIED, NOTHING_TO_TIE = "tied", "none"
# differences
NO_ORDER, NOT_IN_LEDGER, AMOUNT, FEE_UNKNOWN = "no_order", "not_in_ledger", "amount", "fee_unknown"
DIFFERENCES = (NO_ORDER, NOT_IN_LEDGER, AMOUNT, FEE_UNKNOWN)
ENTRIES = {CHARGE: "capture", REFUND: "refund", REFUND_FAILED: "refund", DISPUTE: "dispute"}


@dataclass(frozen=True, slots=True)
class TiedLine:
    """A line with what it was found to be of. `expected` is the ledger's amount where it differs."""

    line: PayoutLine
    tie: str
    number: str = ""
    entry_id: str = ""
    expected: int | None = None

    @property
    def differs(self) -> bool:
        return self.tie in DIFFERENCES

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Self:
        return cls(**(found | {"line": PayoutLine(**found["line"])}))


@dataclass(frozen=True, slots=True)
class Sums:
    """`charges + refunds + disputes + other - fees` is what goes to the bank. Refunds and lost disputes
    are below nothing."""

    lines: int = 0
    charges: int = 0
    refunds: int = 0
    disputes: int = 0
    other: int = 0
    fees: int = 0
    net: int = 0
    differences: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A payout with the sums of its lines. `missing` is what its lines lack to its amount, None while
    nobody can tell."""

    payout: Payout
    sums: Sums = field(default_factory=Sums)
    missing: int | None = None
    seen_at: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing more is to be found out about it."""
        listed = self.payout.listed == "never" or self.missing == 0
        return listed and not self.sums.differences

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Self:
        return cls(Payout(**found["payout"]), Sums(**found["sums"]), found["missing"], found["seen_at"])


def kept(payout: Payout, lines: Iterable[TiedLine], seen_at: str) -> Kept:
    """The payout with the sums of these lines."""
    sums = sums_of(lines)
    return Kept(payout, sums, payout.amount - sums.net if payout.listed == "yes" else None, seen_at)


def sums_of(lines: Iterable[TiedLine]) -> Sums:
    """What lines add up to; a fee that is a movement of its own counts as a fee."""
    sums = Sums()
    for tied in lines:
        line, fee = tied.line, tied.line.fee or 0
        sums = replace(
            sums,
            lines=sums.lines + 1,
            charges=sums.charges + (line.amount if line.kind == CHARGE else 0),
            refunds=sums.refunds + (line.amount if line.kind in (REFUND, REFUND_FAILED) else 0),
            disputes=sums.disputes + (line.amount if line.kind == DISPUTE else 0),
            other=sums.other + (line.amount if line.kind not in (*ENTRIES, FEE) else 0),
            fees=sums.fees + fee - (line.amount if line.kind == FEE else 0),
            net=sums.net + line.net,
            differences=sums.differences + tied.differs,
        )
    return sums


def tie(line: PayoutLine, provider: str, order: Order | None) -> TiedLine:
    """The line held against the ledger of the order that its payment names."""
    kind = ENTRIES.get(line.kind)
    if kind is None:
        return TiedLine(line, NOTHING_TO_TIE)
    if order is None:
        return TiedLine(line, NO_ORDER)
    entry = _entry(order.ledger, kind, provider, line.source)
    if entry is None:
        return TiedLine(line, NOT_IN_LEDGER, order.number)
    tied = TiedLine(line, TIED, order.number, entry.entry_id)
    if (entry.amount, entry.currency) != (abs(line.own_amount), line.own_currency):
        return replace(tied, tie=AMOUNT, expected=entry.amount)
    return replace(tied, tie=FEE_UNKNOWN) if line.fee is None and line.kind == CHARGE else tied


def _entry(ledger: Iterable[Entry], kind: str, provider: str, ref: str) -> Entry | None:
    return next((e for e in ledger if (e.kind, e.provider, e.ref) == (kind, provider, ref)), None)
