"""Staff see customers' open carts as quotations, take one over, and finish it by telephone."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Answer, Call
from tests.functional.drafts import WHOLE, withdraw, write
from tests.functional.shop import CUSTOMER, level, order_body, set_section, stock_product
from tests.functional.staff import ask, command
from tests.functional.tables import contents

CONTACT = {"email": CUSTOMER["email"], "name": CUSTOMER["name"]}


def cart(call: Call, quantity: int = 2, contact: bool = True) -> str:
    lines = [{"sku": "CAFE-1", "quantity": quantity}]
    cart_id: str = call("storefront", "POST", "/carts", {"lines": lines}).body["cart_id"]
    if contact:
        call("storefront", "PUT", f"/carts/{cart_id}/contact", CONTACT)
    return cart_id


def shown(call: Call, cart_id: str) -> dict[str, Any]:
    body: dict[str, Any] = call("storefront", "GET", f"/carts/{cart_id}").body
    return body


def take(call: Call, cart_id: str, key: str = "", **body: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return ask(call, "POST", f"/admin/carts/{cart_id}/take", body, headers=headers)


def order(call: Call, cart_id: str, key: str = "order") -> Answer:
    body = {name: value for name, value in order_body().items() if name != "lines"}
    headers = {"Idempotency-Key": key}
    return call("place_order", "POST", "/orders", body | {"cart_id": cart_id}, headers=headers)


@pytest.mark.capability("D25", "E02", "E05")
def test_staff_see_open_carts_with_a_contact_as_quotations(call: Call) -> None:
    stock_product()
    cart(call, contact=False)
    seen = [cart(call) for _ in range(3)]
    order(call, seen.pop())
    answer = ask(call, "GET", "/admin/carts")
    assert [item["cart_id"] for item in answer.body["items"]] == list(reversed(seen))
    item = answer.body["items"][0]
    assert (item["lifecycle"], item["stage"]) == ("cart", "quotation")
    assert (item["customer"]["email"], item["articles"]) == (CUSTOMER["email"], 2)
    assert item["total"] == {"amount": 23200, "currency": "MXN"}
    assert (
        ask(call, "GET", "/admin/orders", query={"lifecycle": "cart"}).body["items"] == answer.body["items"]
    )
    assert ask(call, "GET", "/admin/carts", role="picker").status == 403


def test_the_list_of_carts_goes_on_page_by_page(call: Call) -> None:
    stock_product()
    carts = [cart(call) for _ in range(5)]
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = ask(call, "GET", "/admin/carts", query={"limit": "2", "cursor": cursor}).body
        found += [item["cart_id"] for item in page["items"]]
        cursor = page["next"]
    assert found == list(reversed(carts))
    assert ask(call, "GET", "/admin/carts", query={"cursor": "x"}).status == 422
    both = ask(call, "GET", "/admin/orders", query={"lifecycle": "cart,placed"})
    assert both.status == 422
    other = ask(call, "GET", "/admin/orders", query={"lifecycle": "cart", "verified": "true"})
    assert (other.status, other.body["errors"][0]["pointer"]) == (422, "/verified")


@pytest.mark.capability("D25", "E02", "E03")
def test_a_cart_that_was_taken_over_is_finished_by_telephone(call: Call) -> None:
    stock_product()
    set_section("sales", people=[{"name": "Marta", "user": "user-staff"}])
    cart_id = cart(call)
    taken = take(call, cart_id)
    assert taken.status == 201, taken.text
    begun = taken.body["order"]
    assert (begun["lifecycle"], begun["made_of"]) == ("draft", f"cart:{cart_id}")
    assert (begun["customer"]["email"], begun["lines"][0]["quantity"]) == (CUSTOMER["email"], 2)
    assert shown(call, cart_id)["taken_over"]["by"] == "Marta"
    assert ask(call, "GET", "/admin/carts").body["items"] == []
    rest = {name: WHOLE[name] for name in ("shipping_address", "delivery", "payment_method")}
    whole = write(call, begun["order_id"], begun["version"], **rest).body
    assert whole["result"]["missing"] == []
    placed = command(call, begun["order_id"], "place", {"verified": True})
    assert (placed.status, placed.body["order"]["lifecycle"]) == (200, "placed")
    assert level()["reserved"] == 2


@pytest.mark.capability("D25")
def test_a_cart_that_was_taken_over_cannot_be_ordered_or_changed(call: Call) -> None:
    stock_product()
    cart_id = cart(call)
    take(call, cart_id, name="Luis")
    before = contents()
    refused = [
        order(call, cart_id),
        call("storefront", "PUT", f"/carts/{cart_id}/lines/CAFE-1", {"quantity": 1}),
        call("storefront", "PUT", f"/carts/{cart_id}/contact", CONTACT),
        take(call, cart_id),
    ]
    assert [(answer.status, answer.body.get("guard")) for answer in refused] == [(409, "cart-taken")] * 4
    assert contents() == before
    assert shown(call, cart_id)["taken_over"]["by"] == "Luis"


def test_a_cart_that_was_ordered_is_not_taken(call: Call) -> None:
    stock_product()
    cart_id = cart(call)
    assert order(call, cart_id).status == 201
    before = contents()
    assert take(call, cart_id).body["guard"] == "cart-ordered"
    assert take(call, "nobody").status == 404
    assert contents() == before


def test_taking_twice_under_one_key_makes_one_draft(call: Call) -> None:
    stock_product()
    cart_id = cart(call)
    first, again = take(call, cart_id, key="t"), take(call, cart_id, key="t")
    assert (again.status, again.body) == (201, first.body)


def test_what_cannot_be_had_is_named(call: Call) -> None:
    stock_product(units=5)
    stock_product("TAZA-1")
    lines = [{"sku": "CAFE-1", "quantity": 5}, {"sku": "TAZA-1", "quantity": 1}]
    cart_id = call("storefront", "POST", "/carts", {"lines": lines}).body["cart_id"]
    call("storefront", "PUT", f"/carts/{cart_id}/contact", CONTACT)
    stock_product(units=3)
    withdraw("TAZA-1")
    told = take(call, cart_id).body
    assert told["result"]["gone"] == [{"sku": "TAZA-1", "quantity": 1}]
    assert told["result"]["short"] == [{"sku": "CAFE-1", "requested": 5, "available": 3}]
    assert [line["quantity"] for line in told["order"]["draft"]["lines"]] == [5]


def test_a_cart_of_before_is_read_as_ever(call: Call) -> None:
    """Carts written before they could be taken over lack the new attributes."""
    stock_product()
    cart_id = cart(call, contact=False)
    loaded = wiring.carts().load(cart_id)
    assert (loaded.taken, loaded.open) == ({}, False)
    assert order(call, cart_id).status == 201
