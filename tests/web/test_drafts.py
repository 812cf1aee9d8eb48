"""Orders by telephone in a real browser, in Spanish: a cart finished, codes in a burst, a quotation."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from local.demo.outside import eventually
from tests.e2e.shop import Shop
from tests.web.late import held
from tests.web.people import signed_in
from tests.web.test_order_page import fits, told

pytestmark = pytest.mark.e2e


def cart(shop: Shop, name: str, skus: list[str]) -> None:
    """A customer leaves a name and goes; it stands among the open carts."""
    lines = [{"sku": sku, "quantity": 2} for sku in skus]
    cart_id = shop.api.call("POST", "/carts", {"lines": lines}, status=201).body["cart_id"]
    contact = {"email": f"{cart_id[:8]}@example.com", "name": name, "phone": "+52 55 1234 5678"}
    shop.api.call("PUT", f"/carts/{cart_id}/contact", contact)

    def listed() -> bool:
        return any(
            one["cart_id"] == cart_id for one in shop.staff.get("/admin/orders?lifecycle=cart")["items"]
        )

    eventually(listed, "the cart on the list", cart_id)  # which follows the carts' index


def sold(page: Page) -> dict[str, str]:
    """SKU → units as the page shows them."""
    rows = page.locator("table.sold tbody tr").all()
    return {
        row.locator("input[type=hidden]").input_value(): row.locator("input.few").input_value()
        for row in rows
    }


@pytest.mark.capability("D25", "E02", "E03", "E05", "C06")
def test_a_cart_becomes_an_order_by_telephone(shop: Shop, browser: Browser, shots: Path) -> None:
    """Seven clicks, nothing read before: list, tab, take, delivery, payment, reached, place."""
    name = "Rosa Telefónica"
    cart(shop, name, [str(shop.products()[0]["sku"])])
    page = signed_in(browser, shop.stack, "staff")
    page.get_by_role("link", name="Borradores y carritos").click()
    page.get_by_role("link", name="Carritos abiertos").click()
    page.screenshot(path=shots / "carts-es-1440.png")
    with page.expect_navigation():  # a choice before the scripts are there changes no sum
        page.locator("tr").filter(has_text=name).first.get_by_role("button", name="Terminar").click()
    expect(page.get_by_label("Nombre", exact=True)).to_have_value(name)
    page.get_by_label("Entrega", exact=True).select_option("pickup")
    page.get_by_label("Pago", exact=True).select_option("bank_transfer")
    expect(page.locator("#sum")).not_to_contain_text("Falta")
    page.get_by_label("Hablé con el cliente").check()
    page.screenshot(path=shots / "draft-es-1440.png", full_page=True)
    page.get_by_role("button", name="Hacer el pedido").click()
    told(page, "está hecho")
    expect(page.locator("section.next")).to_be_visible()
    expect(page.locator("aside")).to_contain_text("Verificado")
    page.context.close()


@pytest.mark.capability("D25", "A20")
def test_codes_scanned_in_a_burst_all_count_and_an_unknown_one_keeps_the_cursor(
    shop: Shop, browser: Browser, shots: Path
) -> None:
    one, other = (str(product["sku"]) for product in shop.products()[:2])
    narrow = {"viewport": {"width": 375, "height": 740}}
    page = signed_in(browser, shop.stack, "staff", **narrow)
    page.get_by_role("link", name="Nuevo pedido").first.click()
    expect(page.locator("#code")).to_be_focused()  # a scanner types and sends; the cursor stands in its field
    with page.expect_navigation():
        page.keyboard.type(f"{one}\n")
    expect(page.locator("h1")).to_contain_text("Borrador")
    expect(page.locator("#code")).to_be_focused()
    for code in (one, other, one):
        page.keyboard.type(f"{code}\n")
    expect(page.locator("table.sold tbody tr")).to_have_count(2)
    expect(page.locator("table.sold input.few").first).to_have_value("3")
    assert sold(page) == {one: "3", other: "1"}
    page.keyboard.type("7501234567890\n")
    expect(page.get_by_role("alert")).to_contain_text("«7501234567890»")
    assert page.evaluate("document.activeElement.id") == "code"
    assert sold(page) == {one: "3", other: "1"}
    _late(page, one, other)
    before = page.locator("#sum tfoot").inner_text()
    page.locator("table.sold input.few").first.fill("9999")
    page.get_by_label("Comentario del cliente").fill("Tocar dos veces")
    expect(page.locator("#stock-0")).to_contain_text("solo quedan")
    expect(page.locator("#sum tfoot")).not_to_have_text(before)
    assert fits(page)
    page.screenshot(path=shots / "draft-es-375.png", full_page=True)
    page.context.close()


def _late(page: Page, one: str, other: str) -> None:
    """A code whose request gets no answer goes as it was until it has one; what is typed meanwhile stays."""
    comment = page.get_by_label("Comentario del cliente")
    sent: list[str | None] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data)
        if len(sent) > 1:
            route.abort("connectionreset")
        else:  # as a gateway says it: nothing to be drawn
            route.fulfill(status=502, content_type="application/json", body='{"message": "Bad Gateway"}')

    page.route("**/draft", lose, times=2)
    page.locator("#code").focus()
    page.keyboard.type(f"{other}\n")
    expect(page.locator("table.sold input.few").nth(1)).to_have_value("2", timeout=20_000)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    with held(page, "**/draft") as late:
        page.keyboard.type(f"{other}\n")
    page.keyboard.type(
        f"{other}\n{one[:3]}"
    )  # one more waits, and half a code is typed when the answer comes
    late.pop().continue_()
    expect(page.locator("table.sold input.few").nth(1)).to_have_value("4")
    page.keyboard.type(f"{one[3:]}\n")
    expect(page.locator("table.sold input.few").first).to_have_value("4")
    with held(page, "**/draft") as late:
        page.keyboard.type(f"{other}\n")
    comment.fill("Sin prisa")
    page.locator("table.sold input.few").first.fill("6")
    comment.focus()
    late.pop().continue_()
    expect(page.locator("table.sold input.few").nth(1)).to_have_value("5")
    expect(comment).to_have_value("Sin prisa")
    expect(comment).to_be_focused()
    assert sold(page) == {one: "6", other: "5"}


@pytest.mark.capability("F18", "D28")
def test_words_find_products_and_a_quotation_goes_out(shop: Shop, browser: Browser) -> None:
    page = signed_in(browser, shop.stack, "staff")
    with page.expect_navigation():
        page.get_by_role("link", name="Nuevo pedido").click()
    page.get_by_label("Lee un código").fill("cafe chia")  # one search: the list is drawn once
    with page.expect_navigation():
        page.get_by_role("button", name="Agregar Café de Chiapas").click()
    expect(page.locator("table.sold tbody tr")).to_have_count(1)
    page.get_by_label("Nombre", exact=True).fill("Compras del Hotel")
    page.get_by_label("Correo", exact=True).fill("compras@example.com")
    page.get_by_label("Entrega", exact=True).select_option("pickup")
    page.get_by_label("Pago", exact=True).select_option("bank_transfer")
    page.get_by_role("button", name="Enviar la cotización").click()
    expect(page.locator("#draft")).to_contain_text("Sus precios valen hasta")
    told(page, "va en camino al cliente")
    page.get_by_role("button", name="Retirarla").click()
    told(page, "vuelve a ser borrador")
    page.context.close()
