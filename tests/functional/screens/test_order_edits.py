"""Changing an order on its page: looked at first, then carried out, dropped or offered."""

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.order_page import at, send
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import level, place, stock_product
from tests.functional.staff import approved, show

BILLED = {
    "line1": "Calle Fiscal 9",
    "city": "León",
    "state": "Guanajuato",
    "postal_code": "37000",
    "country": "MX",
}
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def staff() -> Visitor:
    return staff_at()


@pytest.fixture
def order_id(call: Call) -> str:
    stock_product()
    stock_product("TAZA-1", price=5000, units=3)
    placed = str(place(call)["order_id"])
    approved(call, placed)
    return placed


def looked_at(staff: Visitor, order_id: str, **typed: str) -> Seen:
    return staff.follow(send(staff, order_id, "edit", **typed))


@pytest.mark.capability("F03")
def test_who_is_billed_is_changed_and_nothing_else(call: Call, order_id: str, staff: Visitor) -> None:
    before = show(call, order_id)
    page = looked_at(staff, order_id, **{f"billing.{name}": text for name, text in BILLED.items()})
    after = staff.follow(staff.submit(page, "/confirm"))
    assert after.says("Calle Fiscal 9")
    found = show(call, order_id)
    assert found["addresses"]["billing"]["line1"] == "Calle Fiscal 9"
    assert found["addresses"]["shipping"] == before["addresses"]["shipping"]
    assert found["totals"] == before["totals"]
    refused = send(staff, order_id, "edit", **{"billing.line1": "", "billing.city": "León"})
    assert refused.status == 422
    assert show(call, order_id)["version"] == found["version"]


@pytest.mark.capability("D36")
def test_another_customer_takes_the_order_after_a_warning(call: Call, order_id: str, staff: Visitor) -> None:
    assert at(staff, order_id, "edit").says("moves the order to that customer")
    before = show(call, order_id)
    page = looked_at(staff, order_id, **{"contact.phone": "+525598765432"})
    staff.follow(staff.submit(page, "/confirm"))
    same = show(call, order_id)
    assert same["customer"]["phone"] == "+525598765432"
    assert same["customer"]["customer_id"] == before["customer"]["customer_id"]
    page = looked_at(staff, order_id, **{"contact.email": "eva@example.com", "contact.name": f"Eva {NASTY}"})
    assert page.says("With it the order moves to another customer")
    assert not page.says("Ask the customer to accept it")
    assert NASTY not in page.text
    staff.follow(staff.submit(page, "/confirm"))
    moved = show(call, order_id)
    assert moved["customer"]["email"] == "eva@example.com"
    assert moved["customer"]["customer_id"] != before["customer"]["customer_id"]


@pytest.mark.capability("D36")
def test_an_account_that_is_not_there_is_said_beside_its_field(
    call: Call, order_id: str, staff: Visitor
) -> None:
    version = show(call, order_id)["version"]
    refused = send(staff, order_id, "edit", **{"contact.customer_id": "nobody"})
    assert refused.status == 422
    assert refused.says("there is no such customer")
    assert show(call, order_id)["version"] == version


@pytest.mark.capability("F03")
def test_a_change_is_seen_before_it_is_carried_out(call: Call, order_id: str, staff: Visitor) -> None:
    line = show(call, order_id)["lines"][0]["line_id"]
    before = show(call, order_id)["lines"]
    typed = {f"lines.{line}.quantity": "3", "add.0.sku": "TAZA-1", "add.0.quantity": "2"}
    page = looked_at(staff, order_id, **typed, **{"discount.amount": "48", "discount.title": "Por la espera"})
    for text in (
        "was 2 × MX$116.00",
        "new",
        "Difference +MX$168.00",
        "CAFE-1: 1 more set aside",
        "TAZA-1: 2 more",
    ):
        assert page.says(text), text
    assert show(call, order_id)["lines"] == before
    assert level("TAZA-1")["available"] == 3
    after = staff.follow(staff.submit(page, "/confirm"))
    assert after.says("The order is changed.")
    found = show(call, order_id)
    assert found["totals"]["total"]["amount"] == 40_000
    assert [one["quantity"] for one in found["lines"]] == [3, 2]
    assert level("TAZA-1")["available"] == 1


def test_a_change_is_dropped_or_offered_to_the_customer(call: Call, order_id: str, staff: Visitor) -> None:
    line = show(call, order_id)["lines"][0]["line_id"]
    page = looked_at(staff, order_id, **{f"lines.{line}.quantity": "1"})
    assert staff.follow(staff.submit(page, "/decline")).says("the order is as it was")
    page = looked_at(staff, order_id, **{f"lines.{line}.price": "100,50"})
    asked = staff.follow(staff.submit(page, "/request-acceptance", message="¿Te parece?"))
    assert asked.says("The customer is to accept a change of the order.")
    assert at(staff, order_id, "edit").says("The customer was asked and may accept it until")
    assert show(call, order_id)["edit"]["difference"]["amount"] == -3100


def test_the_address_is_changed_and_nothing_else(call: Call, order_id: str, staff: Visitor) -> None:
    page = looked_at(staff, order_id, **{"address.line1": "Calle Nueva 7"})
    staff.submit(page, "/confirm", notify="")
    found = show(call, order_id)
    assert found["addresses"]["shipping"]["line1"] == "Calle Nueva 7"
    assert found["addresses"]["shipping"]["city"] == "Cuauhtémoc"
    assert found["totals"]["total"]["amount"] == 23_200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"add.1.sku": "NADA-1"}, "add.1.sku"),
        ({"add.0.sku": "TAZA-1", "add.0.quantity": "some"}, "add.0.quantity"),
        ({"discount.amount": "5", "discount.title": ""}, "discount.title"),
        ({"surcharge.amount": "five", "surcharge.title": "x"}, "surcharge.amount"),
        ({"address.country": "Mexico"}, "address.country"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    call: Call, order_id: str, staff: Visitor, typed: dict[str, str], field: str
) -> None:
    before = show(call, order_id)
    seen = send(staff, order_id, "edit", **typed, note="por teléfono")
    assert seen.status == 422
    wrong = seen.text.split(f'name="{field}"')[1].split(">")[0]
    assert 'aria-invalid="true"' in wrong
    assert seen.form("/edit")["note"] == "por teléfono"
    assert show(call, order_id) == before


def test_a_form_without_a_difference_is_refused(call: Call, order_id: str, staff: Visitor) -> None:
    seen = send(staff, order_id, "edit")
    assert seen.status == 422
    assert seen.says("nothing is different from the order as it is")


def test_a_change_whose_order_has_moved_on_is_made_anew(call: Call, order_id: str, staff: Visitor) -> None:
    line = show(call, order_id)["lines"][0]["line_id"]
    page = looked_at(staff, order_id, **{f"lines.{line}.quantity": "1"})
    staff.submit(at(staff, order_id, "mark-paid"), "/mark-paid")
    assert staff.submit(page, "/confirm").status == 412
    assert at(staff, order_id).says("The order has moved on since a change was worked out")
    again = looked_at(staff, order_id, **{f"lines.{line}.quantity": "1"})
    assert again.says("Paid in excess after it MX$116.00")


def test_what_is_typed_into_a_change_is_shown_as_text(call: Call, order_id: str, staff: Visitor) -> None:
    page = looked_at(staff, order_id, **{"surcharge.amount": "1", "surcharge.title": NASTY, "note": NASTY})
    assert NASTY not in page.text
    after = staff.follow(staff.submit(page, "/confirm"))
    assert NASTY not in after.text
    assert NASTY not in at(staff, order_id, "edit").text


def test_without_the_sessions_token_nothing_is_changed(call: Call, order_id: str, staff: Visitor) -> None:
    page = looked_at(staff, order_id, **{"surcharge.amount": "1", "surcharge.title": "Envoltura"})
    before = show(call, order_id)
    for do in ("confirm", "decline", "request-acceptance"):
        fields = page.form(f"/{do}") | {"_csrf": ""}
        assert staff.post(f"/orders/{order_id}/edits/e1/{do}", fields).status == 403
    assert show(call, order_id) == before
