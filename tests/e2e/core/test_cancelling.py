"""Orders cancelled with or without their goods and money, expired, and paid too late."""

import pytest

from local.demo.outside import eventually
from tests.e2e.core.merchant import Merchant, mxn
from tests.e2e.core.test_refunding import at_the_bank, paid_by_card

pytestmark = pytest.mark.e2e


@pytest.mark.capability("C21", "D21", "F12", "C28")
def test_a_cancelled_order_gives_back_units_and_money_and_says_why(merchant: Merchant) -> None:
    cup = merchant.product()
    order = paid_by_card(merchant, (cup, 3))
    assert merchant.level(cup)["available"] == 17
    merchant.does(order, "cancel", {"reason": "customer", "note": "Se equivocó de talla"})
    assert merchant.level(cup) == {"on_hand": 20, "reserved": 0, "allocated": 0, "available": 20}
    view = merchant.wait(order, "payment", "refunded")
    assert (view["lifecycle"], view["due"]) == ("cancelled", mxn(0))
    assert at_the_bank(merchant, order) == [order.total]
    seen = merchant.seen(order)
    assert (seen["cancel_reason"], seen["cancel_note"]) == ("customer", "Se equivocó de talla")
    assert "Se equivocó" not in merchant.letter("order_cancelled", order)["text"]
    with merchant.untouched(order, cup):
        for command, body in (
            ("cancel", {"reason": "customer"}),
            ("edits", {"actions": [{"type": "quantity", "sku": cup, "quantity": 1}]}),
            ("hold", {"reason": "fraud"}),
            ("approve", {}),
        ):
            assert merchant.refused(order, command, body) == (409, "wrong-state", "order-ended")


@pytest.mark.capability("F12", "D21")
def test_goods_are_written_off_and_money_stays_when_the_merchant_says_so(merchant: Merchant) -> None:
    cup = merchant.product()
    order = paid_by_card(merchant, (cup, 3))
    merchant.does(order, "cancel", {"reason": "damaged", "restock": False, "refund": False})
    seen = merchant.seen(order)
    assert (seen["lifecycle"], seen["payment"]) == ("cancelled", "paid")
    assert at_the_bank(merchant, order) == []
    assert merchant.level(cup) == {"on_hand": 17, "reserved": 0, "allocated": 0, "available": 17}
    assert "devuelve" not in merchant.letter("order_cancelled", order)["text"]
    merchant.does(order, "refund", {"reason": "goodwill", "execute": True})
    merchant.wait(order, "payment", "refunded")
    assert at_the_bank(merchant, order) == [order.total]


@pytest.mark.capability("F12")
def test_what_has_been_shipped_is_not_cancelled(merchant: Merchant) -> None:
    cup = merchant.product()
    order = merchant.settled((cup, 2))
    merchant.ship(order, (cup, 1))
    merchant.letter("shipped", order)
    with merchant.untouched(order, cup):
        refused = merchant.refused(order, "cancel", {"reason": "customer"})
        assert refused == (409, "wrong-state", "something-shipped")
    assert "order_cancelled" not in merchant.mailed(order)


@pytest.mark.capability("G02", "G03", "D07", "F26")
def test_money_after_the_deadline_takes_the_units_again_or_offers_its_way_back(merchant: Merchant) -> None:
    cup = merchant.product(stock=2)
    wish = {"lines": [{"sku": cup, "quantity": 1}], "payment_method": "bank_transfer"}
    with merchant.setting("payments.bank_transfer", remind_seconds=None, cancel_seconds=2):
        revived, late = merchant.place(**wish), merchant.place(**wish)
    for order in (revived, late):
        merchant.does(order, "verify")

    def cancelled() -> bool:
        merchant.sweep()
        return all(order.view()["lifecycle"] == "cancelled" for order in (revived, late))

    eventually(cancelled, "both cancelled", "the log of SweepFunction", 60)
    assert merchant.level(cup)["available"] == 2
    merchant.does(revived, "mark-paid", {"reference": "SPEI tardío"})
    assert merchant.seen(revived)["lifecycle"] == "placed"
    merchant.settled((cup, 1))
    assert merchant.level(cup)["available"] == 0
    merchant.does(late, "mark-paid", {"reference": "SPEI muy tardío"})
    seen = merchant.seen(late)
    held = [hold["reason"] for hold in seen["holds"] if hold["open"]]
    assert (seen["lifecycle"], seen["payment"], held) == ("cancelled", "paid", ["late_payment"])
    (action,) = seen["actions"]
    merchant.does(late, action["command"], action["body"])
    seen = merchant.seen(late)
    assert (seen["payment"], [hold for hold in seen["holds"] if hold["open"]]) == ("refunded", [])
    assert seen["refunds"][0]["executed"] == mxn(late.total)
