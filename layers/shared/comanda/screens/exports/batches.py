"""Batches as the screens show them: state as word and kind, size and trouble in plain words."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.exports.exporting import Exporting
from comanda.exports.model import Batch, State
from comanda.exports.requests import looked_at, shown
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked

PAGE = 30
STATES = {
    State.PENDING: (N_("asked for"), "blue"),
    State.BUILDING: (N_("being written"), "blue"),
    State.BUILT: (N_("waiting to be sent"), "blue"),
    State.SENDING: (N_("being sent"), "blue"),
    State.DELIVERED: (N_("delivered"), "green"),
    State.FAILED: (N_("failed"), "red"),
}
STEPS = {
    "build": N_("while the file was written"),
    "deliver": N_("while it was sent"),
    "mark": N_("while its orders were marked as sent"),
}
WORDS = {  # of a batch's codes
    "lines": N_("one row for each line of an order"),
    "orders": N_("one row for each order"),
    "machine": N_("for another system"),
    "spreadsheet": N_("for a spreadsheet"),
    "renamed": N_("the file under its final name, whole"),
    "found": N_("the file was there already"),
    "taken": N_("the file had been taken away already"),
}
LEFT_OUT = {
    "not-found": N_("There is no such order."),
    "not-placed": N_("The order is not placed yet."),
    "expired": N_("The order has expired."),
    "cancelled-before-export": N_("It was cancelled before the destination ever heard of it."),
    "already-exported": N_("The destination has it in this version already."),
}


def list_screen(asked: Asked, at: Exporting) -> Screen:
    """Destinations, and the batches of all of them, newest first."""
    found, after = at.batches.recent(PAGE, asked.word("cursor"))
    rows = [_row(batch) for batch in found]
    return Screen(
        "exports/list.html.j2",
        {
            "destinations": sorted(at.destinations().items()),
            "rows": rows,
            "moving": any(not batch.finished for batch in found),
            "first": asked.address(cursor=None) if asked.word("cursor") else "",
            "next": asked.address(cursor=after) if after else "",
        },
    )


def batch_screen(asked: Asked, batch_id: str, at: Exporting, largest: int, link_seconds: int) -> Screen:
    """One batch. Files above `largest` bytes are fetched by a link of their own. Raises NotFound."""
    batch = at.batches.get(batch_id)
    large = batch.has_content and batch.size > largest
    return Screen(
        "exports/batch.html.j2",
        {
            "batch": _row(batch) | {"left_out": looked_at(batch_id, at)["left_out"]},
            "moving": not batch.finished,
            "file_link": at.contents.link(batch.key, batch.file_name, link_seconds) if large else "",
            "reasons": LEFT_OUT,
            "words": WORDS,
        },
    )


def _row(batch: Batch) -> dict[str, Any]:
    word, kind = STATES[batch.state]
    again = batch.finished and not (batch.state == State.DELIVERED and not batch.has_content)
    step = STEPS.get(batch.trouble.step, "") if batch.trouble else ""
    return shown(batch) | {"word": word, "kind": kind, "again": again, "step": step, "resent": batch.resent}
