"""Staff in a browser: signing in through the user pool's own pages, one browser for each person."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect


def signed_in(browser: Browser, stack: dict[str, Any], role: str = "staff", **context: Any) -> Page:
    """A page of the back office in a fresh browser, signed in as `role`."""
    page = visitor(browser, **context).new_page()
    enter(page, stack, role)
    expect(page.locator("nav.side")).to_be_visible()
    return page


def visitor(browser: Browser, **context: Any) -> BrowserContext:
    return browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "es-MX"} | context)


def enter(page: Page, stack: dict[str, Any], role: str, address: str = "") -> None:
    """Open the back office as somebody who is not signed in, and sign in."""
    person = stack["users"][role]
    page.goto(address or stack["back_office_url"])
    page.locator("input[name=username]").fill(person["username"])
    page.locator("input[name=password]").fill(person["password"])
    page.locator("button[type=submit], input[type=submit], button").first.click()
