"""A section's history: who changed what and when, and bringing an earlier state back."""

from collections.abc import Iterator
from typing import Any

from comanda.errors import NotFound, Stale
from comanda.screens.house.answers import Answer, Screen
from comanda.screens.house.asked import Asked, Given
from comanda.screens.house.asked import Fields as Typed
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.difference import changes
from comanda.screens.settings.form import address, number, saved
from comanda.screens.settings.kinds import Reader
from comanda.screens.settings.options import reader
from comanda.screens.settings.pages import SECTION_WORDS, all_fields

PAGE = 20
MOST_LATER = 100  # changes that a warning counts


def history(asked: Asked, desk: SettingsDesk, section: str) -> Screen:
    """The changes of a section, newest first. Raises NotFound."""
    now, version = desk.body(section)
    at, before = _reader(asked, desk, section), _whole(asked.word("before"))
    found = desk.versions().latest(section, PAGE + 1, before)
    after = (desk.at(section, before - 1) or now) if before else now
    return Screen(
        "settings/history.html.j2",
        {
            "section": section,
            "title": SECTION_WORDS[section],
            "entries": list(_entries(asked, desk, section, found[:PAGE], after, at)),
            "version": version,
            "back": _back(section),
            "older": asked.address(before=str(found[PAGE - 1]["version"])) if len(found) > PAGE else "",
            "newest": asked.address(before=None) if before else "",
        },
    )


def _entries(
    asked: Asked,
    desk: SettingsDesk,
    section: str,
    found: list[dict[str, Any]],
    after: dict[str, Any],
    at: Reader,
) -> Iterator[dict[str, Any]]:
    """Each change with what it changed; what it made is what the next newer one began with."""
    for one in found:
        told = list(changes(all_fields(section), one["before"], after, at))
        yield {**one, "by": desk.name(one["changed_by"], asked), "changes": told}
        after = one["before"]


def earlier(asked: Asked, desk: SettingsDesk, section: str, version: int) -> Screen:
    """What bringing an earlier version back would change, and what it would undo as well. Raises NotFound."""
    now, present = desk.body(section)
    then = desk.at(section, version)
    if then is None or version > present:
        raise NotFound(f"section {section} has no version {version}")
    at = _reader(asked, desk, section)
    later = [one for one in desk.versions().latest(section, MOST_LATER) if one["version"] > version]
    return Screen(
        "settings/earlier.html.j2",
        {
            "section": section,
            "title": SECTION_WORDS[section],
            "version": version,
            "seen": present,
            "changes": list(changes(all_fields(section), now, then, at)),
            "later": list(_entries(asked, desk, section, later, now, at)),
            "action": f"{address(section)}/restore",
        },
    )


def restore(asked: Asked, desk: SettingsDesk, section: str) -> Answer:
    """Bring an earlier version back as a new one; who did not see the present one is warned first."""
    version, seen = number(asked.form, "version"), number(asked.form, "seen")
    try:
        _, made = desk.restore(section, version, seen, asked.origin)
    except Stale as problem:
        shown = earlier(asked, desk, section, version)
        typed: Typed = {"version": [str(version)]}
        return Screen(
            shown.template, shown.values, problem=problem, given=Given(shown.values["action"], typed)
        )
    return saved(asked, section, asked.field("back") or _back(section), seen, made)


def _reader(asked: Asked, desk: SettingsDesk, section: str) -> Reader:
    desk.body(section)  # NotFound before its fields are looked for
    return reader(asked, desk, all_fields(section))


def _back(section: str) -> str:
    return address(section)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 11 else 0
