"""Discount codes of their own: the list, one code as a form, its uses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from comanda.backoffice.routes_discounts import CodeBody
from comanda.conversation.speech import N_
from comanda.discounts.edit_codes import change_code, create_code, list_codes, show_code
from comanda.discounts.model import DiscountCode, spelt
from comanda.discounts.store import CodeStore
from comanda.errors import Invalid, Stale
from comanda.runtime.http.wording import worded
from comanda.screens.house.answers import Answer, Goto, Screen
from comanda.screens.house.asked import Asked, Fields, Given
from comanda.screens.house.routing import House
from comanda.screens.house.way_in import typed as without_own
from comanda.screens.settings.chosen import Tick, Ticks
from comanda.screens.settings.form import Shown, address, number
from comanda.screens.settings.kinds import Field, Reader, last
from comanda.screens.settings.lengths import Moment
from comanda.screens.settings.nested import flat, nodes, read
from comanda.screens.settings.plain import Amount, Lines, Number, Percent, Text
from comanda.settings.store import SettingsStore

PAGE = 50
MONEY = ("amount", "minimum_subtotal")
FORM = (
    Field("active", N_("In use"), Tick()),
    Field("percent_ppm", N_("Per cent off"), Percent()),
    Field("amount", N_("or an amount off"), Amount()),
    Field("free_shipping", N_("Free delivery"), Tick()),
    Field("valid_from", N_("Valid from"), Moment(), N_("In the shop's time zone. Empty: at once.")),
    Field("valid_to", N_("Valid until"), Moment(), N_("Empty: without an end.")),
    Field("minimum_subtotal", N_("For goods worth at least"), Amount()),
    Field(
        "groups", N_("Only for these groups of customers"), Ticks(more="groups"), N_("None: for everybody.")
    ),
    Field("skus", N_("Only for these products"), Lines(), N_("A product code on each line. Empty: all.")),
    Field("max_uses", N_("Times it can be used in all"), Number(optional=True), N_("Empty: any number.")),
    Field(
        "max_uses_per_customer",
        N_("Times each customer can use it"),
        Number(optional=True),
        N_("Empty: any number."),
    ),
    Field("note", N_("For yourselves"), Text()),
)


@dataclass(frozen=True, slots=True)
class CodeDesk:
    codes: Callable[[], CodeStore]
    settings: Callable[[], SettingsStore]


def hang_codes(house: House, desk: CodeDesk) -> None:
    @house.get("/settings/discounts", "discounts.read")
    def listed(asked: Asked) -> Answer:
        items, after = list_codes(desk.codes(), limit=PAGE, after=asked.word("after")[:80])
        at = _reader(asked, desk)
        rows = [{"code": one, "address": _place(one["code"]), "gives": _gives(one, at)} for one in items]
        older = asked.address(after=after) if after else ""
        newest = asked.address(after=None) if asked.word("after") else ""
        return Screen("settings/codes.html.j2", {"rows": rows, "older": older, "newest": newest})

    @house.get("/settings/discounts/add", "discounts.write")
    def fresh(asked: Asked) -> Answer:
        return _shown(asked, desk, "")

    @house.post("/settings/discounts/add", "discounts.write")
    def add(asked: Asked) -> Answer:
        return _saved(asked, desk, "")

    @house.get("/settings/discounts/is/<discount>", "discounts.read")
    def one(asked: Asked, discount: str) -> Answer:
        return _shown(asked, desk, discount)

    @house.post("/settings/discounts/is/<discount>", "discounts.write")
    def save(asked: Asked, discount: str) -> Answer:
        return _saved(asked, desk, discount)


def _shown(asked: Asked, desk: CodeDesk, name: str) -> Screen:
    at = _reader(asked, desk)
    found, version = show_code(desk.codes(), spelt(name)) if name else (DiscountCode("").to_dict(), 0)
    if asked.given.action == _place(name):
        fields = asked.given.fields
        return _screen(name, found, at, Shown(fields, number(fields, "seen"), unsaved=True))
    return _screen(name, found, at, Shown(flat(FORM, found, at) | {"code": [""]}, version))


def _saved(asked: Asked, desk: CodeDesk, name: str) -> Answer:
    """Save it under the version that was seen; refused the form is shown as it was typed. Raises NotFound."""
    at, fields = _reader(asked, desk), without_own(asked.form)
    found, version = show_code(desk.codes(), spelt(name)) if name else (DiscountCode("").to_dict(), 0)
    seen, origin = number(fields, "seen"), asked.origin
    named = name or last(fields, "code")
    try:
        values = _values(named, fields, at)
        if name:
            change_code(desk.codes(), spelt(name), values, seen=seen, at=origin.at, actor=origin.actor)
        else:
            fresh = DiscountCode(spelt(named), **values)
            create_code(desk.codes(), fresh, at=origin.at, actor=origin.actor)
    except (Stale, Invalid) as problem:
        shown = Shown(fields, version if isinstance(problem, Stale) else seen, unsaved=True)
        marked = Invalid("", **problem.extra) if isinstance(problem, Invalid) else problem
        return replace(_screen(name, found, at, shown), problem=marked, given=Given(_place(name), fields))
    return Goto(_place(spelt(named)), asked.tongue.say("Saved."))


def _values(name: str, fields: Fields, at: Reader) -> dict[str, Any]:
    """What the form says, judged as the staff API judges it. Raises Invalid at each field."""
    errors: list[dict[str, str]] = []

    def refuse(path: str, detail: str) -> None:
        errors.append({"pointer": f"/{path}", "detail": detail})

    found: dict[str, Any] = read(FORM, fields, at, refuse)
    if errors:
        raise Invalid("some fields cannot be read", errors=errors)
    amounts = {field: {"amount": found[field], "currency": at.currency} for field in MONEY}
    moments = {field: found[field] or None for field in ("valid_from", "valid_to")}
    try:
        body = CodeBody.model_validate(found | amounts | moments | {"code": name})
    except ValidationError as error:
        places = [{"pointer": f"/{one['loc'][0]}", "detail": worded(one)} for one in error.errors()]
        raise Invalid("this code would not be valid", errors=places) from error
    return body.values(at.currency)


def _screen(name: str, found: dict[str, Any], at: Reader, shown: Shown) -> Screen:
    return Screen(
        "settings/code.html.j2",
        {
            "code": found["code"],
            "action": _place(name),
            "nodes": nodes(FORM, shown.typed, at),
            "shown": shown,
            "typed_code": last(shown.typed, "code"),
            "used": found.get("used", 0),
        },
    )


def _gives(code: dict[str, Any], at: Reader) -> str:
    """What a code takes off, in a few words."""
    told = [
        Percent().said(code["percent_ppm"], at) if code["percent_ppm"] else "",
        Amount().said(code["amount"], at) if code["amount"] else "",
        at.tongue.say("Free delivery") if code["free_shipping"] else "",
    ]
    return ", ".join(one for one in told if one)


def _reader(asked: Asked, desk: CodeDesk) -> Reader:
    found = desk.settings().sections(["shop", "customers"])
    groups = tuple(
        (one.code, one.title.of(asked.tongue.code) or one.code) for one in found["customers"].groups
    )
    return Reader(asked.tongue, str(found["shop"].currency), {"groups": groups})


def _place(name: str) -> str:
    return f"{address('discounts')}/is/{quote(name, safe='')}" if name else f"{address('discounts')}/add"
