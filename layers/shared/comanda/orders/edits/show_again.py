"""The preview of an open edit, worked out anew: it is not kept, and stock and prices move."""

from typing import Any

from comanda.orders.decision import Loaded
from comanda.orders.edits.delivery_doubt import delivery_warnings
from comanda.orders.edits.desk import Reader, worked_out_again
from comanda.orders.edits.preview import new_addresses, preview, stock_after


def shown_again(loaded: Loaded, reader: Reader) -> dict[str, Any] | None:
    """What `request_edit` showed, with the stock of now; None without an open edit. Raises Stale."""
    order, edit = loaded.order, loaded.order.edit
    if edit is None:
        return None
    outcome = worked_out_again(loaded, edit, reader)
    released, reserved = stock_after(order, outcome)
    seen = reader.seen({move.sku for move in (*released.moves, *reserved.moves)})
    shipping = reader.shelf((), "").shipping
    warnings = delivery_warnings(outcome, edit.changes, loaded.personal, shipping)
    return preview(order, outcome, seen, warnings, new_addresses(edit.changes, loaded.personal))
