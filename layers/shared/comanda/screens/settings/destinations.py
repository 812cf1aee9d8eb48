"""Export destinations as forms: a list of them, and a page for each."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from comanda.errors import Invalid, NotFound, Stale
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import Asked, Fields, Given
from comanda.screens.house.way_in import typed as without_own
from comanda.screens.settings.desk import SettingsDesk
from comanda.screens.settings.destination import BLANK, FIELDS, KEPT
from comanda.screens.settings.form import Shown, address, number, saved, understood
from comanda.screens.settings.kinds import Reader, last
from comanda.screens.settings.nested import flat, nodes

FORM = tuple(one for one in FIELDS if one.name not in KEPT)
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
FRESH = "new"  # where the fields of a destination stand that has no code yet


def place(code: str) -> str:
    """The address of a destination's page."""
    return f"{address('exports')}/to/{quote(code, safe='')}" if code else f"{address('exports')}/add"


def listed(asked: Asked, desk: SettingsDesk) -> Screen:
    found = desk.settings().section("exports")[0].destinations
    rows = [{"code": code, "address": place(code), "to": to} for code, to in found.items()]
    return Screen("settings/destinations.html.j2", {"rows": rows})


def show(asked: Asked, desk: SettingsDesk, code: str) -> Screen:
    """The page of one, or of a new one. Raises NotFound."""
    at = Reader(asked.tongue, "")
    found, version = desk.settings().section("exports")
    body = _body(found.model_dump(mode="json"), code)
    if asked.given.action == place(code):
        fields = asked.given.fields
        return _screen(desk, code, body, at, Shown(fields, number(fields, "seen"), unsaved=True))
    typed = flat(FORM, body, at, _prefix(code)) | {"code": [""]}
    return _screen(desk, code, body, at, Shown(typed, version))


def save(asked: Asked, desk: SettingsDesk, code: str) -> Answer:
    """Save it; refused the form is shown as it was typed. Raises NotFound."""
    at, fields = Reader(asked.tongue, ""), without_own(asked.form)
    whole, version = desk.body("exports")
    body, seen = _body(whole, code), number(fields, "seen")
    try:
        named = code or _new_code(asked, fields, whole["destinations"])
        typed = understood(FORM, fields, at, _prefix(code), needed=("host", "username"))
        after = whole["destinations"] | {named: body | typed | _key(body, typed)}
        _, made = desk.save("exports", whole | {"destinations": after}, seen, asked.origin)
    except (Stale, Invalid) as problem:
        shown = Shown(fields, version if isinstance(problem, Stale) else seen, unsaved=True)
        marked = (
            Invalid("", errors=_beside(problem.extra["errors"], code, fields)) if problem.extra else problem
        )
        screen = _screen(desk, code, body, at, shown)
        return replace(screen, problem=marked, given=Given(place(code), fields))
    return saved(asked, "exports", place(named), seen, made)


def remove(asked: Asked, desk: SettingsDesk, code: str) -> Answer:
    """Orders are not sent there any more; what was sent stays known. Raises NotFound, Stale."""
    _body(desk.body("exports")[0], code)
    seen = number(asked.form, "seen")
    _, made = desk.change("exports", {"destinations": {code: None}}, seen, asked.origin)
    gone = saved(asked, "exports", address("exports"), seen, made)
    return Goto(gone.address, asked.tongue.say("%(destination)s is removed.", destination=code), gone.undo)


def _body(whole: dict[str, Any], code: str) -> dict[str, Any]:
    if code and code not in whole["destinations"]:
        raise NotFound(f"there is no export destination {code!r}")
    found: dict[str, Any] = whole["destinations"][code] if code else BLANK
    return found


def _prefix(code: str) -> str:
    return f"destinations.{code or FRESH}."


def _key(before: dict[str, Any], typed: dict[str, Any]) -> dict[str, str]:
    """Another server has another key: the confirmed one is forgotten."""
    same = (before["host"], before["port"]) == (typed["host"], typed["port"])
    return {} if same else {"host_key": ""}


def _new_code(asked: Asked, fields: Fields, known: dict[str, Any]) -> str:
    """Raises Invalid at its field."""
    code = last(fields, "code")
    if not CODE.fullmatch(code):
        raise Invalid.at("/code", f"must look like {'^[a-z0-9][a-z0-9_-]{0,39}$'}")
    if code in known:
        raise Invalid.at("/code", asked.tongue.say("there is one of this name already"))
    return code


def _beside(errors: list[dict[str, str]], code: str, fields: Fields) -> list[dict[str, str]]:
    """The places of a new destination are those of its form, which does not know its code."""
    if code:
        return errors
    own = f"/destinations/{last(fields, 'code')}/"
    return [one | {"pointer": one["pointer"].replace(own, f"/destinations/{FRESH}/", 1)} for one in errors]


def _screen(desk: SettingsDesk, code: str, body: dict[str, Any], at: Reader, shown: Shown) -> Screen:
    return Screen(
        "settings/destination.html.j2",
        {
            "code": code,
            "action": place(code),
            "nodes": nodes(FORM, shown.typed, at, _prefix(code)),
            "shown": shown,
            "typed_code": last(shown.typed, "code"),
            "fingerprint": fingerprint(body["host_key"]),
            "secret": '{"%s": {"private_key": "-----BEGIN OPENSSH PRIVATE KEY-----…"}}' % (code or "…"),
        },
    )


def fingerprint(line: str) -> str:
    """A host key as people compare it: its kind and SHA256, as `ssh-keygen -lf` prints it (RFC 4253, 6.6)."""
    import hashlib
    from base64 import b64decode, b64encode

    words = line.split()
    if len(words) < 2:
        return ""
    try:
        digest = hashlib.sha256(b64decode(words[1], validate=True)).digest()
    except ValueError:
        return ""
    return f"{words[0]} SHA256:{b64encode(digest).decode().rstrip('=')}"
