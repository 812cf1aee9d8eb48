"""A customer at the storefront in tests: fills a cart, goes to checkout, orders."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Answer, Call
from tests.functional.shop import CUSTOMER, order_body, set_section

CONTACT = {"email": CUSTOMER["email"], "name": CUSTOMER["name"]}


class Clock:
    """The time of the system under test; moves only when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        monkeypatch.setattr(wiring, "now", lambda: self.now)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def reserving(seconds: int | None = 600) -> None:
    set_section("stock", reserve_in_cart_seconds=seconds)


def filled(call: Call, *lines: tuple[str, int]) -> str:
    """A cart with these lines; its customer looks around still."""
    asked = [{"sku": sku, "quantity": units} for sku, units in lines]
    answer = call("storefront", "POST", "/carts", {"lines": asked})
    assert answer.status == 201, answer.text
    cart_id: str = answer.body["cart_id"]
    return cart_id


def in_checkout(call: Call, *lines: tuple[str, int]) -> str:
    cart_id = filled(call, *lines)
    assert contact(call, cart_id).status == 200
    return cart_id


def contact(call: Call, cart_id: str) -> Answer:
    return call("storefront", "PUT", f"/carts/{cart_id}/contact", CONTACT)


def put(call: Call, cart_id: str, sku: str, units: int) -> Answer:
    return call("storefront", "PUT", f"/carts/{cart_id}/lines/{sku}", {"quantity": units})


def still_there(call: Call, cart_id: str) -> Answer:
    return call("storefront", "POST", f"/carts/{cart_id}/checkout")


def show(call: Call, cart_id: str) -> dict[str, Any]:
    body: dict[str, Any] = call("storefront", "GET", f"/carts/{cart_id}").body
    return body


def order_of(call: Call, cart_id: str, key: str = "", **changes: Any) -> Answer:
    body = {name: value for name, value in order_body(**changes).items() if name != "lines"}
    headers = {"Idempotency-Key": key or cart_id}
    return call("place_order", "POST", "/orders", body | {"cart_id": cart_id}, headers=headers)


def sweep() -> int:
    """Give back what carts have held for long enough."""
    return wiring.give_back_carts(lambda: True)
