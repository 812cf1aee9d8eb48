"""A picker with a phone in a browser: signing in, taking orders, scanning; and what the server knows."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.shop import Order, Shop
from tests.web.people import enter, visitor

PHONE = {"width": 375, "height": 812}


@dataclass
class Phone:
    """`base` is the address of the shop's API, where `/picking` lies."""

    page: Page
    base: str

    def scan(self, *codes: str) -> None:
        """As a keyboard scanner does: all keys at once, without waiting for anything."""
        for code in codes:
            self.page.keyboard.type(code)
            self.page.keyboard.press("Enter")

    def take(self, *orders: Order, taps: int = 1) -> dict[str, Any]:
        """Begin a round of these orders by scanning their numbers; answers the round."""
        self.page.get_by_role("tab", name="Pedidos").click()
        expect(self.page.locator("#code")).to_be_focused()
        self.scan(*(order.number for order in orders))
        self.page.locator("#begin").click(click_count=taps)
        expect(self.page.locator(".now .where")).to_be_visible()
        return self.wave()

    def wave(self) -> dict[str, Any]:
        """The open round as the server has it."""
        wave_id = self.get("/work")["wave"]
        return self.get(f"/waves/{wave_id}")

    def get(self, path: str) -> dict[str, Any]:
        answer = self.page.request.get(f"{self.base}/picking{path}")
        assert answer.status == 200, answer.text()
        found: dict[str, Any] = answer.json()
        return found

    def counted(self, units: dict[str, int]) -> None:
        """Wait until the server has counted exactly these units of each article; 20 s at most."""
        end = time.monotonic() + 20
        while (now := picked(self.wave())) != units:
            assert time.monotonic() < end, now
            time.sleep(0.2)

    def told(self) -> str:
        return self.page.locator(".told").inner_text()

    def leave(self) -> None:
        """Give back what is open and close the window."""
        self.page.context.set_offline(False)
        wave_id = self.get("/work")["wave"]
        if wave_id:
            token = self.page.evaluate("document.body.dataset.csrf")
            headers = {"x-csrf": token, "origin": self.base}
            address = f"{self.base}/picking/waves/{wave_id}/release"
            answer = self.page.request.post(address, data={}, headers=headers)
            assert answer.status == 200, answer.text()
        self.page.context.close()


def phone_of(browser: Browser, shop: Shop, **context: Any) -> Phone:
    """Somebody with the role `picker` who has just signed in, before what is to be picked."""
    base = str(shop.stack["api_url"]).rstrip("/")
    page = visitor(browser, viewport=PHONE, has_touch=True, **context).new_page()
    enter(page, shop.stack, "picker", f"{base}/picking")
    page.wait_for_url("**/picking")
    expect(page.locator("#connection")).to_have_text("en línea")
    return Phone(page, base)


def picked(wave: dict[str, Any]) -> dict[str, int]:
    """Units of each article that the server has counted."""
    found: dict[str, int] = {}
    for stop in wave["stops"]:
        found[stop["sku"]] = found.get(stop["sku"], 0) + stop["picked"]
    return found
