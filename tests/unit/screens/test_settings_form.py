"""A settings form and the section behind it say the same."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from comanda.conversation.speech import Speech
from comanda.errors import Malformed
from comanda.screens.house.tongue import Tongue
from comanda.screens.settings import destination
from comanda.screens.settings.arrange import arranged
from comanda.screens.settings.chosen import Choice, Tick, Ticks
from comanda.screens.settings.difference import changes
from comanda.screens.settings.kinds import Field, Reader
from comanda.screens.settings.lengths import Duration, Durations, Moment
from comanda.screens.settings.measures import percent, ppm, split, units
from comanda.screens.settings.nested import Filed, Group, Rows, flat, placed, read
from comanda.screens.settings.pages import PAGES, SECTION_WORDS, all_fields
from comanda.screens.settings.picture import Picture
from comanda.screens.settings.plain import Amount, Codes, Lines, Number, Percent, Text, Words
from comanda.settings.sections import DEFAULTS, SECTIONS, Destination
from comanda.settings.sections import Words as BothWords
from comanda.times import stamp
from tests.unit.documents.papers import png

AT = Reader(
    Tongue(Speech("es", "MX", "America/Mexico_City"), datetime(2026, 11, 22, tzinfo=UTC)),
    "MXN",
    {"deliveries": (("ship", "Envío"), ("pickup", "Recoger"))},
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
LONG = st.lists(TEXT.filter(bool), max_size=3).map("\n".join)


def refused(path: str, detail: str) -> None:
    raise AssertionError((path, detail))


def may_be_none(kind: Any, found: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return found | st.none() if kind.optional else found


def empty(kind: Any) -> str | None:
    return None if kind.optional else ""


# What a section may say where the form has a field of this kind.
VALUES: dict[type[Any], Callable[[Any], st.SearchStrategy[Any]]] = {
    Text: lambda kind: (LONG if kind.long else TEXT).map(
        lambda text: text or (None if kind.optional else "")
    ),
    Number: lambda kind: may_be_none(kind, st.integers(0, 10**12)),
    Amount: lambda kind: may_be_none(kind, st.integers(0, 10**12)),
    Percent: lambda kind: st.integers(0, 1_000_000),
    Duration: lambda kind: may_be_none(kind, st.integers(1, 400 * 86_400 // kind.base)),
    Codes: lambda kind: st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), max_size=4),
    Durations: lambda kind: st.lists(st.integers(1, 400 * 86_400), max_size=4),
    Tick: lambda kind: st.booleans(),
    Choice: lambda kind: st.sampled_from([code for code, _ in kind.options] or ["MX", "u-1"]),
    Ticks: lambda kind: st.lists(st.sampled_from([code for code, _ in kind.known(AT, ())]), unique=True),
    Words: lambda kind: st.fixed_dictionaries(dict.fromkeys(("es", "en"), LONG if kind.long else TEXT)),
    Lines: lambda kind: st.lists(TEXT.filter(bool), max_size=4),
    Picture: lambda kind: st.sampled_from(["", b64encode(png()).decode()]),
    Group: lambda kind: sections(kind.fields),
    Rows: lambda kind: st.lists(sections(kind.fields), max_size=3),
    Filed: lambda kind: st.dictionaries(
        VALUES[type(kind.key.kind)](kind.key.kind), sections(kind.fields), max_size=3
    ),
}


def sections(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({one.name: VALUES[type(one.kind)](one.kind) for one in fields})


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.code != "payments.stripe"], ids=lambda p: p.code
)
def test_every_page_reads_back_what_it_shows(page: Any) -> None:
    @given(sections(page.fields))
    def reads_back(section: dict[str, Any]) -> None:
        assert read(page.fields, flat(page.fields, section, AT), AT, refused) == section

    reads_back()


@given(sections(tuple(one for one in destination.FIELDS)))
def test_a_destination_reads_back_what_it_shows(section: dict[str, Any]) -> None:
    assert read(destination.FIELDS, flat(destination.FIELDS, section, AT), AT, refused) == section


@pytest.mark.parametrize("name", [name for name in SECTIONS if name != "exports"])
def test_what_a_fresh_shop_has_comes_back_the_same(name: str) -> None:
    section = SECTIONS[name].model_validate(DEFAULTS.get(name, {}))
    fields = all_fields(name)
    body = section.model_dump(mode="json")
    found = read(fields, flat(fields, body, AT), AT, refused)
    assert SECTIONS[name].model_validate(found) == section


@given(st.datetimes(datetime(2023, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_is_shown(at: datetime) -> None:
    kind, value = Moment(), stamp(at)
    assert kind.read("m", kind.flat("m", value, AT), AT, refused) == value
    assert kind.read("m", kind.flat("m", "", AT), AT, refused) == ""


def leaves(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def inner(annotation: Any) -> type[BaseModel] | None:
    """The section inside a list, an optional value, or itself."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return None if annotation is BothWords else annotation
    return next((found for one in getattr(annotation, "__args__", ()) if (found := inner(one))), None)


def covered(model: type[BaseModel], fields: tuple[Field, ...], where: str) -> None:
    assert sorted(one.name for one in fields) == sorted(leaves(model)), where
    for one in fields:
        below = inner(model.model_fields[one.name].annotation)
        if below is not None and below is not Destination:
            assert isinstance(one.kind, Group | Rows), f"{where}.{one.name}"
            covered(below, one.kind.fields, f"{where}.{one.name}")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_field_of_every_section_stands_on_one_page(name: str) -> None:
    covered(SECTIONS[name], all_fields(name), name)
    assert name in SECTION_WORDS


def test_the_form_of_a_destination_has_all_its_fields() -> None:
    assert sorted(one.name for one in destination.FIELDS) == sorted(leaves(Destination))
    assert destination.BLANK.keys() == leaves(Destination)


@given(st.integers(0, 1_000_000))
def test_a_percentage_is_read_as_it_is_shown(value: int) -> None:
    assert ppm(percent(value)) == ppm(percent(value).replace(".", ",") + " %") == value


@pytest.mark.parametrize("text", ["", "101", "-1", "1.23456", "ten", "1e2", "٣"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        ppm(text)


@given(st.integers(1, 400 * 86_400), st.sampled_from([1, 60]))
def test_a_length_is_shown_in_its_largest_whole_unit(value: int, base: int) -> None:
    number, unit = split(value, base)
    assert number * units(base)[unit] == value
    assert all(worth <= units(base)[unit] for worth in units(base).values() if value % worth == 0)


NAME = Field("name", "Name", Text())
INNER = Field("inner", "Inner", Rows((NAME,), {"name": ""}, "name"))
LISTS = (Field("rows", "Rows", Rows((NAME, INNER), {"name": "", "inner": []}, "row")),)


def listed(*names: str) -> dict[str, Any]:
    return {
        "rows": [{"name": name, "inner": [{"name": f"{name}-1"}, {"name": f"{name}-2"}]} for name in names]
    }


def after(wish: str, *names: str) -> tuple[dict[str, Any], str]:
    typed, opened = arranged(LISTS, flat(LISTS, listed(*names), AT) | {"other": ["kept"]}, wish, AT)
    assert typed["other"] == ["kept"]
    return read(LISTS, typed, AT, refused), opened


def test_a_list_is_put_in_order_without_a_script() -> None:
    assert after("up rows 1", "a", "b", "c") == (listed("b", "a", "c"), "rows.0")
    assert after("down rows 1", "a", "b", "c") == (listed("a", "c", "b"), "rows.2")
    assert after("up rows 0", "a", "b") == (listed("a", "b"), "rows.0")
    assert after("remove rows 0", "a", "b") == (listed("b"), "rows")
    found, opened = after("add rows", "a")
    assert (found["rows"][1], opened) == ({"name": "", "inner": []}, "rows.1")


def test_a_list_inside_an_entry_is_put_in_order_too() -> None:
    found, opened = after("down rows.1.inner 0", "a", "b")
    assert found["rows"][1]["inner"] == [{"name": "b-2"}, {"name": "b-1"}]
    assert (found["rows"][0], opened) == (listed("a")["rows"][0], "rows.1.inner.1")


@pytest.mark.parametrize(
    "wish",
    ["", "add", "add nothing", "add rows.name", "up rows x", "up rows 9", "eat rows 0", "add rows.0.name"],
)
def test_a_wish_that_is_none_is_refused(wish: str) -> None:
    with pytest.raises(Malformed):
        after(wish, "a")


@given(
    st.lists(TEXT, max_size=5),
    st.lists(st.tuples(st.sampled_from(["up", "down"]), st.integers(0, 4)), max_size=6),
)
def test_putting_in_order_loses_and_doubles_nothing(names: list[str], wishes: list[tuple[str, int]]) -> None:
    typed = flat(LISTS, listed(*names), AT)
    for does, index in wishes:
        if index < len(names):
            typed, _ = arranged(LISTS, typed, f"{does} rows {index}", AT)
    found = read(LISTS, typed, AT, refused)
    assert sorted(map(str, found["rows"])) == sorted(map(str, listed(*names)["rows"]))


def told(name: str, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    body = SECTIONS[name].model_validate(before).model_dump(mode="json")
    now = SECTIONS[name].model_validate(after).model_dump(mode="json")
    return [(one.label, one.before, one.after) for one in changes(all_fields(name), body, now, AT)]


def test_a_change_is_told_in_the_words_of_the_form() -> None:
    zone = {"name": "Centro", "price": 7900}
    before = {"deliveries": [{"code": "ship", "zones": [zone]}, {"code": "pickup"}]}
    after = {"deliveries": [{"code": "ship", "zones": [zone | {"price": 8900, "free_from": 100_000}]}]}
    found = told("shipping", before, after)
    assert found[:2] == [
        ("Formas de entrega › ship › Zonas › Centro › Precio", "$79.00", "$89.00"),
        ("Formas de entrega › ship › Zonas › Centro › Gratis desde una compra de", "—", "$1,000.00"),
    ]
    assert [one[0] for one in found[2:]] == ["Formas de entrega › pickup"]


def test_lengths_yes_and_no_and_another_order_are_told() -> None:
    assert told(
        "payments.cheque", {}, {"hold_seconds": 3600, "remind_seconds": None, "ship_before_payment": True}
    ) == [
        ("Las unidades de un pedido sin pagar se apartan", "7 días", "1 hora"),
        ("Se le recuerda al cliente después de", "2 días", "—"),
        ("Se puede enviar antes de recibir el dinero", "no", "sí"),
    ]
    one, two = {"name": "a", "label": {"es": "A"}}, {"name": "b", "label": {"es": "B"}}
    assert told("checkout", {"fields": [one, two]}, {"fields": [two, one]}) == [
        ("Tus preguntas › orden de la lista", "a, b", "b, a")
    ]


@given(sections(all_fields("sales")), sections(all_fields("sales")))
def test_what_differs_is_told_and_what_is_the_same_is_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert list(changes(all_fields("sales"), one, one, AT)) == []
    assert bool(list(changes(all_fields("sales"), one, other, AT))) == (one != other)


@pytest.mark.parametrize("kind", [Duration(), Durations()])
def test_a_length_beyond_400_days_is_refused_in_days(kind: Any) -> None:
    for typed, wrong in ((("400", "d"), []), (("401", "d"), ["como máximo 400 días"])):
        told: list[str] = []
        one = isinstance(kind, Duration)
        given = {"x": [typed[0]], "x.unit": [typed[1]]} if one else {"x": [f"2 h, {' '.join(typed)}"]}
        kind.read("x", given, AT, lambda path, detail, told=told: told.append(detail))
        assert told == wrong


def test_what_is_wrong_with_an_entry_under_a_word_is_said_at_its_place() -> None:
    fields = all_fields("carriers")
    blank = next(one.kind for one in fields if one.name == "senders").blank  # type: ignore[attr-defined]
    senders = {"": blank, "norte": blank}
    typed = flat(fields, SECTIONS["carriers"]().model_dump(mode="json") | {"senders": senders}, AT)
    told = [
        {"pointer": "/senders/norte/city", "detail": "a"},
        {"pointer": "/senders//line1", "detail": "b"},
        {"pointer": "/senders/norte/[key]", "detail": "c"},
        {"pointer": "/accounts/1/code", "detail": "d"},
    ]
    assert [one["pointer"] for one in placed(fields, typed, AT, told)] == [
        "/senders/1/city",
        "/senders/0/line1",
        "/senders/1/place",
        "/accounts/1/code",
    ]
    typed["senders.1.place"] = [""]
    refusals: list[str] = []
    read(fields, typed, AT, lambda path, detail: refusals.append(path))
    assert refusals == ["senders.1.place"]
