"""What a customer meets on the way: pages that all can use, nothing twice, and a shop that answers kindly."""

import re

import pytest
from playwright.sync_api import expect

from local.demo.mailbox import link_to
from local.demo.outside import eventually
from tests.e2e.shop import Shop
from tests.web.beholder import NARROW, WIDE
from tests.web.late import held
from tests.web.storefront.shopper import Shopper, Somebody

pytestmark = pytest.mark.e2e


def sold_out(shop: Shop) -> str:
    items = shop.api.get("/products?locale=es&limit=100")["items"]
    return str(next(item["sku"] for item in items if item["available"] == 0))


def look_round(buyer: Shopper) -> dict[str, list[str]]:
    """From the door to the order's page; what is wrong with each page."""
    found: dict[str, list[str]] = {}
    for name, path in {
        "list": "/", "nothing found": "/?q=zzz", "empty cart": "/cart", "lost": "/nowhere",
        "sold out": f"/products/{sold_out(buyer.shop)}",
    }.items():  # fmt: skip
        buyer.page.goto(buyer.home + path)
        found[name] = buyer.wrong()
    buyer.fill_cart()
    found["cart"] = buyer.wrong()
    buyer.fill_form("on_delivery", "ship")
    buyer.type_in("discount_code", "NADA")
    buyer.press("to.review")
    expect(buyer.page.locator("[id='discount_code-error']")).to_be_visible()
    expect(buyer.page.get_by_role("alert")).to_be_focused()
    found["form with an error"] = buyer.wrong()
    buyer.type_in("discount_code", "")
    buyer.review()
    found["review"] = buyer.wrong()
    buyer.press("edit")
    buyer.page.locator("input[name=payment_method][value=stripe]").check()
    buyer.review()
    buyer.confirm()
    buyer.expect_state("unverified")
    found["order with its card form"] = buyer.wrong()
    return {name: wrong for name, wrong in found.items() if wrong}


@pytest.mark.capability("A02", "A03", "A05")
@pytest.mark.parametrize(("language", "size", "scheme"), [("es", NARROW, "light"), ("en", WIDE, "dark")])
def test_every_page_can_be_used_by_everybody(
    somebody: Somebody, language: str, size: dict[str, int], scheme: str
) -> None:
    assert look_round(somebody(language, size=size, scheme=scheme)) == {}


def test_a_product_is_found_and_added_in_place(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    buyer.page.get_by_role("searchbox").fill("CAFÉ de olla")
    buyer.press("search")
    card = buyer.page.get_by_role("listitem").filter(has_text="piloncillo")
    for units in ("1", "2"):
        card.get_by_role("button").click()
        expect(buyer.page.locator("#in-cart")).to_have_text(units)
    expect(buyer.page.get_by_role("status")).to_contain_text("Café de olla")
    buyer.page.get_by_role("link", name=buyer.say("see.cart")).click()
    field = buyer.page.get_by_label(re.compile("^Cantidad de Café de olla"))
    expect(field).to_have_value("2")
    field.fill("100000")
    field.blur()
    expect(buyer.page.get_by_role("alert")).to_contain_text(buyer.say("short"))
    buyer.page.get_by_role("button", name=re.compile("^Quitar")).click()
    expect(buyer.page.locator("main")).to_contain_text(buyer.say("cart.empty"))


def test_the_language_changes_where_one_is(somebody: Somebody) -> None:
    buyer = somebody()
    buyer.page.goto(f"{buyer.home}/?q=miel")
    buyer.page.locator("form.language button").click()
    expect(buyer.page.get_by_role("heading", level=1)).to_have_text("Results for “miel”")
    expect(buyer.page).to_have_url(re.compile(r"/\?q=miel$"))


@pytest.mark.capability("A05")
def test_pressing_twice_orders_once(somebody: Somebody) -> None:
    buyer = somebody()
    buyer.fill_cart()
    buyer.fill_form("request")
    buyer.review()
    # Past the script that stops a second press: the page's form sent twice at the same time.
    places = buyer.page.evaluate("""() => {
      const form = document.querySelector("form[action='/orders']");
      const body = new URLSearchParams(new FormData(form));
      const press = () => fetch(form.action, { method: "POST", body });
      return Promise.all([press(), press()]).then((answers) => answers.map((one) => one.url));
    }""")
    assert re.search(r"/orders/\w+$", places[0])
    assert len(set(places)) == 1
    buyer.page.goto(places[0])
    buyer.expect_state("unverified")
    expect(buyer.page.locator("#in-cart")).to_be_hidden()


@pytest.mark.capability("A04", "A06")
def test_who_confirmed_an_address_need_not_type_it_again(shop: Shop, somebody: Somebody) -> None:
    buyer = somebody()
    buyer.buy("bank_transfer", "ship")
    first = buyer.ordered()
    mail = shop.mailbox.wait("verification", first.id)
    buyer.page.goto(link_to(mail, "/verify-email"))
    buyer.page.get_by_role("button").click()
    shop.wait(first, "verified", True)
    buyer.fill_cart()
    with held(buyer.page, "**/checkout/delivery?*") as late:
        buyer.page.get_by_role("link", name=buyer.say("to.checkout"), exact=True).click()
    expect(buyer.page.locator("[name='customer.email']")).to_have_value(buyer.email)
    expect(buyer.page.locator("[name='shipping_address.line1']")).to_have_value("Calle Ámsterdam 12, piso 3")
    pickup = buyer.page.locator("input[name=delivery][value=pickup]")
    pickup.check()
    asked = pickup.element_handle()
    late.pop().continue_()
    eventually(lambda: asked.evaluate("old => !old.isConnected"), "the ways drawn anew", "the page")
    expect(pickup).to_be_checked()
    buyer.page.locator("input[name=payment_method][value=bank_transfer]").check()
    buyer.page.locator("input[name=accept_privacy]").check()
    buyer.review()
    buyer.confirm()
    buyer.expect_state("unpaid")
    assert buyer.ordered().axes()[0] == "placed"
