"""The rooms of the back office beside orders, in a browser: stock, customers, exports, notices."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from local.demo.outside import eventually
from tests.e2e.shop import Shop
from tests.web.people import signed_in

pytestmark = pytest.mark.e2e


def quiet(page: Page) -> list[str]:
    """What the browser complains about from now on."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "back-office" in message.location.get("url", ""):
            complaints.append(message.text)

    page.on("console", listen)
    return complaints


@pytest.mark.capability("D22")
def test_a_shelf_is_counted_and_the_movement_stays(shop: Shop, browser: Browser, shots: Path) -> None:
    page = signed_in(browser, shop.stack, "staff")
    complaints = quiet(page)
    page.get_by_role("link", name="Existencias").click()
    page.locator("table.list tbody tr a").first.click()
    on_shelf = int(page.locator("table.list tbody td.number").first.inner_text().replace(",", ""))
    page.get_by_label("Unidades que hay ahí").fill(str(on_shelf + 3))
    page.get_by_role("button", name="Guardar el conteo").click()
    expect(page.get_by_role("status").filter(has_text="+3")).to_be_visible()
    expect(page.locator("#moved tbody tr").first).to_contain_text("conteo")
    page.screenshot(path=shots / "stock.png", full_page=True)
    assert complaints == []
    page.context.close()


@pytest.mark.capability("D23", "D36")
def test_a_customer_is_found_and_given_credit(shop: Shop, browser: Browser, shots: Path) -> None:
    order = shop.place(payment_method="bank_transfer")
    shop.verify(order)
    page = signed_in(browser, shop.stack, "staff", viewport={"width": 375, "height": 800})
    complaints = quiet(page)
    page.get_by_role("link", name="Clientes").click()
    email = shop.staff.order(order.id)["customer"]["email"]
    found = f"/admin/customers?q={email}"  # the search follows the tables' streams
    eventually(lambda: shop.staff.get(found)["items"], "the customer found", email)
    page.get_by_role("searchbox").fill(email)
    page.get_by_role("searchbox").press("Enter")
    row = page.locator("table.list tbody tr").filter(has_text=email)
    row.get_by_role("link").first.click()
    page.get_by_text("Abonar o quitar saldo a favor").click()
    page.get_by_label("Importe").fill("50.50")
    page.get_by_label("Motivo").fill("por la espera")
    page.get_by_role("button", name="Abonar").click()
    expect(page.get_by_role("status").filter(has_text="50.50")).to_be_visible()
    expect(page.get_by_role("heading", name="Saldo a favor")).to_contain_text("50.50")
    page.screenshot(path=shots / "customer-375.png", full_page=True)
    assert complaints == []
    page.context.close()


@pytest.mark.capability("A18", "G11")
def test_new_orders_are_sent_and_seen_to_arrive(shop: Shop, browser: Browser, shots: Path) -> None:
    order = shop.place(payment_method="bank_transfer")
    shop.verify(order)
    page = signed_in(browser, shop.stack, "admin", color_scheme="dark")
    complaints = quiet(page)
    page.get_by_role("link", name="Envíos a mi sistema", exact=True).click()
    page.get_by_role("button", name="Enviar ahora los pedidos nuevos").first.click()
    expect(page.locator("#batch .badge").first).to_have_text("entregado", timeout=30_000)
    page.screenshot(path=shots / "export.png", full_page=True)
    page.get_by_role("link", name="Avisos recibidos", exact=True).click()
    expect(page.get_by_role("heading", name="Avisos recibidos")).to_be_visible()
    page.screenshot(path=shots / "notices.png", full_page=True)
    assert complaints == []
    page.context.close()
