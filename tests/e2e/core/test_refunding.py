"""Money given back: by line, amount, shipping, to its tenders or to credit, never more than there was."""

from typing import Any

import pytest

from local.demo.outside import Api, eventually
from tests.e2e.core.merchant import Merchant, mxn
from tests.e2e.shop import Order

pytestmark = pytest.mark.e2e


def refund(merchant: Merchant, order: Order, **wish: Any) -> dict[str, Any]:
    body = {"reason": "goodwill", "execute": True, "destination": "original"} | wish
    told: dict[str, Any] = merchant.does(order, "refund", body)["result"]
    return told


def executed(merchant: Merchant, order: Order, refund_id: str) -> dict[str, Any]:
    """A refund once the money has moved."""

    def look() -> dict[str, Any] | None:
        found = {each["refund_id"]: each for each in merchant.seen(order)["refunds"]}
        return found[refund_id] if found[refund_id]["status"] == "executed" else None

    done = eventually(look, "an executed refund", order.id)
    assert done is not None
    return done


def at_the_bank(merchant: Merchant, order: Order) -> list[int]:
    """What the provider gave back of this order's payment."""
    intent = order.placed["payment_action"]["id"]
    refunds = merchant.provider.v1.refunds.list({"payment_intent": intent})
    return sorted(each.amount for each in refunds.data if each.status == "succeeded")


def paid_by_card(merchant: Merchant, *lines: tuple[str, int]) -> Order:
    order = merchant.ready(*lines, method="stripe")
    merchant.pay(order)
    merchant.wait(order, "payment", "paid")
    return order


@pytest.mark.capability("C28", "F06", "G05", "E16", "C08")
def test_money_goes_back_by_line_shipping_and_amount_and_ends_with_what_was_paid(merchant: Merchant) -> None:
    cup, bowl = merchant.product(10_001), merchant.product(33_333)
    order = paid_by_card(merchant, (cup, 3), (bowl, 1))
    damaged = refund(merchant, order, lines=[{"sku": cup, "quantity": 1}], reason="damaged")
    assert damaged["granted"] == mxn(10_001)
    assert executed(merchant, order, damaged["refund_id"])["executed"] == mxn(10_001)
    assert merchant.wait(order, "payment", "partially_refunded")["fulfilment"] == "unfulfilled"
    late = refund(merchant, order, shipping=True, destination="elsewhere")
    assert (late["executed"], late["status"]) == (mxn(7_900), "executed")
    granted = refund(merchant, order, amount=mxn(1_000), execute=False)
    assert (granted["executed"], granted["status"]) == (mxn(0), "granted")
    left = order.total - 10_001 - 7_900 - 1_000
    with merchant.untouched(order, cup):
        for wish, guard in (
            ({"amount": mxn(left + 1)}, "refund-exceeds-payment"),
            ({"lines": [{"sku": cup, "quantity": 3}]}, "refund-exceeds-line"),
            ({"shipping": mxn(1)}, "refund-exceeds-shipping"),
        ):
            body = {"reason": "goodwill", "execute": True, "destination": "original"} | wish
            assert merchant.refused(order, "refund", body) == (409, "wrong-state", guard)
    (action,) = merchant.seen(order)["actions"]
    merchant.does(order, action["command"], action["body"])
    executed(merchant, order, granted["refund_id"])
    rest = refund(merchant, order)
    assert rest["granted"] == mxn(left)
    executed(merchant, order, rest["refund_id"])
    assert merchant.wait(order, "payment", "refunded")["lifecycle"] == "placed"
    assert at_the_bank(merchant, order) == sorted([10_001, 1_000, left])
    merchant.letter("refunded", order, count=4)
    with merchant.untouched(order):
        nothing = merchant.refused(order, "refund", {"reason": "goodwill", "execute": True})
        assert nothing == (409, "wrong-state", "nothing-to-refund")


@pytest.mark.capability("F06", "G05")
def test_a_granted_refund_is_set_aside_until_it_is_withdrawn(merchant: Merchant) -> None:
    order = paid_by_card(merchant, (merchant.product(), 1))
    granted = refund(merchant, order, execute=False)
    assert granted["granted"] == mxn(order.total)
    body = {"amount": mxn(1), "reason": "goodwill", "execute": True}
    with merchant.untouched(order):
        assert merchant.refused(order, "refund", body) == (409, "wrong-state", "nothing-to-refund")
    merchant.does(order, f"refunds/{granted['refund_id']}/withdraw")
    seen = merchant.seen(order)
    assert (seen["payment"], seen["paid"]) == ("paid", mxn(order.total))
    assert at_the_bank(merchant, order) == []
    assert "refunded" not in merchant.mailed(order)


@pytest.mark.capability("D40", "F16", "G05", "A21")
def test_credit_is_given_spent_beside_a_card_and_given_back_in_proportion(merchant: Merchant) -> None:
    cup = merchant.product(10_000)
    first = merchant.place(lines=[{"sku": cup, "quantity": 1}])
    token = merchant.verify(first)["customer_token"]
    merchant.does(first, "approve")
    merchant.pay(first)
    merchant.wait(first, "payment", "paid")
    back = refund(merchant, first, amount=mxn(5_967), destination="credit")
    assert back["status"] == "executed"
    assert at_the_bank(merchant, first) == []
    account = f"/admin/customers/{merchant.seen(first)['customer']['customer_id']}/credit"
    assert merchant.staff.get(account)["balance"] == mxn(5_967)
    known = Api(merchant.stack["api_url"], token)
    changes = {"customer": None, "store_credit": True, "lines": [{"sku": cup, "quantity": 1}]}
    order = merchant.place(known, **changes)
    assert merchant.staff.get(account)["balance"] == mxn(0)
    card = order.total - 5_967
    assert order.view()["due"] == mxn(card)
    assert merchant.pay(order).amount == card
    assert merchant.wait(order, "payment", "paid")["due"] == mxn(0)
    half = refund(merchant, order, amount=mxn(8_951))
    done = executed(merchant, order, half["refund_id"])
    assert done["executed"] == mxn(8_951)
    credited = merchant.staff.get(account)["balance"]["amount"]
    assert at_the_bank(merchant, order) == [8_951 - credited]
    assert abs(credited - 8_951 * 5_967 / order.total) < 1
    rest = refund(merchant, order)
    executed(merchant, order, rest["refund_id"])
    assert merchant.staff.get(account)["balance"] == mxn(5_967)
    assert sum(at_the_bank(merchant, order)) == card
