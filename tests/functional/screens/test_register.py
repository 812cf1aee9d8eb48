"""No screen is left out of what is tried in a browser."""

from functions.back_office.app import house
from tests.web.screens import FILLED, NOT_PAGES, STATES, places

GETS = {rule.path for rule in house.rules if rule.method == "GET"}


def test_every_page_is_in_the_register_or_left_out_with_a_reason() -> None:
    """Fails for a new route whose address cannot be filled: tests/web/screens.py, PARTS or NOT_PAGES."""
    assert {place.path for place in places()} | NOT_PAGES.keys() == GETS
    assert {place.path: place.unknown for place in places() if place.unknown} == {}
    assert all(NOT_PAGES.values())


def test_the_register_names_no_route_that_is_gone() -> None:
    assert NOT_PAGES.keys() <= GETS
    assert {path for path, _ in STATES} <= GETS
    assert FILLED.keys() <= GETS
