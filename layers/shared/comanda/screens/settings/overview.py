"""The way to every page of the settings, grouped as a merchant thinks of them."""

from dataclasses import dataclass
from typing import Any

from comanda.conversation.speech import N_
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.form import address
from comanda.screens.settings.kinds import Reader
from comanda.screens.settings.lengths import Duration
from comanda.screens.settings.pages import PAGES
from comanda.screens.settings.pages_money import PAYING, PREFIX
from comanda.screens.settings.pages_orders import ORDERS
from comanda.screens.settings.pages_people import BUYING
from comanda.settings.methods import Method


@dataclass(frozen=True, slots=True)
class Tile:
    title: str
    text: str
    address: str


PAYMENTS = (
    N_("Payment methods"),
    N_("Which ones customers can choose, your message on how to pay, surcharges and deadlines."),
)


PEOPLE = N_("Your people")
TEAM = (
    N_("People and roles"),
    N_("Who comes in, in which role, since when; inviting, disabling, ending sessions."),
)
DISCOUNTS = (
    N_("Discount codes"),
    N_("Percentage, amount or free delivery, with times, groups, products and limits."),
)
PRICES = (
    N_("Price lists"),
    N_("What products cost everybody or one group, from which quantity on, and in which boxes."),
)
ELSEWHERE = N_("Your own systems")
SENDING = (
    N_("Where orders are sent"),
    N_("Servers that get orders as files: where, with which columns, and whether the connection works."),
)


def overview(asked: Asked) -> Screen:
    """Every page under its group; payment methods have a list of their own."""
    say = asked.tongue.say
    groups: dict[str, list[Tile]] = {}
    for page in PAGES:
        if page.code.startswith(PREFIX):
            groups.setdefault(PAYING, [Tile(say(PAYMENTS[0]), say(PAYMENTS[1]), address("payments"))])
        else:
            groups.setdefault(page.group, []).append(
                Tile(say(page.title), say(page.text), address(page.code))
            )
    given = Tile(say(DISCOUNTS[0]), say(DISCOUNTS[1]), address("discounts"))
    groups[ORDERS].insert(-2, given)
    groups[BUYING].insert(1, Tile(say(PRICES[0]), say(PRICES[1]), address("prices")))
    sent = Tile(say(SENDING[0]), say(SENDING[1]), address("exports"))
    groups.setdefault(ELSEWHERE, []).append(sent)
    if asked.staff.may("people.read"):
        groups[PEOPLE] = [Tile(say(TEAM[0]), say(TEAM[1]), address("people"))]
    return Screen("settings/overview.html.j2", {"groups": groups})


def payments(asked: Asked, desk: SettingsDesk) -> Screen:
    """The payment methods, those that customers can choose first."""
    names = [f"{PREFIX}{method}" for method in Method]
    found, at = desk.settings().sections(names), Reader(asked.tongue, "")
    rows = [_row(asked, method, found[f"{PREFIX}{method}"], at) for method in Method]
    return Screen("settings/payments.html.j2", {"rows": sorted(rows, key=lambda row: not row["enabled"])})


def _row(asked: Asked, method: str, section: Any, at: Reader) -> dict[str, Any]:
    usual = asked.tongue.word("METHOD", method)
    return {
        "address": address(f"{PREFIX}{method}"),
        "usual": usual,
        "title": section.title.of(asked.tongue.code) or usual,
        "enabled": section.enabled,
        "cancelled": Duration(optional=True).said(section.cancel_seconds, at)
        if section.cancel_seconds
        else "",
        "confirmed": section.reserve_on == "confirmed",
    }
