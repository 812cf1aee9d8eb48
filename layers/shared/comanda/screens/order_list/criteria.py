"""What the list is narrowed by: the query string as the panel's form sends it, and as a bookmark keeps it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from comanda.conversation.speech import N_
from comanda.orders import promised
from comanda.orders.derive import MARKS
from comanda.orders.filters import DATES, KNOWN, OPEN
from comanda.orders.vocabulary import (
    Channel,
    Fulfilment,
    HoldReason,
    Lifecycle,
    Method,
    Payment,
    Returns,
)
from comanda.screens.house.asked import BASE, Fields
from comanda.screens.house.tongue import Tongue
from comanda.screens.order_list import columns

DAY = re.compile(r"\d{4}-\d\d-\d\d")
PERIOD = "period"  # the panel's buttons for the days that are asked for most: word, first and last day ago
PERIODS = {
    "today": (N_("Today"), 0, 0),
    "yesterday": (N_("Yesterday"), 1, 1),
    "7": (N_("7 days"), 6, 0),
    "30": (N_("30 days"), 29, 0),
}
NEGATE = "negate"  # the panel's box "all but these"; in a bookmark it is `not.<name>`
OWN = (columns.NAME, NEGATE)
PAGING = ("sort", "limit", "cursor")
WORDS = ("q", *DATES, *promised.DAYS, *sorted(OPEN))
SHOWN = (
    "lifecycle",
    "payment",
    "fulfilment",
    "returns",
    "method",
    "channel",
    "hold",
    "verified",
    "money",
    "promised",
)
CHANNELS = {"web": N_("web"), "phone": N_("telephone"), "claroshop": "Claro Shop", "import": N_("import")}
HOLDS = {
    "true": N_("on hold, for any reason"),
    "manual": N_("held by hand"),
    "fraud": N_("suspicion of fraud"),
    "payment_mismatch": N_("payment does not match"),
    "payment_bounced": N_("payment came back"),
    "late_payment": N_("late payment"),
    "out_of_stock": N_("out of stock"),
    "unknown_effect": N_("outcome not known"),
    "effect_failed": N_("an outside call failed"),
    "step_failed": N_("a step failed"),
    "dispute": N_("dispute"),
    "address": N_("address"),
    "delivery_exception": N_("delivery trouble"),
    "export": N_("export"),
    "credit_limit": N_("credit limit"),
    "error": N_("marked as an error"),
}
MONEY = {
    "cheque_deposited": N_("cheque deposited"),
    "cheque_bounced": N_("cheque bounced"),
    "authorization_expiring": N_("authorised, about to lapse"),
    "authorization_lapsed": N_("authorisation lapsed"),
}
PROMISED = {"overdue": N_("overdue"), "any": N_("waits with a date")}
TITLES = {
    "lifecycle": N_("Order"),
    "payment": N_("Payment"),
    "fulfilment": N_("Delivery"),
    "returns": N_("Return"),
    "method": N_("Payment method"),
    "channel": N_("Channel"),
    "hold": N_("On hold"),
    "verified": N_("Customer"),
    "money": N_("Money waits for"),
    "promised": N_("Promised date"),
    "promised_from": N_("Promised from"),
    "promised_to": N_("Promised until"),
    "label": N_("Label"),
    "stage": N_("Stage"),
    "assigned": N_("Salesperson"),
    "tag": N_("Tag"),
    "q": N_("Search"),
    "created_from": N_("From"),
    "created_to": N_("Until"),
    "month": N_("Month"),
}
VALUES: dict[str, list[str]] = {
    "lifecycle": list(Lifecycle),
    "payment": list(Payment),
    "fulfilment": list(Fulfilment),
    "returns": list(Returns),
    "method": list(Method),
    "channel": list(Channel),
    "hold": ["true", *HoldReason],
    "verified": ["true", "false"],
    "money": list(MARKS),
    "promised": ["overdue", "any"],
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition that holds, and the address without it."""

    word: str
    without: str


def canonical(query: Fields) -> Fields:
    """What a bookmark keeps: no empty fields, negations by name, columns as one value."""
    negated = set(query.get(NEGATE, []))
    found: Fields = {}
    for name, values in query.items():
        kept = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if name in OWN or not kept:
            continue
        plain = name.removeprefix("not.")
        turned = f"not.{plain}" if plain in negated and name == plain else name
        found[turned] = list(dict.fromkeys(found.get(turned, []) + kept))
    shown = columns.canonical(query)
    return found | ({columns.NAME: shown} if shown else {})


def asked_of_list(query: Fields) -> Fields:
    """What the list itself understands: without what only this page knows."""
    return {name: values for name, values in query.items() if name not in OWN}


def as_filter(query: Fields) -> dict[str, Any]:
    """The same as a bulk job takes it."""
    return {
        name: values
        for name, values in asked_of_list(query).items()
        if name not in ("sort", "limit", "cursor")
    }


def address(query: Fields) -> str:
    text = urlencode(query, doseq=True)
    return f"{BASE}/orders" + (f"?{text}" if text else "")


def groups(query: Fields, tongue: Tongue) -> list[dict[str, Any]]:
    """The panel's groups of boxes, with what is ticked."""
    return [
        {
            "name": name,
            "title": tongue.say(TITLES[name]),
            "values": [
                (code, word_of(name, code, tongue), code in _ticked(query, name)) for code in VALUES[name]
            ],
            "negated": f"not.{name}" in query,
            "open": bool(_ticked(query, name)),
        }
        for name in SHOWN
    ]


def with_period(query: Fields, today: str) -> Fields:
    """The days of a button of the panel in place of those in the fields; `today` is the shop's."""
    chosen = PERIODS.get(query.get(PERIOD, [""])[-1])
    rest = {name: values for name, values in query.items() if name != PERIOD}
    if chosen is None:
        return rest
    ends = [(date.fromisoformat(today) - timedelta(days=ago)).isoformat() for ago in chosen[1:]]
    kept = {name: values for name, values in rest.items() if name not in DATES}
    return kept | {"created_from": ends[:1], "created_to": ends[1:]}


def chips(query: Fields, tongue: Tongue) -> list[Chip]:
    """Every condition in words, but for the label, which is a tab."""
    found = []
    for name, values in query.items():
        plain = name.removeprefix("not.")
        if name == "label" or not (plain in KNOWN or plain in WORDS):
            continue
        said = ", ".join(word_of(plain, value, tongue) for value in values)
        told = f"{tongue.say(TITLES[plain])}: {said}"
        word = tongue.say("not %(condition)s", condition=told) if name != plain else told
        rest = {key: kept for key, kept in query.items() if key not in (name, "cursor")}
        found.append(Chip(word, address(rest)))
    return found


def word_of(name: str, code: str, tongue: Tongue) -> str:
    """The word for a value of a condition."""
    if name in ("lifecycle", "payment", "fulfilment", "returns", "method", "label", "stage"):
        return tongue.word(name.upper(), code)
    if name in ("created_from", "created_to") and DAY.fullmatch(code):
        return tongue.day(code)
    if name == "verified":
        return tongue.say("verified") if code == "true" else tongue.say("not verified")
    known = {"channel": CHANNELS, "hold": HOLDS, "money": MONEY, "promised": PROMISED}.get(name, {}).get(code)
    return tongue.say(known) if known else code


def _ticked(query: Fields, name: str) -> set[str]:
    return {
        part for key in (name, f"not.{name}") for value in query.get(key, []) for part in value.split(",")
    }
