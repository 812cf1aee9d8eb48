"""Customers' open carts in the back office: seen, taken over, finished by telephone."""

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.drafts import withdraw
from tests.functional.screens.test_drafts import HOSTILE, TYPED, order_of, send, shop
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.tables import contents
from tests.functional.test_open_carts import shown

__all__ = ["shop"]
pytestmark = pytest.mark.capability("D25", "E02", "E05")


def left(call: Call, name: str = "Ana Muñoz", *skus: str) -> str:
    """A cart whose customer left a name and went."""
    lines = [{"sku": sku, "quantity": 1} for sku in skus or ("CAFE-1",)]
    cart_id: str = call("storefront", "POST", "/carts", {"lines": lines}).body["cart_id"]
    contact = {"email": "ana@example.com", "name": name, "phone": "+52 55 1234 5678"}
    call("storefront", "PUT", f"/carts/{cart_id}/contact", contact)
    return cart_id


def take(staff: Visitor, cart_id: str) -> Seen:
    return staff.submit(staff.get("/drafts?show=carts"), f"/carts/{cart_id}/take")


def test_open_carts_say_who_what_when_and_how_much(shop: Call) -> None:
    staff = staff_at("staff")
    assert staff.get("/drafts?show=carts").says("No open carts")
    left(shop, "Ana Muñoz", "CAFE-1", "TAZA-1")
    page = staff.get("/drafts?show=carts")
    assert page.says("Ana Muñoz")
    assert page.says("1 × Café de Chiapas, 1 × Taza de barro")
    assert page.says("$205.00")
    assert page.says("now")


def test_a_cart_becomes_an_order_by_telephone_in_a_few_clicks(shop: Call) -> None:
    staff, cart_id = staff_at("staff"), left(shop)
    taken = take(staff, cart_id)
    order_id = order_of(taken)
    page = staff.follow(taken)
    assert page.says("What the customer had in the cart.") or page.says("The cart is yours now")
    assert 'value="Ana Muñoz"' in page.text
    assert shown(shop, cart_id)["taken_over"]
    page = staff.follow(send(staff, page, order_id, **{k: v for k, v in TYPED.items() if "cust" not in k}))
    send(staff, page, order_id, "place", verified="on")
    assert wiring.desk().load(order_id).order.lifecycle == "placed"
    assert staff.get("/drafts?show=carts").says("No open carts")


def test_what_is_gone_of_a_cart_is_named(shop: Call) -> None:
    staff, cart_id = staff_at("staff"), left(shop, "Ana Muñoz", "CAFE-1", "TAZA-1")
    withdraw("TAZA-1")
    page = staff.follow(take(staff, cart_id))
    assert page.says("No longer for sale: 1 × Taza de barro")


def test_a_cart_that_a_colleague_took_is_refused(shop: Call) -> None:
    staff, cart_id = staff_at("staff"), left(shop)
    page = staff.get("/drafts?show=carts")
    take(staff_at("admin"), cart_id)
    before = contents()
    refused = staff.submit(page, f"/carts/{cart_id}/take")
    assert refused.status == 409
    assert contents() == before


def test_a_carts_name_comes_out_escaped_and_without_token_nothing_is_taken(shop: Call) -> None:
    staff, cart_id = staff_at("staff"), left(shop, HOSTILE[:60])
    page = staff.get("/drafts?show=carts")
    assert "<script>alert" not in page.text
    before = contents()
    assert staff.post(f"/carts/{cart_id}/take", {"_csrf": "x"}).status == 403
    assert contents() == before
