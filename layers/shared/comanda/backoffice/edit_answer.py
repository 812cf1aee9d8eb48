"""The open edit of an order as staff see it."""

from typing import Any

from comanda.orders.edits.change_set import Change
from comanda.orders.guards import edit_is_stale
from comanda.orders.model import Order
from comanda.orders.wire import money


def edit_answer(order: Order, personal: dict[str, Any]) -> dict[str, Any] | None:
    """The open edit; None when there is none."""
    edit = order.edit
    if edit is None:
        return None
    return {
        "edit_id": edit.edit_id,
        "stale": edit_is_stale(order),
        "requested_at": edit.requested_at,
        "requested_by": edit.requested_by,
        "actions": [_action(change, personal) for change in edit.changes],
        "total": money(edit.total, order.currency),
        "difference": money(edit.difference, order.currency),
        "note": personal.get(edit.note) if edit.note else None,
        "asked_until": edit.asked_until or None,
    }


def _action(change: Change, personal: dict[str, Any]) -> dict[str, Any]:
    """An action of the open edit, with the texts that wait with it by the names they are to have."""
    told = {name: value for name, value in change.to_dict().items() if name not in ("kind", "texts")}
    texts = {name.rpartition(":")[2]: personal.get(name) for name in change.texts}
    return {"type": change.kind, **told, **texts}
