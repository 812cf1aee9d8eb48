"""The whole matrix (`make web-full`): every screen in three widths, both languages, two roles, and the dark,
among ten thousand orders; pictures of all of it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from comanda.backoffice.staff import PERMISSIONS
from tests.e2e.shop import Shop
from tests.web.beholder import MEDIUM, NARROW, WIDE, Beholders, keep
from tests.web.full.fill import fill
from tests.web.people import enter, visitor
from tests.web.scene import Scene
from tests.web.screens import Place, places

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
SIZES = (NARROW, MEDIUM, WIDE)


@pytest.fixture(scope="module")
def scene(shop: Shop) -> Scene:
    fill(shop)
    return Scene(shop)


@pytest.fixture(scope="module")
def people(browser: Browser, shop: Shop) -> Beholders:
    return Beholders(browser, shop.stack)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = Path(os.environ.get("COMANDA_SHOTS") or tmp_path_factory.mktemp("shots"))
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_a_screen_in_every_size(
    place: Place, language: str, people: Beholders, scene: Scene, folder: Path
) -> None:
    wrong = []
    address = place.address(scene)
    window = people.at("admin", language)
    for size in SIZES:
        window.page.set_viewport_size(size)
        found = window.open(address) + window.fits(size)
        if size is not MEDIUM:
            found += window.barriers()
        keep(window, folder, f"{place.name}.{language}.{size['width']}")
        wrong += [f"{size['width']}: {one}" for one in found]
    assert wrong == []


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_a_screen_in_the_dark(place: Place, people: Beholders, scene: Scene, folder: Path) -> None:
    window = people.at("admin", "es", WIDE, "dark")
    wrong = window.open(place.address(scene)) + window.barriers()
    keep(window, folder, f"{place.name}.es.dark")
    assert wrong == []


@pytest.mark.parametrize("place", places(), ids=lambda place: place.name)
def test_a_screen_as_staff_see_it(place: Place, people: Beholders, scene: Scene, folder: Path) -> None:
    window = people.at("staff", "es")
    if "staff" not in PERMISSIONS[place.permission]:
        assert window.open(place.address(scene)) == ["answered 403"]
        keep(window, folder, f"{place.name}.es.staff")
        return
    assert window.open(place.address(scene)) == []
    keep(window, folder, f"{place.name}.es.staff")


def test_a_picker_gets_nothing_anywhere(browser: Browser, shop: Shop, scene: Scene) -> None:
    context = visitor(browser)
    page = context.new_page()
    enter(page, shop.stack, "picker")
    page.wait_for_url("**/picking")
    for place in places():
        seen = context.request.get(shop.stack["back_office_url"] + place.address(scene), max_redirects=0)
        if seen.status == 303:  # the front page sends them to the screen that is theirs
            assert seen.headers["location"] == "/picking", place
        else:
            assert seen.status == 403, place
        assert "<nav" not in seen.text(), place
    context.close()
