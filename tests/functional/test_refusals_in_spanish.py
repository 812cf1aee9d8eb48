"""What is refused is told in Spanish to who asks for it, and in English to everybody else."""

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask


@pytest.mark.parametrize(
    ("accepted", "detail", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "no existe el producto NADA", "es"),
        ("en,es;q=0.5", "there is no product NADA", None),
        ("", "there is no product NADA", None),
    ],
)
def test_the_api_tells_details_in_the_language_asked_for(
    call: Call, accepted: str, detail: str, language: str | None
) -> None:
    answer = ask(call, "GET", "/admin/stock/NADA", headers={"Accept-Language": accepted})
    assert (answer.status, answer.body["type"], answer.body["detail"]) == (404, "not-found", detail)
    assert answer.headers.get("content-language") == language


def test_errors_at_their_places_are_told_too(call: Call) -> None:
    headers = {"Accept-Language": "es", "Idempotency-Key": "k"}
    answer = call("place_order", "POST", "/orders", {"lines": [{"sku": "A"}]}, headers=headers)
    assert answer.status == 422
    details = {one["pointer"]: one["detail"] for one in answer.body["errors"]}
    assert details["/lines/0/quantity"] == "falta"
    assert answer.body["title"] == "Something in the request is not valid"


def test_a_page_says_why_in_the_readers_language(call: Call) -> None:
    stock_product("CAFE-1", units=3)
    place(call, lines=[{"sku": "CAFE-1", "quantity": 2}])
    for language, told in (
        ("es", "CAFE-1: se piden 2, hay 1"),
        ("en", "CAFE-1: 2 wanted, 1 available"),
    ):
        staff = staff_at(language=language)
        seen = staff.submit(staff.get("/stock/CAFE-1"), "/adjust", delta="-2")
        assert seen.status == 409
        assert seen.says(told), seen.text
