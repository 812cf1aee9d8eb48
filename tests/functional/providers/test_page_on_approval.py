"""Stripe's page with money that is only set aside: taken when the order is approved, or let go."""

from typing import Any

import pytest

from tests.functional.edits import confirmed
from tests.functional.providers.buyers import TOTAL, Buyer
from tests.functional.providers.shop import Shop
from tests.functional.providers.test_stripe_page import asks, page_of, sessions, statuses
from tests.functional.shop import set_section, stock_product

pytestmark = pytest.mark.enable_socket

MORE = 11_600


@pytest.fixture
def buyer(shop: Shop) -> Buyer:
    """Who has typed the card on the page."""
    made = Buyer(shop, shop.side("stripe_page"))
    set_section("payments.stripe", capture="approval")
    made.orders()
    made.pays()
    return made


def intent_of(buyer: Buyer, number: int = 0) -> Any:
    ref = str(sessions(buyer)[number].payment_intent)
    return page_of(buyer).sdk.v1.payment_intents.retrieve(ref)


@pytest.mark.capability("C17", "D04", "C19")
def test_approval_takes_what_was_set_aside_on_the_page(shop: Shop, buyer: Buyer) -> None:
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "authorized"
    (session,) = sessions(buyer)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert (intent_of(buyer).status, intent_of(buyer).amount_capturable) == ("requires_capture", TOTAL)
    buyer.staff("approve")
    buyer.heard()
    shop.settle(buyer.order_id)
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "paid"
    assert shop.ledger(buyer.order_id) == buyer.side.record(buyer.refs[0])
    assert (sessions(buyer)[0].payment_status, shop.is_whole(buyer.order_id)) == ("paid", True)


@pytest.mark.capability("C17", "D04")
def test_what_is_rejected_lets_the_money_go(shop: Shop, buyer: Buyer) -> None:
    buyer.heard()
    buyer.staff("reject", reason="fraud")
    buyer.heard()
    shop.settle(buyer.order_id)
    buyer.heard()
    order = shop.order(buyer.order_id)
    assert (order.lifecycle, order.payment) == ("cancelled", "voided")
    assert intent_of(buyer).status == "canceled"


@pytest.mark.capability("G03", "D07")
def test_what_was_set_aside_meanwhile_is_not_asked_for_again(shop: Shop, buyer: Buyer) -> None:
    """Gone through on the page, not told yet, when the customer goes by another method and back."""
    buyer.pays_by("bank_transfer")
    answer = asks(buyer)
    assert (answer.status, answer.body) == (201, {})
    assert (statuses(buyer), intent_of(buyer).status) == (["complete"], "requires_capture")
    assert shop.order(buyer.order_id).payment == "authorized"


@pytest.mark.capability("F03", "F05")
def test_the_rest_of_an_order_that_became_dearer_is_paid_on_another_page(shop: Shop, buyer: Buyer) -> None:
    buyer.heard()
    stock_product("TAZA-1", 5_800, 5)
    confirmed(shop.call, buyer.order_id, {"type": "add", "sku": "TAZA-1", "quantity": 2})
    shop.settle(buyer.order_id)
    second = sessions(buyer)[1]
    assert (second.amount_total, statuses(buyer)) == (MORE, ["complete", "open"])
    assert intent_of(buyer).status == "requires_capture"
    buyer.refs.append(second.id)
    buyer.pays(1)
    buyer.heard()
    buyer.staff("approve")
    shop.settle(buyer.order_id)
    buyer.heard()
    assert shop.order(buyer.order_id).payment == "paid"
    assert shop.ledger(buyer.order_id) == buyer.side.record(buyer.refs[0]) | buyer.side.record(second.id)
