"""Payouts: the list, one of them with the net of each order, its file, and what is known of one order."""

import re
from typing import Any

from comanda.backoffice.accounts.payouts import Wanted
from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.screens.accounts.desk import PROVIDERS, AccountsDesk
from comanda.screens.accounts.rooms import FRONT, rooms
from comanda.screens.house.answers import Answer, File, Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.routing import House

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
STATES = {
    "pending": (N_("not sent yet"), "neutral"),
    "in_transit": (N_("on its way"), "blue"),
    "paid": (N_("in the bank"), "green"),
    "failed": (N_("sent back by the bank"), "red"),
    "canceled": (N_("called off"), "neutral"),
}
KINDS = {
    "charge": N_("Charge"),
    "refund": N_("Refund"),
    "refund_failed": N_("Refund that came back"),
    "dispute": N_("Dispute"),
    "fee": N_("Fee"),
    "other": N_("Other"),
    "before": N_("On the balance from before"),
    "left": N_("Stays on the balance"),
}
TIES = {
    "no_order": N_("No order is known for this money."),
    "not_in_ledger": N_("The order does not know this movement."),
    "amount": N_("The order has another amount: %(expected)s."),
    "fee_unknown": N_("The provider does not tell its fee."),
}


def hang_payouts(house: House, desk: AccountsDesk) -> None:
    @house.get("/money", "accounts.read")
    def listed(asked: Asked) -> Answer:
        wanted = Wanted(
            provider=asked.word("provider"),
            since=_day(asked, "since"),
            until=_day(asked, "until"),
            differences=asked.word("differences") == "yes",
            cursor=asked.word("cursor"),
        )
        found, after = desk.payouts().listed(wanted)
        values = {
            "rooms": rooms(asked),
            "rows": [payout_row(one) for one in found],
            "states": STATES,
            "providers": PROVIDERS,
            "wanted": wanted,
            "tabs": _tabs(asked),
            "first": asked.address(cursor=None) if wanted.cursor else "",
            "next": asked.address(cursor=after) if after else "",
        }
        return Screen("accounts/payouts.html.j2", values)

    @house.get("/money/payouts/<provider>/<ref>", "accounts.read")
    def whole(asked: Asked, provider: str, ref: str) -> Answer:
        found = desk.payouts().whole(provider, ref)
        values = {
            "rooms": rooms(asked),
            "payout": payout_row(found),
            "states": STATES,
            "orders": found["orders"],
            "lines": [_line(asked, one) for one in found["lines"]],
        }
        return Screen("accounts/payout.html.j2", values)

    @house.get("/money/payouts/<provider>/<ref>/file", "accounts.read")
    def file(asked: Asked, provider: str, ref: str) -> Answer:
        made = desk.payouts().table(provider, ref)
        return File(made.file_name, made.content())

    @house.get("/orders/<order_id>/payouts", "accounts.read")
    def of_order(asked: Asked, order_id: str) -> Answer:
        found = desk.payouts().of_order(order_id)
        lines = [_line(asked, one) | {"to": _address(one["provider"], one["payout"])} for one in found]
        values = {"lines": lines, "back": f"{BASE}/orders/{order_id}", "states": STATES}
        return Screen("accounts/of_order.html.j2", values)


def payout_row(one: dict[str, Any]) -> dict[str, Any]:
    """A payout as lists show it: with its provider's name and its own page."""
    name = PROVIDERS.get(one["provider"], one["provider"])
    return one | {"name": name, "to": _address(one["provider"], one["ref"])}


def _line(asked: Asked, one: dict[str, Any]) -> dict[str, Any]:
    told, word = TIES.get(one["tie"], ""), KINDS[one["kind"]]
    expected = asked.tongue.money(one["expected"]) if one["expected"] else ""
    return one | {
        "word": asked.tongue.say(word),
        "difference": asked.tongue.say(told, expected=expected) if told else "",
    }


def _address(provider: str, ref: str) -> str:
    return f"{BASE}{FRONT}/payouts/{provider}/{ref}"


def _tabs(asked: Asked) -> list[dict[str, Any]]:
    chosen = asked.word("provider"), asked.word("differences")

    def tab(word: str, provider: str, differences: str) -> dict[str, Any]:
        address = asked.address(provider=provider or None, differences=differences or None, cursor=None)
        return {"word": word, "count": None, "address": address, "here": chosen == (provider, differences)}

    say = asked.tongue.say
    tabs = [tab(say("All"), "", ""), *(tab(name, code, "") for code, name in PROVIDERS.items())]
    return [*tabs, tab(say("With differences"), "", "yes")]


def _day(asked: Asked, name: str) -> str:
    """A day of the query, empty for none. Raises Invalid."""
    text = asked.word(name).strip()
    if text and not DAY.fullmatch(text):
        raise Invalid.at(f"/{name}", "a day is written 2026-11-22")
    return text
