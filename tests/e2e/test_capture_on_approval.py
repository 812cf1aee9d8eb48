"""Cards on the running system whose money is authorised first: taken on approval, let go otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.demo.outside import eventually
from tests.e2e.shop import Order, Shop

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def on_approval(shop: Shop) -> Iterator[None]:
    with shop.setting("payments.stripe", capture="approval"):
        yield


def authorized(shop: Shop) -> Order:
    """Verified, the card typed in, not yet approved."""
    order = shop.place()
    shop.verify(order)
    assert shop.pay(order).status == "requires_capture"
    shop.wait(order, "payment", "authorized")
    return order


def record(shop: Shop, order: Order) -> Any:
    """What the provider says of the payment."""
    return shop.provider.v1.payment_intents.retrieve(order.placed["payment_action"]["id"])


@pytest.mark.capability("C17", "D04", "A08")
def test_approval_takes_what_was_authorised(shop: Shop) -> None:
    order = authorized(shop)
    seen = shop.staff.order(order.id)
    assert (seen["paid"]["amount"], seen["authorized"]["amount"]) == (0, order.total)
    assert record(shop, order).amount_received == 0
    shop.decide(order, "approve")
    shop.wait(order, "payment", "paid")
    assert (record(shop, order).status, record(shop, order).amount_received) == ("succeeded", order.total)
    shop.mailbox.wait("payment_received", order.id)


@pytest.mark.capability("C17", "A16")
def test_a_rejected_order_takes_nothing(shop: Shop) -> None:
    order = authorized(shop)
    shop.decide(order, "reject", reason="Sin existencias")
    shop.wait(order, "lifecycle", "cancelled")
    gone = eventually(
        lambda: record(shop, order) if record(shop, order).status == "canceled" else None,
        "the authorisation is given up", order.id, 40, lambda: record(shop, order).status,
    )  # fmt: skip
    assert gone.amount_received == 0
    assert shop.staff.order(order.id)["paid"]["amount"] == 0


@pytest.mark.capability("C17", "C28")
def test_what_the_bank_let_go_of_can_be_paid_again(shop: Shop) -> None:
    order = authorized(shop)
    shop.control.call("POST", f"/stripe/payment_intents/{order.placed['payment_action']['id']}/lapse", {})
    shop.mailbox.wait("authorization_lapsed", order.id)
    assert order.view()["payment"] == "voided"
    wish = {"payment_method": "stripe"}
    again = order.api.call("POST", f"/orders/{order.id}/payments", wish, status=201).body
    shop.provider.v1.payment_intents.confirm(
        again["payment_action"]["id"], {"payment_method": "pm_card_visa"}
    )
    shop.wait(order, "payment", "authorized")
    shop.decide(order, "approve")
    shop.wait(order, "payment", "paid")
