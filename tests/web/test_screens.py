"""Every screen of the back office in Chromium, once in each language: nothing broken, refused, jumping, wider
than a phone, or shut to who cannot see it."""

import pytest
from playwright.sync_api import Browser

from local.demo.outside import eventually
from tests.e2e.shop import Shop
from tests.web.beholder import NARROW, Beholders
from tests.web.scene import Scene
from tests.web.screens import Place, pages, places

pytestmark = pytest.mark.e2e
MOST_BYTES = 150_000  # first page of the list of orders, with everything it brings


@pytest.fixture(scope="module")
def people(browser: Browser, shop: Shop) -> Beholders:
    return Beholders(browser, shop.stack)


@pytest.fixture(scope="module")
def scene(shop: Shop) -> Scene:
    return Scene(shop)


BAD = """<!doctype html><html lang="es"><title>x</title><style>p { width: 900px; height: 9px }</style>
<body><script>1</script><div><img src="about:blank"></div><h1>x %(n)s</h1><p id="wide">x</p></body></html>"""


def test_what_is_wrong_with_a_page_is_seen(people: Beholders) -> None:
    """The looking itself: a page with one of each fault is served in place of a screen."""
    window = people.at("admin", "es")
    policy = {"Content-Security-Policy": "default-src 'self'; style-src 'unsafe-inline'"}
    window.page.route("**/back-office/bad", lambda route: route.fulfill(body=BAD, headers=policy))
    assert window.open("/none") == ["answered 404"]
    window.open("/bad")
    window.page.evaluate("document.body.prepend(Object.assign(document.createElement('p')))")
    eventually(lambda: window.page.evaluate("window.shifted") > 0, "a shift that is seen", "the page")
    wrong = "\n".join(window.seen() + window.fits(NARROW) + window.barriers())
    for said in (
        "refused by the policy: script-src",
        "console: ",
        "moved by",
        "px beside",
        "says %(n)s",
        'id="wide"',
        "axe image-alt",
    ):
        assert said in wrong, wrong


# Further states of a page are looked at in the shop's own language; `make web-full` sees all in both.
SHOWN = [("es", place) for place in places()] + [("en", place) for place in pages()]


@pytest.mark.parametrize(("language", "place"), SHOWN, ids=lambda one: getattr(one, "name", one))
def test_a_screen_is_whole(place: Place, language: str, people: Beholders, scene: Scene) -> None:
    window = people.at("admin", language)
    wrong = window.open(place.address(scene))
    wrong += window.fits(NARROW)
    assert window.page.locator("html").get_attribute("lang") == language
    assert wrong + (window.barriers() if language == "es" else []) == []


def test_the_first_page_of_orders_is_light(people: Beholders) -> None:
    assert people.at("admin", "es").weight("/orders") < MOST_BYTES
