"""Reconciliation: each payment provider, when it was asked, what that repaired, and asking it at once."""

from typing import Any

from comanda.screens.accounts.desk import PROVIDERS, AccountsDesk
from comanda.screens.accounts.rooms import rooms
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

PAGE = "/money/reconciliation"


def hang_reconciliation(house: House, desk: AccountsDesk) -> None:
    @house.get(PAGE, "accounts.read")
    def providers(asked: Asked) -> Answer:
        rows = [_row(one) for one in desk.reconciliation().providers()]
        asked_once = [one for one in rows if one["last"]]
        values = {"rooms": rooms(asked), "rows": asked_once, "silent": [x for x in rows if not x["last"]]}
        return Screen("accounts/reconciliation.html.j2", values)

    @house.post(f"{PAGE}/<provider>/ask", "accounts.ask")
    def ask(asked: Asked, provider: str) -> Answer:
        desk.asking().ask(provider)
        told = asked.tongue.say(
            "%(name)s is being asked; load this page again in a moment.",
            name=PROVIDERS.get(provider, provider),
        )
        return Goto(BASE + PAGE, told)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    return one | {
        "name": PROVIDERS.get(one["provider"], one["provider"]),
        "to": f"{BASE}{PAGE}/{one['provider']}/ask",
    }
