"""The ledger of an order while something is being recorded: facts so far, and the order after them."""

from dataclasses import replace
from typing import Any

from comanda.orders.balance import TAKEN
from comanda.orders.decision import Decision, Effect, Sealed
from comanda.orders.facts import Happened
from comanda.orders.model import Entry, Hold, Order
from comanda.settings.methods import PROVIDERS

METHOD_OF = {code: method for method, code in PROVIDERS.items()}


class Book:
    """Collects facts about one order. `at` is the time of recording."""

    def __init__(self, order: Order, at: str) -> None:
        self.order = order
        self.at = at
        self.entries = {entry.entry_id: entry for entry in order.ledger}
        self.facts: list[Happened] = []
        self.identities: list[str] = []
        self.effects: list[Effect] = []
        self.personal: dict[str, Sealed] = {}

    def write(
        self, fact: str, entry: Entry, *also: Entry, visible: bool = False, identity: str = "", **data: Any
    ) -> None:
        """A fact that puts `entry`, and with it `also`, into the ledger. `identity` counts once for ever."""
        told: dict[str, Any] = {"entry": entry.to_dict()} | data
        if also:
            told["also"] = [one.to_dict() for one in also]
        self.facts.append(Happened(fact, told, "customer" if visible else "internal"))
        self.entries |= {one.entry_id: one for one in (entry, *also)}
        if identity:
            self.identities.append(identity)

    @property
    def place(self) -> int:
        """The place that the next fact has in the history."""
        return self.order.facts + len(self.facts) + 1

    def hold(self, reason: str, detail: str, note: Sealed | None = None) -> str:
        """Hold the order for a person, named after the place of its fact in the history; its id.
        `note` are words of staff about it, which are personal."""
        hold_id = f"h{self.place}"
        hold = Hold(hold_id, reason, self.at, "system", detail=detail)
        told: dict[str, Any] = {}
        if note:
            hold = replace(hold, note=f"note:{hold_id}")
            self.personal[hold.note] = note
            told = {"personal": {hold.note: note.digest}}
        self.facts.append(Happened("HoldOpened", {"hold": hold.to_dict()} | told))
        return hold_id

    def found(self, kind: str, provider: str, ref: str) -> Entry | None:
        """The entry of this kind that a provider calls `ref`."""
        fits = (e for e in self.entries.values() if (e.kind, e.provider, e.ref) == (kind, provider, ref))
        return next(fits, None)

    def fresh(self, kind: str, provider: str, ref: str, amount: int, currency: str, status: str) -> Entry:
        method = METHOD_OF.get(provider, self.order.method)
        return Entry(
            f"{provider}:{kind}:{ref}", kind, method, provider, amount, currency, status, self.at, ref
        )

    def turned(self, entry: Entry, status: str, **changes: Any) -> Entry:
        """The entry in another status, from now on."""
        return replace(entry, status=status, at=self.at, **changes)

    def counted(self, currency: str) -> str:
        """The status of money in `currency`: only the order's own adds up."""
        ok, foreign = TAKEN
        return ok if currency == self.order.currency else foreign

    @property
    def ledger(self) -> tuple[Entry, ...]:
        return tuple(self.entries.values())

    def decision(self) -> Decision:
        """Everything so far; it has happened outside already."""
        return Decision(
            facts=tuple(self.facts),
            effects=tuple(self.effects),
            personal=dict(self.personal),
            identities=tuple(self.identities),
            outside=True,
        )
