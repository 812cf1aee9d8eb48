"""Nonsense typed into forms: told in Spanish at its field, in the field's own measures, and kept as typed."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.scene import Scene
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.test_promise import shop, waiting

__all__ = ["shop", "waiting"]

MANY = "99999999999999"


@pytest.fixture
def scene(call: Call) -> Scene:
    return Scene(call, "Ana")


@pytest.fixture
def admin(aws: None) -> Visitor:
    return staff_at("admin", language="es")


def sent(who: Visitor, address: str, action: str, **typed: Any) -> Seen:
    seen = who.submit(who.get(address), action, **typed)
    assert seen.status == 422, seen.text
    shown = seen.form(action)
    assert {name: shown[name] for name in typed} == typed
    assert not seen.says("String should")
    assert not seen.says("Input should")
    assert not seen.says("^[")
    return seen


@pytest.mark.parametrize(
    ("page", "field", "typed", "told"),
    [
        ("payments.bank_transfer", "surcharge", MANY, "como máximo $10,000,000,000.00"),
        ("payments.bank_transfer", "hold_seconds", MANY, "como máximo 400 días"),
        ("payments.bank_transfer", "surcharge_ppm", "mucho", "un porcentaje de 0 a 100, como 12.5"),
        ("shop", "time_zone", "Marte", "un nombre de la base de zonas horarias IANA"),
        ("stock", "low_stock", "-5", "un número entero, como 5"),
    ],
)
def test_settings_say_limits_as_people_do(
    admin: Visitor, page: str, field: str, typed: str, told: str
) -> None:
    assert sent(admin, f"/settings/{page}", f"/settings/{page}", **{field: typed}).says(told)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"code": "A!"}, "lleva de 2 a 40 letras, cifras, _ y -"),
        ({"code": "VERANO"}, "da un porcentaje, un importe o el envío gratis"),
        (
            {
                "code": "V1",
                "percent_ppm": "10",
                "valid_from": "2026-12-24T10:00",
                "valid_to": "2026-12-01T10:00",
            },
            "termina antes de empezar",
        ),
    ],
)
def test_a_code_that_contradicts_itself_says_how(admin: Visitor, typed: dict[str, str], told: str) -> None:
    assert sent(admin, "/settings/discounts/add", "/discounts/add", **typed).says(told)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("shipping_address.country", "México", "lleva dos letras, como MX"),
        ("discount_code", "NADIE", "no es un código válido"),
        ("assigned", "Nadie", "todavía nadie vende aquí"),
        ("tags", "urgente !!", "una etiqueta lleva letras o cifras"),
    ],
)
def test_a_draft_says_what_is_wrong_at_its_field(
    admin: Visitor, scene: Scene, field: str, typed: str, told: str
) -> None:
    address, beside = f"/orders/{scene.draft}/draft", {"shipping_address.line1": "Calle 1"}
    assert sent(admin, address, address, **beside | {field: typed}).says(told)


def test_an_amount_beyond_all_orders_is_refused_beside_it(admin: Visitor, scene: Scene) -> None:
    page = f"/orders/{scene.order}?do=edit"
    seen = sent(admin, page, f"/orders/{scene.order}/edit", **{"discount.amount": MANY})
    assert seen.says("tiene que ser como máximo")
    assert seen.says("falta")


def test_what_was_typed_into_a_change_outlives_a_colleagues(admin: Visitor, scene: Scene) -> None:
    address, form = f"/orders/{scene.order}?do=edit", f"/orders/{scene.order}/edit"
    mine = admin.get(address)
    other = staff_at("staff", language="es")
    line = next(name for name in mine.form(form) if name.endswith(".quantity") and "lines." in name)
    assert other.submit(other.get(address), form, **{line: "3"}).status == 303
    late = admin.submit(mine, form, **{line: "1", "note": "Solo quiere una"})
    assert late.status == 412
    assert late.says("Alguien lo cambió mientras tanto")
    assert (late.form(form)[line], late.form(form)["note"]) == ("1", "Solo quiere una")


def test_nothing_is_promised_for_a_day_that_has_passed(admin: Visitor, waiting: str) -> None:
    page = f"/orders/{waiting}?do=promise"
    seen = sent(admin, page, f"/orders/{waiting}/promise", promised_at="2020-01-01")
    assert seen.says("un día que no haya pasado")
