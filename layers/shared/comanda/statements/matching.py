"""Which order a movement pays, and how well it fits. Pure; only a person's confirmation acts on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from comanda.orders.balance import balance, deposited
from comanda.orders.decision import Loaded
from comanda.orders.derive import amount_due
from comanda.orders.model import Entry, Order
from comanda.orders.refunds import MANUAL
from comanda.orders.vocabulary import GIVEN_UP, UNPLACED, Method
from comanda.statements.mentions import Strength, folded, mentions, named
from comanda.statements.model import StatementEntry

BY_TRANSFER = (Method.BANK_TRANSFER, Method.CHEQUE)
SHORTEST_NAME = 3  # letters of a word that tells people apart
MOST_CANDIDATES = 5


class Outcome(StrEnum):
    """What a movement looks like. The first is the only one that is proposed as it is."""

    EXACT = "exact"  # one order, and just what is due for it
    UNDER = "under"  # less than what is due
    OVER = "over"  # more than what is due
    DUPLICATE = "duplicate"  # the order is paid, or another movement pays it just so
    LATE = "late"  # the order was cancelled
    SPLIT = "split"  # just what is due for all the orders that it names
    AMBIGUOUS = "ambiguous"  # several orders, or none named for sure
    CURRENCY = "currency"  # of an order in another currency
    RETURNED = "returned"  # money that had come in was taken back
    OUTGOING = "outgoing"
    UNKNOWN = "unknown"


# What a person can confirm of a movement and an order, each by its own name.
CONFIRMED_AS = frozenset(
    {Outcome.EXACT, Outcome.UNDER, Outcome.OVER, Outcome.DUPLICATE, Outcome.LATE, Outcome.RETURNED}
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that a movement may pay. `standing`: what confirming it would be. `why`: the movement names
    it (`reference`), holds its number (`number`), or has its amount and its customer's name (`name`)."""

    order_id: str
    number: str
    standing: Outcome
    due: int
    currency: str
    why: str
    waits: bool  # for a transfer or a cheque


@dataclass(frozen=True, slots=True)
class Proposal:
    """`order` is the one that is proposed, if there is one; `candidates` are all that may be meant."""

    entry: StatementEntry
    outcome: Outcome
    order: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()


def standing(entry: StatementEntry, order: Order) -> Outcome:
    """What the movement would be for this order, if it is meant for it."""
    if order.lifecycle in UNPLACED:
        return Outcome.UNKNOWN
    if entry.currency != order.currency:
        return Outcome.CURRENCY
    if entry.kind in ("returned", "debit"):
        taken_back = entry.kind == "returned" and returnable(entry, order)
        return Outcome.RETURNED if taken_back else Outcome.OUTGOING
    if order.lifecycle in GIVEN_UP or order.ending is not None:
        return Outcome.LATE
    due = amount_due(order)
    if due <= 0:
        return Outcome.DUPLICATE if balance(order.ledger).captured else Outcome.OVER
    if entry.amount == due:
        return Outcome.EXACT
    return Outcome.UNDER if entry.amount < due else Outcome.OVER


def returnable(entry: StatementEntry, order: Order) -> Entry | None:
    """The payment by hand that this movement takes back: the only one of its amount."""
    look = ("capture", MANUAL, "ok", entry.amount)
    fits = [one for one in order.ledger if (one.kind, one.provider, one.status, one.amount) == look]
    return fits[0] if len(fits) == 1 else None


def waits_for_transfer(order: Order) -> bool:
    """It is to be paid by what a statement shows, and nothing else is under way but a deposited cheque."""
    sums = balance(order.ledger)
    others = sums.processing - len(deposited(order.ledger))
    return order.method in BY_TRANSFER and not (sums.authorized or others)


def propose(entry: StatementEntry, orders: Sequence[Loaded]) -> Proposal:
    """What to make of one movement, given the orders that it may be about."""
    found = mentions((entry.text, *entry.references))
    seen = {loaded.order.order_id: (loaded, named(found, loaded.order.number)) for loaded in orders}
    sure = [_candidate(entry, one.order, "reference") for one, how in seen.values() if how is Strength.STRONG]
    sure = [one for one in sure if one.standing != Outcome.UNKNOWN]
    if entry.kind != "credit":
        return _not_income(entry, sure)
    if len(sure) == 1:
        only = sure[0]
        unsure = only.standing == Outcome.EXACT and not only.waits
        return Proposal(entry, Outcome.AMBIGUOUS if unsure else only.standing, only, (only,))
    if sure:
        outcome = Outcome.SPLIT if pays_all(entry, sure) else Outcome.AMBIGUOUS
        return Proposal(entry, outcome, None, tuple(sure[:MOST_CANDIDATES]))
    perhaps = tuple(
        candidate
        for loaded, how in seen.values()
        if (candidate := _perhaps(entry, loaded, how))
        and candidate.standing == Outcome.EXACT
        and candidate.waits
    )
    outcome = Outcome.AMBIGUOUS if perhaps else Outcome.UNKNOWN
    return Proposal(entry, outcome, None, perhaps[:MOST_CANDIDATES])


def pays_all(entry: StatementEntry, orders: Sequence[Candidate]) -> bool:
    """Whether a movement is the sum of what is due for several orders that wait for a transfer."""
    waiting = all(one.waits and one.due > 0 and one.standing == Outcome.OVER for one in orders)
    return waiting and len(orders) <= MOST_CANDIDATES and sum(one.due for one in orders) == entry.amount


def without_doubles(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Of several movements that each pay the same order just so the earliest is proposed; the others are
    the same transfer twice, for all that can be seen."""
    first: dict[str, StatementEntry] = {}
    for one in sorted(proposals, key=lambda one: one.entry.booked_on):
        if one.outcome == Outcome.EXACT and one.order:
            first.setdefault(one.order.order_id, one.entry)
    return [_judged_beside(one, first) for one in proposals]


def _judged_beside(one: Proposal, first: Mapping[str, StatementEntry]) -> Proposal:
    if one.order is None or one.outcome != Outcome.EXACT or first[one.order.order_id] is one.entry:
        return one
    return replace(one, outcome=Outcome.DUPLICATE)


def _not_income(entry: StatementEntry, sure: Sequence[Candidate]) -> Proposal:
    """Money that went out, or came back to us: no order is paid by it."""
    if entry.kind == "reversed":
        return Proposal(entry, Outcome.UNKNOWN)
    if entry.kind == "debit":
        return Proposal(entry, Outcome.OUTGOING)
    back = [one for one in sure if one.standing == Outcome.RETURNED]
    return Proposal(entry, Outcome.RETURNED, back[0] if len(back) == 1 else None, tuple(back))


def _candidate(entry: StatementEntry, order: Order, why: str) -> Candidate:
    waits = waits_for_transfer(order)
    return Candidate(
        order.order_id, order.number, standing(entry, order), amount_due(order), order.currency, why, waits
    )


def _perhaps(entry: StatementEntry, loaded: Loaded, how: Strength) -> Candidate | None:
    """An order that the movement does not name for sure."""
    if how is Strength.WEAK:
        return _candidate(entry, loaded.order, "number")
    contact = loaded.text("contact") or {}
    return _candidate(entry, loaded.order, "name") if same_person(entry, contact) else None


def same_person(entry: StatementEntry, contact: Mapping[str, Any]) -> bool:
    """Two words of the customer's name or company are in the movement, or the only one there is."""
    said = name_words(f"{entry.payer} {entry.text}")
    for name in ("name", "company"):
        words = name_words(str(contact.get(name) or ""))
        if words and len(words & said) >= min(2, len(words)):
            return True
    return False


def name_words(text: str) -> frozenset[str]:
    """The words of a name that tell people apart."""
    return frozenset(word for word in re.findall(r"[^\W\d_]+", folded(text)) if len(word) >= SHORTEST_NAME)


def candidate(entry: StatementEntry, order: Order) -> Candidate:
    """An order that a person says the movement is for."""
    return _candidate(entry, order, "chosen")
