"""The ledger over a period: chosen by days, kind, way to pay and currency, with its totals and as a file."""

from typing import Any

from comanda.backoffice.accounts.ledger import Ledger, Wanted
from comanda.conversation.speech import N_
from comanda.conversation.words import METHOD
from comanda.screens.accounts.desk import PROVIDERS, AccountsDesk
from comanda.screens.accounts.payouts import STATES
from comanda.screens.accounts.rooms import rooms
from comanda.screens.house.answers import Answer, File, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

PAGE = "/money/ledger"
KINDS = {
    "capture": N_("Charge"),
    "refund": N_("Refund"),
    "dispute": N_("Lost dispute"),
    "fee": N_("Fee"),
    "payout": N_("Payout to the bank"),
}
COLUMNS = {
    "capture": N_("Charges"),
    "refund": N_("Refunds"),
    "dispute": N_("Disputes"),
    "fee": N_("Fees"),
    "net": N_("Net"),
}
CREDITS = {"credit": N_("store credit"), "gift_card": N_("gift card")}


def hang_ledger(house: House, desk: AccountsDesk) -> None:
    @house.get(PAGE, "accounts.read")
    def listed(asked: Asked) -> Answer:
        wanted = _wanted(asked, desk.ledger())
        found = desk.ledger().page(wanted, asked.now)
        shown = {name: getattr(wanted, name) or None for name in ("since", "until")}
        values = {
            "rooms": rooms(asked),
            "found": found,
            "rows": [_row(asked, one) for one in found["items"]],
            "wanted": wanted,
            "chosen": bool(wanted.kind or wanted.method or wanted.currency),
            "kinds": [("", asked.tongue.say("All")), *((x, asked.tongue.say(w)) for x, w in KINDS.items())],
            "methods": [("", asked.tongue.say("All")), *((x, _method(asked, x)) for x in METHOD)],
            "currencies": [("", asked.tongue.say("All")), *((x, x) for x in found["currencies"])],
            "columns": COLUMNS,
            "providers": PROVIDERS,
            "credits": CREDITS,
            "states": STATES,
            "here": f"{BASE}{PAGE}",
            "file": asked.address(cursor=None, **shown).replace(PAGE, f"{PAGE}/file", 1),
            "first": asked.address(cursor=None) if wanted.cursor else "",
            "next": asked.address(cursor=found["next"]) if found["next"] else "",
        }
        return Screen("accounts/ledger.html.j2", values)

    @house.get(f"{PAGE}/file", "accounts.read")
    def file(asked: Asked) -> Answer:
        made = desk.ledger().table(_wanted(asked, desk.ledger()), asked.now)
        return File(made.file_name, made.content())


def _wanted(asked: Asked, ledger: Ledger) -> Wanted:
    """What the query says; without days the month until today."""
    since, until = ledger.this_month(asked.now)
    return Wanted(
        since=asked.word("since").strip() or since,
        until=asked.word("until").strip() or until,
        kind=asked.word("kind"),
        method=asked.word("method"),
        currency=asked.word("currency"),
        cursor=asked.word("cursor"),
    )


def _method(asked: Asked, code: str) -> str:
    return asked.tongue.word("METHOD", code)


def _row(asked: Asked, one: dict[str, Any]) -> dict[str, Any]:
    to = f"{BASE}/orders/{one['order_id']}"
    if one["kind"] == "payout":
        to = f"{BASE}/money/payouts/{one['provider']}/{one['provider_id']}"
    out = one["kind"] in ("refund", "dispute", "fee")
    return one | {"word": KINDS[one["kind"]], "to": to, "out": out}
