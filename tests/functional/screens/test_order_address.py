"""The address check on an order's page: what it says, taking its suggestion, saying that it is right."""

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.order_page import at, send
from tests.functional.screens.visitor import Visitor, staff_at
from tests.functional.shop import ADDRESS, place, stock_product
from tests.functional.staff import approved, show

NASTY = "<script>alert(1)</script>\"'<img src=x onerror=alert(1)>"
FORMERLY = ADDRESS | {"state": "Distrito Federal"}
ELSEWHERE = ADDRESS | {"state": "Jalisco"}


@pytest.fixture
def staff() -> Visitor:
    return staff_at()


def ordered(call: Call, address: dict[str, str]) -> str:
    stock_product()
    order_id = str(place(call, shipping_address=address)["order_id"])
    approved(call, order_id)
    return order_id


@pytest.mark.capability("D34")
def test_nothing_to_note_is_said_too(call: Call, staff: Visitor) -> None:
    page = at(staff, ordered(call, ADDRESS))
    assert page.says("Address checked, nothing to note")
    assert not page.says("The address is right")


@pytest.mark.capability("D34", "D35")
def test_a_suggestion_becomes_a_change_that_is_looked_at_first(call: Call, staff: Visitor) -> None:
    order_id = ordered(call, FORMERLY)
    page = at(staff, order_id)
    assert page.says("The state is usually written otherwise. As a rule: Ciudad de México.")
    looked = staff.follow(staff.submit(page, "/take-suggestion"))
    assert show(call, order_id)["addresses"]["shipping"] == FORMERLY
    done = staff.follow(staff.submit(looked, "/confirm"))
    assert done.says("Address checked, nothing to note")
    assert show(call, order_id)["addresses"]["shipping"] == ADDRESS | {"state": "Ciudad de México"}


@pytest.mark.capability("D34", "D35")
def test_a_suggestion_is_taken_within_an_open_change_and_the_rest_of_it_stays(
    call: Call, staff: Visitor
) -> None:
    order_id = ordered(call, ADDRESS)
    typed = {"address.line1": "Calle Colima 12", "address.postal_code": "6700"}
    looked = staff.follow(send(staff, order_id, "edit", **typed, **{"contact.name": "Ana M. Ruiz"}))
    assert looked.says("New delivery address")
    better = staff.follow(staff.submit(looked, "/take-suggestion"))
    assert not better.says("New delivery address")
    staff.follow(staff.submit(better, "/confirm"))
    order = show(call, order_id)
    assert order["addresses"]["shipping"] == ADDRESS | {"line1": "Calle Colima 12"}
    assert order["customer"]["name"] == "Ana M. Ruiz"


@pytest.mark.capability("D34")
def test_staff_say_that_an_address_is_right(call: Call, staff: Visitor) -> None:
    order_id = ordered(call, ELSEWHERE)
    page = at(staff, order_id)
    assert page.says("The postal code belongs to another state. What fits: Ciudad de México.")
    after = staff.follow(staff.submit(page, "/address-fine"))
    assert after.says("Found right by")
    assert not after.says("belongs to another state")
    assert show(call, order_id)["address_check"]["fine"]


@pytest.mark.capability("D34")
def test_the_page_says_it_in_spanish(call: Call) -> None:
    page = at(staff_at(language="es"), ordered(call, ELSEWHERE))
    assert page.says("El código postal es de otro estado o provincia. Lo que sí concuerda: Ciudad de México.")
    assert page.says("La dirección es correcta")


@pytest.mark.capability("D34")
def test_what_was_typed_is_text_and_nothing_else(call: Call, staff: Visitor) -> None:
    nasty = ADDRESS | {"line1": NASTY, "city": NASTY, "postal_code": "6700"}
    page = at(staff, ordered(call, nasty))
    assert page.says("Perhaps it is written like this:")
    assert NASTY not in page.text
    assert "<script>alert" not in page.text


@pytest.mark.capability("D34")
def test_forms_need_their_secret_and_a_suggestion_needs_one_to_take(call: Call, staff: Visitor) -> None:
    order_id = ordered(call, ADDRESS)
    version = show(call, order_id)["version"]
    for form in ("take-suggestion", "address-fine"):
        assert staff.post(f"/orders/{order_id}/{form}", {"slot": "shipping"}).status == 403
    page = at(staff, order_id, "tag")
    secret = page.form("/tag")
    refused = staff.post(f"/orders/{order_id}/take-suggestion", secret | {"slot": "shipping"})
    assert refused.status == 422
    assert "nothing is suggested for this address" in refused.text
    assert show(call, order_id)["version"] == version
