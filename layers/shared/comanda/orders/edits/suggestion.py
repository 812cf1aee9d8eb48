"""Take what the address check suggests: as a change to be looked at, like any other."""

from dataclasses import replace
from typing import Any

from comanda.customers.addresses.check import check_address
from comanda.errors import Invalid
from comanda.orders.decision import Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.edits.ask_for import Asked
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.desk import EditDesk
from comanda.orders.edits.request_edit import requesting
from comanda.orders.facts import Origin
from comanda.orders.guards import edit_is_stale


def taking_suggestion(slot: str, origin: Origin, desk: EditDesk) -> Decide:
    """Open an edit with the suggested address in place of the one in `slot` (shipping, billing): of the open
    edit, whose other changes stay, or of the order. Raises Invalid when nothing is suggested, and what
    `requesting` raises."""

    def decide(loaded: Loaded) -> Decision:
        edit = None if edit_is_stale(loaded.order) else loaded.order.edit
        if edit is None:
            better = _better(loaded.text(slot) or {})
            asked = [Asked(Change("address"), {slot: better})]
            return requesting(asked, "", origin, desk)(loaded)
        asked = [_asked(change, slot, loaded) for change in edit.changes]
        if all(slot not in one.personal for one in asked):
            raise Invalid.at("/slot", "the open change brings no such address")
        note = str(loaded.text(edit.note) or "") if edit.note else ""
        return requesting(asked, note, origin, desk, instead=True)(loaded)

    return decide


def _asked(change: Change, slot: str, loaded: Loaded) -> Asked:
    """An action of the open edit as it was asked for, with the better address."""
    texts: dict[str, dict[str, Any]] = {
        name.rpartition(":")[2]: loaded.personal[name] for name in change.texts if name in loaded.personal
    }
    better = {slot: _better(texts[slot])} if slot in texts else {}
    return Asked(replace(change, texts=()), texts | better)


def _better(address: dict[str, Any]) -> dict[str, Any]:
    suggestion = check_address(address).suggestion if address else None
    if suggestion is None:
        raise Invalid.at("/slot", "nothing is suggested for this address")
    return {name: text for name, text in suggestion.items() if text}
