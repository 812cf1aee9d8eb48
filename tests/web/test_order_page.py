"""An order on its own page in a real browser: its whole way in Spanish, held on a phone in English."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.shop import Shop
from tests.web.people import signed_in

pytestmark = pytest.mark.e2e


def fits(page: Page) -> bool:
    """Nothing of the page lies beside the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def told(page: Page, text: str) -> None:
    expect(page.locator(".toast")).to_contain_text(text)


@pytest.mark.capability("C16", "F01", "F02", "F03", "G11")
def test_an_order_goes_its_whole_way_on_its_page(shop: Shop, browser: Browser, shots: Path) -> None:
    order = shop.place(payment_method="bank_transfer")
    page = signed_in(browser, shop.stack, "staff")
    page.goto(f"{shop.stack['back_office_url']}/orders/{order.id}")
    page.get_by_role("button", name="Verificar por teléfono").first.click()
    told(page, "está verificado")
    page.get_by_role("button", name="Aprobar").first.click()
    told(page, "está aprobado")
    expect(page.locator(".way .now")).to_contain_text("Pago")
    page.get_by_role("link", name="Confirmar el pago").click()
    page.get_by_label("Referencia del banco").fill("SPEI 778")
    page.screenshot(path=shots / "order-paying-es-1440.png", full_page=True)
    page.get_by_role("button", name="Confirmar el pago").click()
    told(page, "está confirmado")
    page.get_by_text("Acciones").click()
    page.get_by_role("link", name="Cambiar el pedido").click()
    page.get_by_label("Cargo adicional").fill("25")
    page.get_by_label("Su título, que lee el cliente").nth(1).fill("Envoltura")
    page.get_by_role("button", name="Ver qué significa").click()
    expect(page.locator("#do")).to_contain_text("Diferencia")
    page.screenshot(path=shots / "order-change-es-1440.png", full_page=True)
    page.get_by_role("button", name="Descartarlo").click()
    page.get_by_role("link", name="Enviar", exact=True).first.click()
    page.get_by_label("Paquetería").fill("Estafeta")
    page.get_by_label("Número de rastreo").fill("8055241528123")
    page.get_by_role("button", name="Enviar", exact=True).click()
    told(page, "Salió un bulto")
    expect(page.locator("article.parcel")).to_contain_text("Estafeta")
    page.screenshot(path=shots / "order-shipped-es-1440.png", full_page=True)
    assert fits(page)
    page.context.close()


def test_an_order_is_read_and_held_on_a_phone(shop: Shop, browser: Browser, shots: Path) -> None:
    order = shop.place(payment_method="bank_transfer")
    shop.verify(order)
    narrow = {"viewport": {"width": 375, "height": 740}, "locale": "en-US", "color_scheme": "dark"}
    page = signed_in(browser, shop.stack, "staff", **narrow)
    page.locator("details.me summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{shop.stack['back_office_url']}/orders/{order.id}")
    expect(page.locator(".next")).to_contain_text("This order waits for your approval.")
    assert fits(page)
    page.screenshot(path=shots / "order-en-375.png", full_page=True)
    page.get_by_text("Actions").click()
    page.get_by_role("link", name="Put on hold").click()
    page.get_by_label("Note").fill("Call before shipping")
    page.get_by_role("button", name="Put on hold").click()
    told(page, "is on hold")
    page.get_by_role("button", name="Undo: release it").click()
    told(page, "is released")
    expect(page.locator("#holds")).to_contain_text("Call before shipping")
    assert fits(page)
    page.screenshot(path=shots / "order-held-en-375.png", full_page=True)
    page.context.close()
