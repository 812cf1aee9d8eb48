"""Staff work out an edit: it is stored and shown, and changes nothing else."""

from collections.abc import Sequence
from dataclasses import replace

from comanda.errors import Invalid
from comanda.orders.decision import Decision, Loaded, Sealed
from comanda.orders.desk import Decide
from comanda.orders.edits.ask_for import Asked, cleaned
from comanda.orders.edits.change_set import OpenEdit
from comanda.orders.edits.delivery_doubt import delivery_warnings
from comanda.orders.edits.desk import EditDesk, added, buyer_of
from comanda.orders.edits.expire_edit import expired
from comanda.orders.edits.money import check_money
from comanda.orders.edits.outcome import Outcome, unchanged
from comanda.orders.edits.preview import new_addresses, preview, stock_after
from comanda.orders.edits.work_out import work_out
from comanda.orders.facts import Happened, Origin
from comanda.orders.guards import check


def requesting(
    asked: Sequence[Asked], note: str, origin: Origin, desk: EditDesk, *, instead: bool = False
) -> Decide:
    """Open an edit; `result` is `{edit_id, preview}`. No stock is held by it.

    An open edit that the order has left behind makes room; with `instead` any open one does. Raises
    WrongState (`edit-open`, …), Invalid.
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("edit", replace(order, edit=None) if instead else order)
        edit_id = f"e{order.edits + 1}"
        clean = cleaned(asked, edit_id, order.currency, desk)
        shelf = desk.reader.shelf(added(clean.changes), buyer_of(order))
        outcome = work_out(order, edit_id, clean.changes, loaded.personal | clean.texts, shelf)
        if outcome == unchanged(order) and not clean.texts:
            raise Invalid.at("/actions", "nothing would change")
        check_money(order, outcome)
        sealed = clean.sealed(desk)
        edit = OpenEdit(
            edit_id=edit_id,
            changes=clean.changes,
            requested_at=origin.at,
            requested_by=origin.actor,
            digest=outcome.digest,
            total=outcome.totals.total,
            difference=outcome.totals.total - order.totals.total,
        )
        if note.strip():
            edit, sealed = _noted(edit, note, sealed, desk)
        room = expired(order, "stale")
        seen = desk.reader.seen(_skus(loaded, outcome))
        doubts = delivery_warnings(outcome, clean.changes, clean.texts, shelf.shipping)
        places = new_addresses(edit.changes, clean.texts)
        shown = preview(order, outcome, seen, [*clean.warnings, *doubts], places)
        return room + _opened(edit, outcome, sealed) + Decision(result={"edit_id": edit_id, "preview": shown})

    return decide


def _opened(edit: OpenEdit, outcome: Outcome, sealed: dict[str, Sealed]) -> Decision:
    digests = {name: text.digest for name, text in sealed.items()}
    data = {"edit": edit.to_dict(), "outcome": outcome.to_dict(), "personal": digests}
    return Decision(facts=(Happened("EditRequested", data),), personal=sealed)


def _noted(
    edit: OpenEdit, note: str, sealed: dict[str, Sealed], desk: EditDesk
) -> tuple[OpenEdit, dict[str, Sealed]]:
    """The reasons are free text and may name people, so they are personal."""
    name = f"note:{edit.edit_id}"
    return replace(edit, note=name), sealed | {name: Sealed(note.strip(), desk.new_id())}


def _skus(loaded: Loaded, outcome: Outcome) -> set[str]:
    released, reserved = stock_after(loaded.order, outcome)
    return {move.sku for move in (*released.moves, *reserved.moves)}
