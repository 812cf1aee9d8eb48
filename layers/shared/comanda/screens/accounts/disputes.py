"""Disputes: what is open and until when, and how others ended."""

from typing import Any

from comanda.conversation.speech import N_
from comanda.screens.accounts.desk import PROVIDERS, AccountsDesk
from comanda.screens.accounts.rooms import rooms
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.routing import House
from comanda.screens.orders import words
from comanda.times import moment

PAGE = 50
ALIKE = {"product_not_received": "not_received", "product_unacceptable": "not_as_described"}
STATES = {
    "open": (N_("to be answered"), "amber"),
    "answered": (N_("answered, being decided"), "blue"),
    "won": (N_("dispute won"), "green"),
    "lost": (N_("dispute lost"), "red"),
}


def hang_disputes(house: House, desk: AccountsDesk) -> None:
    @house.get("/money/disputes", "accounts.read")
    def listed(asked: Asked) -> Answer:
        ended, cursor = asked.word("show") == "ended", asked.word("cursor")
        more, after = False, ""
        if ended:
            rows, after = desk.disputes().ended(PAGE, cursor)
        else:
            rows, more = desk.disputes().open()
        values = {
            "rooms": rooms(asked),
            "tabs": _tabs(asked, ended=ended),
            "rows": [_row(asked, one) for one in rows],
            "states": STATES,
            "ended": ended,
            "more": more,
            "first": asked.address(cursor=None) if cursor else "",
            "next": asked.address(cursor=after) if after else "",
        }
        return Screen("accounts/disputes.html.j2", values)


def _row(asked: Asked, one: dict[str, Any]) -> dict[str, Any]:
    by_hand = asked.tongue.say("entered by hand")
    due = one["due_at"]
    left = (moment(due) - asked.now).days if due and one["status"] == "open" else None
    return one | {
        "name": PROVIDERS.get(one["provider"], by_hand),
        "left": left,
        "why": _why(asked, one["reason"]),
    }


def _why(asked: Asked, reason: str) -> str:
    """The bank's reason in words; one that nobody here knows as the provider says it."""
    code = ALIKE.get(reason, reason)
    word = words.DISPUTE.get(code)
    return asked.tongue.say(word) if word else reason.replace("_", " ")


def _tabs(asked: Asked, *, ended: bool) -> list[dict[str, Any]]:
    say = asked.tongue.say
    return [
        {"word": word, "count": None, "address": asked.address(show=show, cursor=None), "here": here}
        for word, show, here in ((say("Going on"), None, not ended), (say("Decided"), "ended", ended))
    ]
