"""Staff cancelled an order by mistake and take that back, while nothing has left the house."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from comanda.errors import WrongState
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.evolve import replay
from comanda.orders.facts import Fact, Happened
from comanda.orders.goods import taking_again
from comanda.orders.guards import check
from comanda.orders.model import Entry, Order
from comanda.orders.steps.undo import RESTORED
from comanda.orders.undo import Withdraw, run_anew, stopping

ENDS = frozenset({"OrderCancelled", "OrderRejected"})
# What a cancellation consists of; whatever else happened with it is not known to be reversible.
PARTS = ENDS | {
    "EndingAsked",
    "PaymentVoided",
    "StockReleased",
    "StockWrittenOff",
    "RefundGranted",
    "RefundStarted",
    "RefundExecuted",
    "EditExpired",
    "HoldReleased",
    "DeliveriesPlanned",
}

type History = Callable[[str, int], list[Fact]]  # of an order up to and with a revision


def uncancelling(history: History, at: str, withdraw: Withdraw) -> Decide:
    """The order as it was before its last commit, which cancelled it: the very same units, where they lay;
    its attempts to pay open again; refunds that were only wanted withdrawn. Its workflow begins anew.

    Raises WrongState (`moved-on` when anything has happened since, or the end came in steps;
    `already-told`, `already-begun`), and OutOfStock when somebody else has the units.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("undo-cancel", order)
        before, last = _last_step(order, history)
        effects = [one for one in loaded.effects if one.revision == order.revision]
        written_off = any(fact.type == "StockWrittenOff" for fact in last)
        told: dict[str, Any] = {"was": _was(before), "ledger": _ledger(before, order, at)}
        if written_off:
            told["found_again"] = _units(before)
        undone = Decision(
            facts=(Happened("CancellationUndone", told, "customer"),),
            moves=taking_again(before, written_off=written_off),
            forgotten=tuple(sorted(order.personal.keys() - before.personal.keys())),
        )
        return undone + stopping(loaded, effects, withdraw) + run_anew(order)

    return decide


def _last_step(order: Order, history: History) -> tuple[Order, list[Fact]]:
    """The order before its last commit, and the facts of that."""
    whole = history(order.order_id, order.revision)
    before = replay(history(order.order_id, order.revision - 1))
    last = whole[before.facts :]
    types = {fact.type for fact in last}
    by_staff = all(fact.actor.startswith("staff:") for fact in last)
    if not types & ENDS or types - PARTS or not by_staff:
        raise WrongState("moved-on", "more has happened to the order since, or it ended in several steps")
    return before, last


def _was(before: Order) -> dict[str, Any]:
    """What the end changed, as it was; what had its default is left out."""
    whole = before.to_dict()
    return {name: whole[name] for name in RESTORED if name in whole}


def _ledger(before: Order, order: Order, at: str) -> list[dict[str, Any]]:
    """Entries as they were; those that the end brought are void."""
    known = {entry.entry_id: entry for entry in before.ledger}
    changed = [entry for entry in order.ledger if known.get(entry.entry_id) != entry]
    return [_turned_back(entry, known, at).to_dict() for entry in changed]


def _turned_back(entry: Entry, known: dict[str, Entry], at: str) -> Entry:
    return known.get(entry.entry_id) or replace(entry, status="void", at=at)


def _units(before: Order) -> list[dict[str, Any]]:
    """What had been written off lies on the shelf after all."""
    held = ((line, line.reserved + line.allocated) for line in before.lines)
    return [{"line_id": line.line_id, "sku": line.sku, "quantity": n} for line, n in held if n]
