"""A page of the settings as a form: shown, rearranged, and saved under the version that was seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from comanda.errors import Invalid, Malformed, Problem, Stale
from comanda.screens.house.answers import Answer, Goto, Screen, Undo
from comanda.screens.house.asked import BASE, Asked, Fields, Given
from comanda.screens.house.way_in import typed as without_own
from comanda.screens.settings.arrange import arranged
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.difference import Change, changes
from comanda.screens.settings.kinds import Field, Reader
from comanda.screens.settings.nested import flat, nodes, placed, read
from comanda.screens.settings.options import reader
from comanda.screens.settings.page import Page
from comanda.screens.settings.pages_papers import FORMATS, KINDS
from comanda.screens.settings.pages_shop import LANGUAGES
from comanda.screens.settings.picture import with_files


@dataclass(frozen=True, slots=True)
class Shown:
    """The form as it is to be shown: what stands in it, the version it was made from, and why again."""

    typed: Fields
    seen: int
    opened: str = ""
    unsaved: bool = False
    since: tuple[Change, ...] = field(default=())


def address(code: str) -> str:
    return f"{BASE}/settings/{code}"


def number(fields: Fields, name: str) -> int:
    """A version in a form. Raises Malformed."""
    text = fields.get(name, [""])[-1]
    if not text.isdecimal() or not text.isascii() or len(text) > 12:
        raise Malformed("the form does not say which version it was made from")
    return int(text)


def show(asked: Asked, desk: SettingsDesk, page: Page) -> Screen:
    """The page as the section stands; after a sign-in with what had been typed."""
    at = reader(asked, desk, page.fields)
    if asked.given.action == address(page.code):
        fields = asked.given.fields
        return _screen(asked, desk, page, at, Shown(fields, number(fields, "seen"), unsaved=True))
    body, version = desk.body(page.section)
    return _screen(asked, desk, page, at, Shown(flat(page.fields, page.of(body), at), version))


def arrange(asked: Asked, desk: SettingsDesk, page: Page) -> Screen:
    """The form as it was typed, with a list in another order; nothing is saved. Raises Malformed."""
    at, fields, wish = reader(asked, desk, page.fields), sent(asked, page), asked.field("_do")
    after, opened = (fields, "") if wish == "preview" else arranged(page.fields, fields, wish, at)
    return _screen(asked, desk, page, at, Shown(after, number(fields, "seen"), opened, unsaved=True))


def save(asked: Asked, desk: SettingsDesk, page: Page) -> Answer:
    """Save the page's fields; refused it is shown as it was typed, and what others changed beside it."""
    at, fields = reader(asked, desk, page.fields), sent(asked, page)
    shown = Shown(fields, number(fields, "seen"), unsaved=True)
    try:
        body, _ = desk.body(page.section)
        after = body | understood(page.fields, fields, at)
        version = _stored(asked, desk, page, after, shown, at)
    except Stale as problem:
        shown = _overtaken(desk, page, shown, at)
        return _refused(_screen(asked, desk, page, at, shown), page, fields, problem)
    except Invalid as problem:
        marked = Invalid("", **problem.extra)  # each place says what is wrong
        return _refused(_screen(asked, desk, page, at, shown), page, fields, marked)
    return saved(asked, page.section, address(page.code), shown.seen, version)


def _stored(
    asked: Asked, desk: SettingsDesk, page: Page, after: dict[str, Any], shown: Shown, at: Reader
) -> int:
    """The new version. Raises Stale, and Invalid with pointers into the form."""
    try:
        return desk.save(page.section, after, shown.seen, asked.origin)[1]
    except Invalid as wrong:
        errors = placed(page.fields, shown.typed, at, wrong.extra.get("errors", ()))
        raise Invalid(wrong.detail, **wrong.extra | {"errors": errors}) from wrong


def sent(asked: Asked, page: Page) -> Fields:
    """What the form brought, its pictures among it."""
    return with_files(page.fields, without_own(asked.form), asked.files)


def saved(asked: Asked, section: str, back: str, seen: int, version: int) -> Goto:
    """The way back after saving, with the way to take it back."""
    say = asked.tongue.say
    if version == seen:
        return Goto(back, say("Nothing was different."))
    undo = Undo(say("Undo"), f"{address(section)}/restore", {"version": str(seen), "seen": str(version)})
    return Goto(back, say("Saved."), undo)


def understood(
    fields: Sequence[Field], typed: Fields, at: Reader, prefix: str = "", needed: Sequence[str] = ()
) -> dict[str, Any]:
    """What the form says of the fields, none of the `needed` ones empty.

    Raises Invalid with every place that cannot be read.
    """
    errors: list[dict[str, str]] = []

    def refuse(path: str, detail: str) -> None:
        errors.append({"pointer": "/" + path.replace(".", "/"), "detail": detail})

    found = read(fields, typed, at, refuse, prefix)
    for name in needed:
        if not found[name]:
            refuse(prefix + name, "must not be empty")
    if errors:
        raise Invalid("some fields cannot be read", errors=errors)
    return found


def _overtaken(desk: SettingsDesk, page: Page, shown: Shown, at: Reader) -> Shown:
    """The form made from the present version, with what was changed on this page since the one seen."""
    now, version = desk.body(page.section)
    before = desk.at(page.section, shown.seen)
    since = tuple(changes(page.fields, page.of(before), page.of(now), at)) if before else ()
    return replace(shown, seen=version, since=since)


def _refused(screen: Screen, page: Page, fields: Fields, problem: Problem) -> Screen:
    return replace(screen, problem=problem, given=Given(address(page.code), fields))


def _screen(asked: Asked, desk: SettingsDesk, page: Page, at: Reader, shown: Shown) -> Screen:
    last = desk.versions().latest(page.section, 1)
    return Screen(
        "settings/page.html.j2",
        {
            "page": page,
            "action": address(page.code),
            "nodes": nodes(page.fields, shown.typed, at),
            "shown": shown,
            "last": last[0] if last else None,
            "by": desk.name(last[0]["changed_by"], asked) if last else "",
            "papers": KINDS,
            "paper_tongues": LANGUAGES,
            "paper_formats": [(code, asked.tongue.say(word)) for code, word in FORMATS],
            "preview": _preview(page, shown.typed, desk, at),
        },
    )


def _preview(page: Page, typed: Fields, desk: SettingsDesk, at: Reader) -> list[dict[str, Any]]:
    """A payment method as customers see it, in both languages."""
    if not page.code.startswith("payments."):
        return []
    from comanda.screens.settings.preview import previews

    return previews(page, typed, desk, at)
