"""A payout of the running system: three orders are paid, one is refunded, the bank gets what is left."""

from typing import Any

import pytest

from local.demo.outside import eventually
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.capability("F25", "C28")]

SLOW = 150  # seconds: a look every minute at the latest


def test_what_a_payout_leaves_of_three_orders(shop: Shop) -> None:
    orders = [shop.approved() for _ in range(3)]
    for order in orders:
        shop.pay(order)
    for order in orders:
        shop.wait(order, "payment", "paid")
    body = {"amount": {"amount": 1_000, "currency": "MXN"}, "reason": "other", "execute": True}
    shop.staff.command(orders[1].id, "refund", body | {"destination": "original"})
    shop.wait(orders[1], "payment", "partially_refunded")
    made = shop.control.call("POST", "/stripe/payouts", {}).body
    shop.staff.call("POST", "/admin/reconciliation/stripe/ask", {}, status=202)

    def known() -> bool:
        return any(one["ref"] == made["id"] for one in shop.staff.get("/admin/payouts")["items"])

    eventually(known, "the payout", "among /admin/payouts", seconds=SLOW)
    whole: dict[str, Any] = shop.staff.get(f"/admin/payouts/stripe/{made['id']}")
    assert (whole["amount"]["amount"], whole["missing"]["amount"]) == (made["amount"], 0)
    left = {one["order_id"]: one for one in whole["orders"]}
    for order in orders:
        total = order.placed["totals"]["total"]["amount"]
        fee = (total * 29 + 500) // 1000 + 30
        back = 1_000 if order is orders[1] else 0
        assert left[order.id]["net"]["amount"] == total - fee - back
        assert left[order.id]["differences"] == 0
