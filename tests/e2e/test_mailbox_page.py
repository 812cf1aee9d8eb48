"""The captured mails as a person reads them in a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.shop import Shop

pytestmark = pytest.mark.e2e

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: `make tools` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def test_mails_are_read_and_followed_in_a_browser(shop: Shop, browser: Browser, tmp_path: Path) -> None:
    order = shop.place(payment_method="request")
    mail = shop.mailbox.wait("verification", order.id)
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="es-MX")
    page.goto(shop.stack["mailbox_url"])
    page.get_by_role("link", name=mail["subject"]).first.click()
    expect(page.get_by_role("heading", name=mail["subject"])).to_be_visible()
    page.wait_for_load_state()  # a click into a frame that is not drawn yet is lost
    letter = page.frame_locator("iframe")
    with page.context.expect_page() as opened:
        letter.get_by_role("link", name="Verificar usuario").first.click()
    confirming = opened.value
    confirming.wait_for_load_state()
    assert order.view()["lifecycle"] == "awaiting_verification"
    shots = Path(os.environ.get("COMANDA_SHOTS") or tmp_path)
    page.screenshot(path=shots / "mailbox.png")
    confirming.screenshot(path=shots / "verify.png")
    with confirming.expect_navigation():
        confirming.get_by_role("button").first.click()
    confirming.screenshot(path=shots / "verified.png")
    assert order.view()["lifecycle"] == "placed"
    confirming.goto(order.placed["tracking_url"])
    expect(confirming.get_by_text(order.number).first).to_be_visible()
    confirming.screenshot(path=shots / "order.png", full_page=True)
    page.context.close()
