"""People who come to the demo shop."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.shop import Shop
from tests.web.storefront.shopper import Shopper, Somebody


@pytest.fixture
def somebody(browser: Browser, shop: Shop) -> Iterator[Somebody]:
    """Each with a browser of their own; they leave afterwards."""
    there: list[Shopper] = []

    def come(language: str = "es", **more: object) -> Shopper:
        there.append(Shopper(browser, shop, language, **more))  # type: ignore[arg-type]
        return there[-1]

    yield come
    for one in there:
        one.leave()
