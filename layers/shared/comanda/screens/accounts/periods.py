"""The lock of the books: up to which day, who moved it and why, and moving it."""

from typing import Any

from comanda.errors import Invalid
from comanda.screens.accounts.desk import AccountsDesk
from comanda.screens.accounts.rooms import rooms
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

PAGE = "/money/period"


def hang_periods(house: House, desk: AccountsDesk) -> None:
    @house.get(PAGE, "accounts.read")
    def state(asked: Asked) -> Answer:
        found = desk.locking().state()
        history: list[dict[str, Any]] = [one | {"who": desk.name_of(one["by"])} for one in found["history"]]
        values = {"rooms": rooms(asked), "until": found["until"], "history": history, "to": BASE + PAGE}
        return Screen("accounts/period.html.j2", values)

    @house.post(PAGE, "accounts.lock")
    def move(asked: Asked) -> Answer:
        if asked.field("until") == (desk.locking().state()["until"] or ""):
            raise Invalid.at("/until", "nothing would change")
        told = desk.locking().move(asked.field("until"), asked.field("reason"), asked.origin)
        if told["until"] is None:
            return Goto(BASE + PAGE, asked.tongue.say("The books are open."))
        day = asked.tongue.day(told["until"])
        return Goto(BASE + PAGE, asked.tongue.say("The books are locked up to %(day)s.", day=day))
