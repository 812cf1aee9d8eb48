"""The list of orders and the page of one, as staff see and use them."""

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import command, show


@pytest.mark.capability("A01", "A10", "A12")
def test_the_list_shows_an_order_with_its_customer(call: Call) -> None:
    stock_product()
    placed = place(call, comment="Toca el timbre", purchase_order="OC-77")
    command(call, placed["order_id"], "verify")
    page = staff_at().get("/orders")
    assert page.status == 200, page.text
    for text in (
        placed["number"],
        "Ana Muñoz",
        "Verified",
        "to review",
        "OC-77",
        "Toca el timbre",
        "+525512345678",
    ):
        assert page.says(text), text


def test_an_order_is_approved_from_its_page(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    command(call, order_id, "verify")
    staff = staff_at()
    page = staff.get(f"/orders/{order_id}")
    done = staff.submit(page, "/approve")
    assert (done.status, done.location) == (303, f"/back-office/orders/{order_id}")
    assert show(call, order_id)["approved"] is True
    assert show(call, order_id)["history"][-1]["actor"] == "staff:user-staff"
    after = staff.follow(done)
    assert after.says("is approved.")
    assert not staff.get(f"/orders/{order_id}").says("is approved.")  # told once
