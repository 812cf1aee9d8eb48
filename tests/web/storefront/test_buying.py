"""A person buys in the demo shop by every way to pay, in Spanish and in English, on a telephone."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.shop import Shop
from tests.web.late import held
from tests.web.storefront.shopper import Shopper, Somebody

pytestmark = pytest.mark.e2e


@pytest.mark.capability("C17", "A05", "A03")
def test_by_transfer_with_the_sellers_own_fields(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    sku = buyer.fill_cart(2)
    buyer.fill_form("bank_transfer", delivery="ship")
    buyer.page.locator("[name='fields.horario_entrega']").select_option(index=1)
    buyer.type_in("fields.mensaje_tarjeta", "Con cariño <b>")
    buyer.type_in("discount_code", "BIENVENIDA10")
    buyer.review()
    expect(buyer.page.locator(".sums")).to_contain_text(buyer.say("sum.discount"))
    buyer.confirm()
    buyer.expect_state("unverified")
    order = buyer.ordered()
    expect(buyer.page.locator("#pay")).to_contain_text(order.number)
    seen = shop.staff.order(order.id)
    assert (seen["payment"], order.view()["payment_method"]) == ("pending", "bank_transfer")
    assert [(line["sku"], line["quantity"]) for line in seen["lines"]] == [(sku, 2)]
    assert seen["totals"]["discount"]["amount"] > 0


CARD = "4242 4242 4242 4242"


def type_card(buyer: Shopper, number: str) -> None:
    """By the test number beside the form, as a person who tries the shop would."""
    buyer.page.get_by_role("button", name=number).click()
    buyer.page.locator("#card button.wide").click()


@pytest.mark.capability("C17", "D05")
def test_by_a_card_that_is_declined_and_then_by_another(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody("en")
    buyer.buy("stripe")
    order = buyer.ordered()
    type_card(buyer, "4000 0000 0000 0002")
    expect(buyer.page.locator("#card-error")).to_have_text(buyer.say("card.declined"))
    shop.wait(order, "payment", "failed")
    type_card(buyer, CARD)
    buyer.expect_state("paid_unverified")
    shop.wait(order, "payment", "paid")
    captures = [entry for entry in shop.staff.order(order.id)["ledger"] if entry["kind"] == "capture"]
    assert [entry["amount"]["amount"] for entry in captures] == [order.total]


@pytest.mark.capability("D05")
def test_by_a_card_whose_bank_asks_first(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    buyer.buy("stripe")
    order = buyer.ordered()
    type_card(buyer, "4000 0000 0000 3220")
    buyer.page.get_by_role("button", name="Rechazar").click()
    expect(buyer.page.locator("#card")).to_contain_text(buyer.say("card.refused"))
    shop.wait(order, "payment", "failed")
    type_card(buyer, "4000 0000 0000 3220")
    buyer.page.get_by_role("button", name="Aceptar").click()
    buyer.expect_state("paid_unverified")
    shop.wait(order, "payment", "paid")


@pytest.mark.capability("C17", "C19", "C20")
def test_by_paypal_and_back(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    buyer.buy("paypal")
    buyer.page.get_by_role("button", name="Pagar con tarjeta rechazada").click()
    order = buyer.ordered()
    shop.wait(order, "payment", "failed")
    buyer.expect_state("failed")
    buyer.page.locator("input[name=payment_method][value=paypal]").check()
    _sent_while_the_page_looks(buyer, order.id)
    buyer.page.get_by_role("button", name="Pay · Pagar", exact=True).click()
    buyer.expect_state("paid_unverified")
    assert shop.wait(order, "payment", "paid")["due"]["amount"] == 0


def _sent_while_the_page_looks(buyer: Shopper, order_id: str) -> None:
    """The order has changed before the way to PayPal is answered, and the page that looks stays out of it."""
    with held(buyer.page, "**/payments") as late:
        buyer.page.locator("form[action$='/payments']").evaluate("form => form.requestSubmit()")
    late[0].fetch(max_redirects=0)
    for _ in range(2):
        with buyer.page.expect_response(lambda one: one.url.endswith(f"/orders/{order_id}")):
            pass
    late.pop().continue_()


@pytest.mark.capability("C17", "C20")
def test_by_mercado_pago_and_back(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody("en")
    buyer.buy("mercadopago")
    buyer.page.get_by_role("button", name="Pay by card").click()
    buyer.expect_state("paid_unverified")
    assert shop.wait(buyer.ordered(), "payment", "paid")["due"]["amount"] == 0


@pytest.mark.capability("C17", "D06")
def test_by_a_voucher_that_is_paid_later(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    buyer.buy("mercadopago")
    with buyer.page.expect_request(lambda request: "payment_id=" in request.url) as back:
        buyer.page.get_by_role("button", name="Voucher en tienda").click()
    payment = dict(parse_qsl(urlsplit(back.value.url).query))["payment_id"]
    order = buyer.ordered()
    buyer.expect_state("unverified")
    assert order.view()["payment"] == "pending"
    shop.control.call("POST", f"/mercadopago/payments/{payment}/settle", {"outcome": "approved"})
    buyer.expect_state("paid_unverified")
    shop.wait(order, "payment", "paid")


@pytest.mark.capability("C17", "D04")
@pytest.mark.parametrize(
    ("method", "delivery", "language", "lifts"),
    [("cheque", "pickup", "en", 0), ("on_delivery", "ship", "es", 3_500), ("at_pickup", "pickup", "es", 0)],
)
def test_by_what_is_paid_by_hand(
    shop: Shop, somebody: Somebody, method: str, delivery: str, language: str, lifts: int
) -> None:
    buyer = somebody(language)
    buyer.buy(method, delivery)
    order = buyer.ordered()
    told = order.placed["payment_action"]
    expect(buyer.page.locator("#pay")).to_contain_text(told["text"])
    expect(buyer.page.locator("#pay")).to_contain_text(order.number)
    seen = shop.staff.order(order.id)
    assert (seen["payment"], seen["totals"]["surcharge"]["amount"]) == ("pending", lifts)


@pytest.mark.capability("A02", "A05", "A06", "A07")
def test_an_order_request_without_payment(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    buyer.fill_cart()
    buyer.fill_form("request")
    buyer.page.locator("input[name=accept_privacy]").uncheck()
    buyer.page.locator("form.checkout").evaluate("form => { form.noValidate = true; }")  # past the browser
    buyer.press("to.review")
    expect(buyer.page.locator("#accept_privacy-error")).to_have_text(buyer.say("error.accept_privacy"))
    buyer.page.locator("input[name=accept_privacy]").check()
    buyer.review()
    buyer.confirm()
    buyer.expect_state("unverified")
    order = buyer.ordered()
    assert (order.view()["payment"], "payment_action" in order.view()) == ("none", False)
    shop.verify(order)
    buyer.expect_state("requested")  # by itself, while the page is open
    expect(buyer.page.locator("main")).to_contain_text("te confirmamos por correo")


@pytest.mark.capability("C17")
def test_paid_by_another_way_than_chosen_first(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody("en")
    buyer.buy("bank_transfer")
    order = buyer.ordered()
    buyer.page.get_by_text(buyer.say("pay.otherwise")).first.click()
    buyer.page.locator("input[name=payment_method][value=stripe]").check()
    buyer.press("pay.so")
    type_card(buyer, CARD)
    buyer.expect_state("paid_unverified")
    assert shop.wait(order, "payment", "paid")["payment_method"] == "stripe"
