"""The rooms of operations as tabs, the same on each of its pages."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.screens.house.asked import BASE, Asked

FRONT, AUDIT = "/operations", "/operations/audit"
ROOMS = {
    "/operations": N_("Incidents"),
    "/operations/executions": N_("Executions"),
    "/operations/effects": N_("Unresolved"),
    "/operations/dead-letters": N_("Dead letters"),
    "/operations/switches": N_("Pause switches"),
    AUDIT: N_("Who did what"),
}


def rooms(asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "word": asked.tongue.say(word),
            "count": None,
            "address": BASE + path,
            "here": asked.path == path or (path != FRONT and asked.path.startswith(f"{path}/")),
        }
        for path, word in ROOMS.items()
        if path != AUDIT or asked.staff.may("audit.read")
    ]
