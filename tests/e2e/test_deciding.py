"""The merchant hears of verified orders, decides by mail; money goes back when it has to."""

import pytest

from local.demo.mailbox import link_to, token_in
from local.demo.outside import Api, eventually
from tests.e2e.shop import Shop

pytestmark = pytest.mark.e2e


@pytest.mark.capability("A07", "A16", "D02")
def test_all_addresses_of_the_merchant_are_told_once_it_is_verified(shop: Shop) -> None:
    several = ["uno@casajacaranda.example", "dos@casajacaranda.example", "tres@casajacaranda.example"]
    with shop.setting("notifications", merchant_addresses=several):
        order = shop.place(payment_method="bank_transfer")
        shop.mailbox.wait("verification", order.id)
        shop.mailbox.wait("payment_instructions", order.id)
        assert shop.mailbox.mails(event="merchant_order", order_id=order.id) == []
        shop.verify(order)
        shop.mailbox.wait("merchant_order", order.id)
    mails = shop.mailbox.mails(event="merchant_order", order_id=order.id)
    assert sorted({address for mail in mails for address in mail["to"]}) == sorted(several)


@pytest.mark.capability("A08", "D21")
def test_rejecting_by_the_link_tells_the_customer_why_and_gives_the_stock_back(shop: Shop) -> None:
    order = shop.place()
    sku = order.lines[0][0]
    held = shop.available(sku)
    shop.verify(order)
    reason = "No llegó la cosecha de este año"
    shop.decide(order, "reject", reason=reason)
    seen = shop.wait(order, "lifecycle", "cancelled")
    assert seen["payment"] == "voided"
    mail = shop.mailbox.wait("order_rejected", order.id)
    assert reason in mail["text"]
    assert shop.available(sku) == held + 2
    intent = shop.provider.v1.payment_intents.retrieve(order.placed["payment_action"]["id"])
    assert intent.status == "canceled"
    mails = shop.mailbox.mails(event="merchant_order", order_id=order.id)
    again = {"token": token_in(link_to(mails[0], "/approve-order")), "decision": "approve"}
    refused = shop.api.send("POST", "/approve-order", again)
    assert (refused.status, refused.body["type"]) == (410, "link-used")


@pytest.mark.capability("D21")
def test_cancelling_a_paid_order_refunds_at_the_provider_and_restocks(shop: Shop) -> None:
    order = shop.paid()
    sku = order.lines[0][0]
    held = shop.available(sku)
    shop.staff.command(order.id, "cancel", {"reason": "customer", "restock": True, "refund": True})
    seen = shop.wait(order, "payment", "refunded")
    assert seen["lifecycle"] == "cancelled"
    mail = shop.mailbox.wait("refunded", order.id)
    assert mail["to"] == [order.email]
    shop.mailbox.wait("order_cancelled", order.id)
    refunds = shop.provider.v1.refunds.list({"payment_intent": order.placed["payment_action"]["id"]}).data
    assert [(refund.amount, refund.status) for refund in refunds] == [(order.total, "succeeded")]
    assert shop.available(sku) == held + 2
    eventually(lambda: shop.execution(order) == "SUCCEEDED", "the execution ended", order.id)
    assert len(shop.mailbox.mails(event="refunded", order_id=order.id)) == 1


@pytest.mark.capability("A08")
def test_a_shop_that_approves_by_itself_needs_no_link(shop: Shop) -> None:
    with shop.setting("checkout", approval="automatic"):
        order = shop.place()
    shop.verify(order)
    shop.wait(order, "approved", True)
    shop.pay(order)
    shop.wait(order, "payment", "paid")
    shop.ship(order)
    assert order.axes() == ("placed", "paid", "shipped")


@pytest.mark.capability("A17")
def test_the_csv_link_is_for_its_order_only(shop: Shop) -> None:
    order, other = shop.place(payment_method="request"), shop.place(payment_method="request")
    shop.verify(order)
    link = link_to(shop.mailbox.wait("merchant_order", order.id), rf"/orders/{order.id}/export\.csv")
    answer = Api("").call("GET", link, accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "Lucía Peña Ibáñez" in answer.content.decode("utf-8-sig")
    stranger = Api("").send("GET", link.replace(order.id, other.id), accept="application/json")
    assert stranger.status == 404


@pytest.mark.capability("A01", "D04", "D24")
def test_staff_find_orders_by_state_and_payment_method(shop: Shop) -> None:
    order = shop.place(payment_method="bank_transfer")

    def listed(query: str) -> set[str]:
        return {item["order_id"] for item in shop.staff.get(f"/admin/orders?limit=100&{query}")["items"]}

    assert order.id in listed("payment=pending&method=bank_transfer")
    assert order.id in listed("lifecycle=awaiting_verification")
    assert order.id not in listed("not.payment=pending")
    assert order.id not in listed("method=stripe")
    assert order.id in listed("created_from=today")
