"""The rooms of the accounts as tabs, the same on each of their pages."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.screens.house.asked import BASE, Asked

FRONT = "/payouts"
ROOMS = {
    FRONT: N_("Payouts"),
}


def rooms(asked: Asked) -> list[dict[str, Any]]:
    """Each with whether one is in it."""
    return [
        {
            "word": asked.tongue.say(word),
            "count": None,
            "address": BASE + path,
            "here": asked.path == path or asked.path.startswith(f"{path}/"),
        }
        for path, word in ROOMS.items()
    ]
