"""A page of a statement: each movement with what was decided of it, or what is proposed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from comanda.backoffice.statements.confirming import booked_parts
from comanda.backoffice.statements.desk import StatementDesk
from comanda.backoffice.statements.finding import found_orders
from comanda.errors import NotFound
from comanda.orders.balance import BOUNCED
from comanda.orders.decision import Loaded
from comanda.statements.matching import Candidate, Outcome, Proposal, candidate, propose, without_doubles
from comanda.statements.model import Decided, StatementEntry
from comanda.statements.store import Placed

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """`proposal` is for what is still open. `taken_back`: what was confirmed does not stand any more."""

    place: int
    entry: StatementEntry
    decided: Decided
    proposal: Proposal | None = None
    taken_back: bool = False

    @property
    def preselected(self) -> bool:
        return self.proposal is not None and self.proposal.outcome == Outcome.EXACT


def rows(statement_id: str, first: int, limit: int, desk: StatementDesk) -> list[Row]:
    """Movements from place `first` on. Raises NotFound."""
    desk.store.get(statement_id)
    return _judged(desk.store.entries(statement_id, first, limit), desk)


def row(statement_id: str, entry_id: str, desk: StatementDesk) -> Row:
    """One movement. Raises NotFound."""
    return _judged([desk.store.entry(statement_id, entry_id)], desk)[0]


def chosen(entry: StatementEntry, named: str, desk: StatementDesk) -> Candidate:
    """What a movement would be for the order of this number or id, as a person says. Raises NotFound."""
    return candidate(entry, order_named(named, desk).order)


def order_named(named: str, desk: StatementDesk) -> Loaded:
    """An order by its number, in any case, with its zeros and its prefix or not; or by its id. Raises
    NotFound."""
    wanted = named.strip()
    as_said = StatementEntry("", "credit", 1, "", "", references=(wanted,), entry_id="said")
    found = found_orders([as_said], desk)["said"] if wanted else []
    same = [one for one in found if one.order.number.casefold() == wanted.casefold()] or found
    if len(same) == 1:
        return same[0]
    by_id = desk.commands.desk.orders.load(wanted) if wanted else None
    if by_id is None:
        raise NotFound("no such order")
    return by_id


def _judged(placed: Sequence[Placed], desk: StatementDesk) -> list[Row]:
    decided = desk.store.decided(one.entry.entry_id for one in placed)
    open_ = [one.entry for one in placed if decided[one.entry.entry_id].state == "open"]
    orders = found_orders(open_, desk)
    proposals = without_doubles([propose(entry, orders.get(entry.entry_id, [])) for entry in open_])
    proposed = {one.entry.entry_id: one for one in proposals}
    back = _taken_back(list(decided.values()), desk)
    return [
        Row(
            one.place,
            one.entry,
            decided[one.entry.entry_id],
            proposed.get(one.entry.entry_id),
            one.entry.entry_id in back,
        )
        for one in placed
    ]


def _taken_back(decided: Sequence[Decided], desk: StatementDesk) -> set[str]:
    """Movements whose payment was confirmed and then undone, or came back."""
    confirmed = [one for one in decided if one.state == "confirmed" and one.standing != Outcome.RETURNED]
    load = cache(desk.commands.desk.orders.load)
    return {one.entry_id for one in confirmed if not stands(one, load, whole=True)}


def stands(decided: Decided, load: Callable[[str], Loaded | None], *, whole: bool = False) -> bool:
    """Whether the payment that was confirmed is in its order's ledger and counts; of a split whether any
    part is, or with `whole` all of them."""
    if decided.parts:
        booked = booked_parts(decided, load)
        return all(booked) if whole else any(booked)
    loaded = load(decided.order_id)
    entries = loaded.order.ledger if loaded else ()
    return any(e.entry_id == decided.payment_id and e.status != BOUNCED for e in entries)
