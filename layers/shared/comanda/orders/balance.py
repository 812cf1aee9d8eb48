"""What an order's ledger adds up to: its sums, its open authorisations, its cheques. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from comanda.orders.model import Entry

TAKEN = ("ok", "foreign")
BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums of the ledger in minor units. `waiting` and `processing` count attempts, not money; `taking` is
    the part of `authorized` that is being captured.

    Money in another currency than the order's (status `foreign`) is no sum here: while it is not given
    back it counts as one attempt that is being processed. `disputed` is part of `refunded`, and
    `credited`, which is store credit and gift cards, of `captured`.
    """

    authorized: int = 0
    taking: int = 0
    captured: int = 0
    refunded: int = 0
    waiting: int = 0
    processing: int = 0
    failed: int = 0
    voided: int = 0
    disputed: int = 0
    credited: int = 0

    @property
    def kept(self) -> int:
        return self.captured - self.refunded

    @property
    def has_money(self) -> bool:
        """Money is here, promised, or on its way: such an order must not expire. Store credit alone does
        not keep an order that waits for the rest: it is given back when the order ends."""
        return bool(self.authorized or self.captured > self.credited or self.processing)


def balance(ledger: Iterable[Entry]) -> Balance:
    """Add up the ledger. A capture uses up the authorisation of the same parent."""
    sums = dict.fromkeys(Balance.__slots__, 0)
    entries = tuple(ledger)
    taken = {e.parent for e in entries if e.kind == "capture" and e.status in TAKEN and e.parent}
    sums["processing"] = _foreign_money(entries)
    for entry in entries:
        if entry.kind == "capture" and entry.status == "ok":
            sums["captured"] += entry.amount
            sums["credited"] += entry.amount if entry.wallet else 0
        elif entry.kind in ("refund", "dispute") and entry.status == "ok":
            sums["refunded"] += entry.amount
            sums["disputed"] += entry.amount if entry.kind == "dispute" else 0
        elif entry.kind == "authorization" and entry.status == "ok" and entry.parent not in taken:
            sums["authorized"] += entry.amount
            sums["taking"] += entry.taking
        elif entry.kind == "intent" and entry.ref not in taken:
            _count_attempt(sums, entry)
    return Balance(**sums)


def _foreign_money(entries: tuple[Entry, ...]) -> int:
    """How many charges in a foreign currency have not been given back."""
    left: dict[str, int] = {}
    for entry in entries:
        if entry.status == "foreign":
            charge, sign = (entry.ref, 1) if entry.kind == "capture" else (entry.parent, -1)
            left[charge] = left.get(charge, 0) + sign * entry.amount
    return sum(1 for amount in left.values() if amount > 0)


def _count_attempt(sums: dict[str, int], intent: Entry) -> None:
    name = {"pending": "waiting", "processing": "processing", "failed": "failed", "void": "voided"}.get(
        intent.status
    )
    if name:
        sums[name] += 1


def open_authorizations(ledger: Iterable[Entry]) -> list[Entry]:
    """Authorisations in the order's currency that can still be taken, oldest first."""
    entries = tuple(ledger)
    taken = {e.parent for e in entries if e.kind == "capture" and e.parent}
    held = [e for e in entries if (e.kind, e.status) == ("authorization", "ok") and e.parent not in taken]
    return sorted(held, key=lambda entry: (entry.at, entry.entry_id))


def deposited(ledger: Iterable[Entry]) -> list[Entry]:
    """Cheques at the bank, of which it has said nothing yet."""
    return [e for e in ledger if e.kind == "intent" and e.on and e.status == "processing"]


def returned(ledger: Iterable[Entry]) -> list[Entry]:
    """Cheques that the bank sent back before they counted."""
    entries = tuple(ledger)
    counted = {e.parent for e in entries if e.kind == "capture"}
    gone = (e for e in entries if e.kind == "intent" and e.on and e.ref not in counted)
    return [e for e in gone if (e.status, e.reason) == ("failed", BOUNCED)]
