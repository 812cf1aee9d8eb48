"""A person buys in the demo shop and types the card on Stripe's page, in Spanish and in English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.shop import Shop
from tests.web.beholder import Beholder
from tests.web.storefront.shopper import Shopper, Somebody

pytestmark = pytest.mark.e2e

GOOD, DECLINED, ASKS = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 3220"


@pytest.fixture(autouse=True)
def _on_stripes_page(shop: Shop) -> Iterator[None]:
    with shop.setting("payments.stripe", pay_on="provider"):
        yield


def type_card(buyer: Shopper, number: str) -> None:
    buyer.page.locator("input[name=number]").fill(number)
    buyer.page.locator("form button").click()


@pytest.mark.capability("C17", "C19", "D05")
def test_declined_and_then_paid_on_the_page(shop: Shop, somebody: Somebody, shots: Path) -> None:
    buyer = somebody()
    buyer.buy("stripe")
    expect(buyer.page.locator("html")).to_have_attribute("lang", "es")
    expect(buyer.page.get_by_text(buyer.email)).to_be_visible()
    assert Beholder(buyer.page, buyer.page.url.split("/c/pay")[0]).fits(buyer.size) == []
    buyer.page.screenshot(path=shots / "stripe-page-es.png", full_page=True)
    type_card(buyer, DECLINED)
    expect(buyer.page.get_by_role("alert")).to_contain_text("El banco ha rechazado la tarjeta")
    type_card(buyer, GOOD)
    buyer.expect_state("paid_unverified")
    order = buyer.ordered()
    shop.wait(order, "payment", "paid")
    captures = [entry for entry in shop.staff.order(order.id)["ledger"] if entry["kind"] == "capture"]
    assert [entry["amount"]["amount"] for entry in captures] == [order.total]


@pytest.mark.capability("C17", "D05", "D07")
def test_the_bank_refuses_then_the_customer_goes_back_and_pays_again(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody("en")
    buyer.buy("stripe")
    first = buyer.page.url
    type_card(buyer, ASKS)
    buyer.page.get_by_role("button", name="Refuse").click()
    expect(buyer.page.get_by_role("alert")).to_contain_text("The bank did not confirm it")
    buyer.page.get_by_role("link", name="Back to the shop").click()
    order = buyer.ordered()
    shop.wait(order, "payment", "failed")
    buyer.expect_state("failed")
    buyer.page.locator("input[name=payment_method][value=stripe]").check()
    buyer.press("pay.so")
    expect(buyer.page.get_by_label("Card number")).to_be_visible()
    assert buyer.page.url != first
    type_card(buyer, ASKS)
    buyer.page.get_by_role("button", name="Accept").click()
    buyer.expect_state("paid_unverified")
    assert shop.wait(order, "payment", "paid")["due"]["amount"] == 0
    buyer.page.goto(first)
    expect(buyer.page.locator("body")).to_contain_text("no longer available")


@pytest.mark.capability("C17", "G05")
def test_who_goes_back_finds_the_way_to_the_same_page(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody("en")
    buyer.buy("stripe")
    page = buyer.page.url
    buyer.page.get_by_role("link", name="Back to the shop").click()
    buyer.expect_state("unverified")
    way = buyer.page.locator("#pay a.button")
    expect(way).to_have_attribute("href", page)
    way.click()
    type_card(buyer, GOOD)
    buyer.expect_state("paid_unverified")
    shop.wait(buyer.ordered(), "payment", "paid")
