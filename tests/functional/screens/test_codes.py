"""Discount codes in the back office: made, changed, switched off, and refused with their places."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.visitor import Visitor, staff_at
from tests.functional.shop import order_body, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("F21", "A20")

CODES = "/settings/discounts"


@pytest.fixture
def staff(aws: None) -> Visitor:
    return staff_at()


def add(staff: Visitor, **typed: Any) -> Any:
    page = staff.get(f"{CODES}/add")
    return staff.submit(page, f"{CODES}/add", **({"code": "verano", "percent_ppm": "12.5"} | typed))


def code(call: Call, name: str = "VERANO") -> dict[str, Any]:
    body: dict[str, Any] = ask(call, "GET", f"/admin/discount-codes/{name}").body
    return body


def test_a_code_is_made_and_counts_at_the_checkout(call: Call, staff: Visitor) -> None:
    stock_product()
    set_section("customers", groups=[{"code": "mayoreo", "title": {"es": "Mayoreo"}}])
    assert staff.get(CODES).says("There is no code yet")
    typed = {
        "valid_from": "2026-01-01T09:00",
        "max_uses": "2",
        "minimum_subtotal": "100",
        "skus": "CAFE-1\r\n",
    }
    page = staff.follow(add(staff, **typed))
    assert page.says("Saved.")
    found = code(call)
    assert (found["percent_ppm"], found["max_uses"], found["skus"]) == (125_000, 2, ["CAFE-1"])
    assert found["valid_from"] == "2026-01-01T15:00:00.000Z"
    assert page.form(f"{CODES}/is/VERANO")["valid_from"] == "2026-01-01T09:00"
    body = order_body(discount_code="verano")
    placed = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"}).body
    assert placed["totals"]["discount"]["amount"] == 2900
    staff.language = "es"
    assert staff.get(CODES).says("12.5 %")
    assert staff.get(CODES).says("1 / 2")


def test_a_code_is_changed_under_its_version_and_switched_off(call: Call, staff: Visitor) -> None:
    page = staff.follow(add(staff))
    staff.submit(page, f"{CODES}/is/VERANO", active=[], amount="50")
    assert (code(call)["active"], code(call)["amount"]["amount"]) == (False, 5000)
    before = contents()["SettingsTable"]
    stale = staff.submit(page, f"{CODES}/is/VERANO", percent_ppm="20")
    assert stale.status == 412
    assert stale.form(f"{CODES}/is/VERANO")["percent_ppm"] == "20"
    assert contents()["SettingsTable"] == before
    staff.submit(staff.get(f"{CODES}/is/VERANO"), f"{CODES}/is/VERANO")
    assert contents()["SettingsTable"] == before


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"percent_ppm": "0"}, "percent_ppm"),
        ({"percent_ppm": "ten"}, "percent_ppm"),
        ({"code": "á"}, "code"),
        ({"max_uses": "0"}, "max_uses"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": "2026-02-01T00:00", "valid_to": "2026-01-01T00:00"}, "valid_to"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    staff: Visitor, typed: dict[str, str], field: str
) -> None:
    before = contents()["SettingsTable"]
    refused = add(staff, note="para marzo", **typed)
    assert refused.status == 422
    assert 'aria-invalid="true"' in refused.text.split(f'name="{field}"')[1].split(">")[0]
    assert refused.form(f"{CODES}/add")["note"] == "para marzo"
    assert contents()["SettingsTable"] == before


def test_the_same_code_is_not_made_twice(call: Call, staff: Visitor) -> None:
    add(staff)
    before = contents()["SettingsTable"]
    assert add(staff, percent_ppm="50").status == 422
    assert contents()["SettingsTable"] == before


def test_without_the_forms_token_nothing_is_saved_and_words_stay_text(staff: Visitor) -> None:
    bad = "<script>alert(1)</script>"
    staff.follow(add(staff, note=bad))
    before = contents()["SettingsTable"]
    assert bad not in staff.get(f"{CODES}/is/VERANO").text
    for path in (f"{CODES}/add", f"{CODES}/is/VERANO"):
        assert staff.post(path, {"_csrf": "", "seen": "0"}).status == 403
    assert contents()["SettingsTable"] == before
    assert staff.get(f"{CODES}/is/NADA").status == 404
