"""A customer with a telephone who buys in the demo shop, finding things by what the pages say."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect

from local.demo.outside import Api
from local.storefront.speech import words
from tests.e2e.shop import ADDRESS, Order, Shop
from tests.web.beholder import NARROW, Beholder


@dataclass
class Shopper:
    """One browser of one person. `say` answers what the shop says in their language."""

    browser: Browser
    shop: Shop
    language: str = "es"
    size: dict[str, int] = field(default_factory=lambda: NARROW)
    scheme: Literal["light", "dark"] = "light"
    email: str = field(default_factory=lambda: f"compradora.{secrets.token_hex(4)}@example.com")

    @cached_property
    def context(self) -> BrowserContext:
        locale = {"es": "es-MX", "en": "en-GB"}[self.language]
        return self.browser.new_context(viewport=self.size, locale=locale, color_scheme=self.scheme)  # type: ignore[arg-type]

    @cached_property
    def page(self) -> Page:
        page = self.context.new_page()
        page.goto(self.home)
        return page

    @property
    def home(self) -> str:
        return str(self.shop.stack["storefront_url"])

    def say(self, name: str, /, **values: object) -> str:
        return words(self.language)[name].format(**values)

    def press(self, name: str, /, **values: object) -> None:
        self.page.get_by_role("button", name=self.say(name, **values), exact=True).click()

    def fill_cart(self, units: int = 1) -> str:
        """Put the most plentiful product into the cart from its page; answers its number."""
        sku = str(self.shop.products()[0]["sku"])
        self.page.goto(f"{self.home}/products/{sku}")
        self.page.get_by_label(self.say("quantity")).fill(str(units))
        self.press("add")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say("your.cart"))
        return sku

    def fill_form(self, method: str, delivery: str = "pickup") -> None:
        """From the cart to the form, filled for this way to pay."""
        self.page.get_by_role("link", name=self.say("to.checkout"), exact=True).click()
        self.type_in("customer.email", self.email)
        self.type_in("customer.name", "Lucía Peña Ibáñez")
        self.page.locator(f"input[name=delivery][value={delivery}]").check()
        if delivery == "ship":
            for name in ("line1", "postal_code", "city"):
                self.type_in(f"shipping_address.{name}", ADDRESS[name])
        self.page.locator(f"input[name=payment_method][value={method}]").check()
        self.page.locator("input[name=accept_privacy]").check()

    def type_in(self, field_name: str, text: str) -> None:
        self.page.locator(f"[name='{field_name}']").fill(text)

    def review(self) -> None:
        self.press("to.review")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say("review"))

    def confirm(self) -> None:
        self.page.locator("form[action='/orders'] button:not([name=edit])").click()

    def buy(self, method: str, delivery: str = "pickup") -> None:
        """All the way up to the order's page, or the page of whoever takes the money."""
        self.fill_cart()
        self.fill_form(method, delivery)
        self.review()
        self.confirm()

    def ordered(self) -> Order:
        """The order of the page that is open, in the hands of a script."""
        self.page.wait_for_url("**/orders/*")
        order_id = self.page.url.split("/orders/")[1].split("?")[0].split("#")[0]
        (kept,) = [one for one in self.context.cookies() if one["name"] == "shop_orders"]
        token = dict(pair.split(":") for pair in kept["value"].split("|"))[order_id]
        api = Api(self.shop.stack["api_url"], token)
        placed: dict[str, Any] = api.get(f"/orders/{order_id}")
        return Order(placed, self.email, [], api)

    def expect_state(self, name: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(f"state.{name}"))

    def wrong(self) -> list[str]:
        """What keeps somebody out of this page, or lies beside the screen."""
        beholder = Beholder(self.page, self.home)
        return beholder.barriers() + beholder.fits(self.size)

    def leave(self) -> None:
        self.context.close()


type Somebody = Callable[..., Shopper]
