"""The webhook inbox: every report as it was received, newest first, with replay."""

from collections.abc import Callable

from comanda.conversation.speech import N_
from comanda.inbox.model import ALREADY_APPLIED, APPLIED, FAILED, IGNORED, RECEIVED
from comanda.inbox.replay import Send, replay, webhook_events
from comanda.inbox.store import InboxStore
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

PAGE = 50
STATES = {
    FAILED: (N_("failed"), "red"),
    RECEIVED: (N_("received"), "blue"),
    APPLIED: (N_("applied"), "green"),
    ALREADY_APPLIED: (N_("known already"), "neutral"),
    IGNORED: (N_("not ours"), "neutral"),
}


def hang_inbox(house: House, store: Callable[[], InboxStore], send: Send) -> None:
    house.menu(65, N_("Received notices"), "/inbox", "webhooks.read", key="i")

    @house.get("/inbox", "webhooks.read")
    def notices(asked: Asked) -> Answer:
        state, cursor = asked.word("state"), asked.word("cursor")
        found = webhook_events(store(), limit=PAGE, cursor=cursor, state=state)
        tabs = [_tab(asked, "", asked.tongue.say("All"))]
        tabs += [_tab(asked, code, asked.tongue.say(word)) for code, (word, _) in STATES.items()]
        return Screen(
            "inbox/list.html.j2",
            {
                "tabs": tabs,
                "rows": found["items"],
                "states": STATES,
                "state": state,
                "first": asked.address(cursor=None) if cursor else "",
                "next": asked.address(cursor=found["next"]) if found["next"] else "",
            },
        )

    @house.post("/inbox/<event_id>/replay", "webhooks.replay")
    def again(asked: Asked, event_id: str) -> Answer:
        replay(event_id, store(), send)
        told = asked.tongue.say("The notice is being judged once more; what is known changes nothing.")
        return Goto(f"{BASE}/inbox", told)


def _tab(asked: Asked, state: str, word: str) -> dict[str, object]:
    address = asked.address(state=state or None, cursor=None)
    return {"word": word, "count": None, "address": address, "here": asked.word("state") == state}
