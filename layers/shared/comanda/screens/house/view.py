"""What every page knows: who looks, the menu, the messages, the forms' tokens."""

import secrets
from dataclasses import dataclass
from typing import Any

from comanda.runtime.requests import cookie
from comanda.screens.house import assets
from comanda.screens.house.asked import BASE, Asked
from comanda.screens.house.forms import masked
from comanda.screens.house.problems import Told
from comanda.screens.house.routing import House
from comanda.screens.house.tongue import Tongue

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Link:
    word: str
    address: str
    here: bool
    key: str
    count: str = ""


def theme_of(event: dict[str, Any]) -> str:
    """The theme somebody chose; empty for the system's own."""
    chosen = cookie(event, "theme")
    return chosen if chosen in THEMES else ""


def bare(event: dict[str, Any], tongue: Tongue) -> dict[str, Any]:
    """What a page knows of somebody who is not signed in."""
    return {
        "say": tongue.say,
        "say_many": tongue.say_many,
        "tongue": tongue,
        "theme": theme_of(event),
        "base": BASE,
        "asset": lambda name: assets.address(BASE, name),
    }


def around(asked: Asked, house: House, problem: Told | None) -> dict[str, Any]:
    """What a page knows of somebody signed in."""
    return bare(asked.event, asked.tongue) | {
        "asked": asked,
        "layout": "house/partial.html.j2" if asked.partial else "house/page.html.j2",
        "links": _links(asked, house),
        "may": asked.staff.may,
        "banners": [] if asked.partial else [one for found in house.banners for one in found(asked)],
        "passing": {"told": "", "undo": None} | asked.session.passing,
        "problem": problem,
        "kept": lambda action, name, otherwise="": _kept(asked, action, name, otherwise),
        "wrong": lambda action, name: _wrong(asked, problem, action, name),
        "csrf": masked(asked.session.csrf),
        "new_key": lambda: secrets.token_urlsafe(16),
    }


def _links(asked: Asked, house: House) -> list[Link]:
    return [
        Link(
            asked.tongue.say(entry.word),
            BASE + entry.path.rstrip("/"),
            _below(asked.path, entry.path),
            entry.key,
            BASE + entry.count if entry.count else "",
        )
        for entry in house.entries
        if asked.staff.may(entry.permission)
    ]


def _below(path: str, entry: str) -> bool:
    return path == entry or path.startswith(entry + "/")


def _kept(asked: Asked, action: str, name: str, otherwise: Any) -> Any:
    """What was typed into a field of this form before, else `otherwise`."""
    if asked.given.action != action:
        return otherwise
    values = asked.given.fields.get(name, [])
    return values[-1] if values else ""


def _wrong(asked: Asked, problem: Told | None, action: str, name: str) -> str:
    """What is wrong with a field of this form."""
    return problem.errors.get(name, "") if problem and asked.given.action == action else ""
