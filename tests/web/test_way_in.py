"""From the address of the back office through sign-in to an order and out again, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.e2e.shop import Shop
from tests.web.people import enter, signed_in, visitor

pytestmark = pytest.mark.e2e


def test_staff_come_in_approve_an_order_and_leave(shop: Shop, browser: Browser, shots: Path) -> None:
    order = shop.place(payment_method="bank_transfer")
    shop.verify(order)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "back-office" in message.location.get("url", ""):
            complaints.append(message.text)

    page = signed_in(browser, shop.stack, "staff")
    page.on("console", listen)
    page.goto(f"{shop.stack['back_office_url']}/orders")
    row = page.get_by_role("row").filter(has_text=order.number)
    expect(row).to_contain_text("Verificado")
    expect(row).to_contain_text("por revisar", ignore_case=True)
    page.screenshot(path=shots / "orders.png")
    row.get_by_role("link", name=order.number).click()
    page.get_by_role("button", name="Aprobar").click()
    expect(page.get_by_role("status").filter(has_text=order.number)).to_contain_text("está aprobado")
    page.screenshot(path=shots / "order-approved.png", full_page=True)
    assert shop.staff.order(order.id)["approved"] is True
    page.locator("details.me summary").click()
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("heading", name="Cerraste la sesión")).to_be_visible()
    page.goto(f"{shop.stack['back_office_url']}/orders")
    expect(page.locator("input[name=password]")).to_be_visible()
    assert complaints == []
    page.context.close()


def test_a_picker_comes_to_the_picking_screen_and_no_further(shop: Shop, browser: Browser) -> None:
    page = visitor(browser).new_page()
    enter(page, shop.stack, "picker")
    expect(page).to_have_url(re.compile("/picking$"))
    answer = page.goto(f"{shop.stack['back_office_url']}/orders")
    assert answer is not None
    assert answer.status == 403
    assert page.locator("nav").count() == 0
    page.context.close()
