"""Orders of every state, driven there over the API: what the ten thousand are copied from."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.demo.outside import eventually
from tests.e2e.shop import Order, Shop

REACHED = 60  # seconds that carrier and workflow may take


def awaiting_verification(shop: Shop, **more: Any) -> Order:
    return shop.place(**more)


def to_review(shop: Shop, **more: Any) -> Order:
    order = shop.place(**more)
    shop.verify(order)
    return order


def pending(shop: Shop, **more: Any) -> Order:
    order = to_review(shop, **more)
    shop.staff.command(order.id, "approve")
    return order


def paid(shop: Shop, **more: Any) -> Order:
    order = pending(shop, **more)
    shop.staff.command(order.id, "mark-paid", {"reference": f"SPEI {secrets.randbelow(10**7):07d}"})
    return order


def held(shop: Shop, **more: Any) -> Order:
    order = paid(shop, **more)
    shop.staff.command(order.id, "hold", {"reason": "address", "note": "Falta el número interior"})
    return order


def shipped(shop: Shop, **more: Any) -> Order:
    order = paid(shop, **more)
    shop.ship(order)
    return order


def delivered(shop: Shop, **more: Any) -> Order:
    order = paid(shop, **more)
    shop.scan(shop.ship(order), "delivered")
    eventually(lambda: shop.staff.order(order.id)["lifecycle"] == "closed", "closed", order.id, REACHED)
    return order


def cancelled(shop: Shop, **more: Any) -> Order:
    order = pending(shop, **more)
    shop.staff.command(order.id, "cancel", {"reason": "customer"})
    return order


def refunded(shop: Shop, **more: Any) -> Order:
    order = paid(shop, **more)
    body = {"shipping": True, "reason": "damaged", "execute": True, "destination": "elsewhere"}
    lines = [{"line_id": line["line_id"], "quantity": line["quantity"]} for line in order.view()["lines"]]
    shop.staff.command(order.id, "refund", body | {"lines": lines})
    return order


@dataclass(frozen=True, slots=True)
class Kind:
    """`drive` brings an order there; `patterns` of it are made over the API and `copies` from those."""

    drive: Callable[..., Order]
    patterns: int
    copies: int
    new: bool = False


KINDS = (
    Kind(awaiting_verification, 1, 60, new=True),
    Kind(to_review, 2, 140, new=True),
    Kind(pending, 4, 5_000, new=True),  # the big bulk job's
    Kind(paid, 2, 200, new=True),
    Kind(held, 1, 60, new=True),
    Kind(shipped, 2, 240, new=True),
    Kind(delivered, 4, 3_700),
    Kind(cancelled, 1, 400),
    Kind(refunded, 1, 200),
)


def basket(shop: Shop, number: int) -> dict[str, Any]:
    """What is in the basket of the `number`-th order of a kind."""
    skus = [item["sku"] for item in shop.products(at_least=30)]
    chosen = dict.fromkeys(skus[(number + step) % len(skus)] for step in range(1 + number % 3))
    lines = [{"sku": sku, "quantity": 1 + (number + place) % 3} for place, sku in enumerate(chosen)]
    return {"lines": lines, "payment_method": "bank_transfer"}
