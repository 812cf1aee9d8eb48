"""The rooms of the accounts as tabs, the same on each of their pages."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.screens.house.asked import BASE, Asked

FRONT = "/money"
ROOMS = {
    FRONT: N_("Payouts"),
    "/money/ledger": N_("Ledger"),
    "/money/disputes": N_("Disputes"),
    "/money/days": N_("Days"),
    "/money/reconciliation": N_("Reconciliation"),
    "/money/period": N_("Period lock"),
    "/money/statements": N_("Bank statements"),
}


def rooms(asked: Asked) -> list[dict[str, Any]]:
    """Each with whether one is in it."""
    return [
        {
            "word": asked.tongue.say(word),
            "count": None,
            "address": BASE + path,
            "here": _here(asked.path, path),
        }
        for path, word in ROOMS.items()
    ]


def _here(path: str, room: str) -> bool:
    """A payout's own page is in the room of payouts, which is the front."""
    if room == FRONT:
        return path == FRONT or path.startswith(f"{FRONT}/payouts/")
    return path == room or path.startswith(f"{room}/")
