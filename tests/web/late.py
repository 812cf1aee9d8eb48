"""Answers that come late: the request of a page is held until a test lets it go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route

PATIENCE, STEP = 20_000, 20  # milliseconds


@contextmanager
def held(page: Page, address: str) -> Iterator[list[Route]]:
    """What the block makes the page ask at this address is held, alone in the list, once it is over."""
    found: list[Route] = []
    page.context.route(address, lambda route: found.append(route), times=1)
    yield found
    for _ in range(PATIENCE // STEP):
        if found:
            return
        page.wait_for_timeout(STEP)
    raise AssertionError(f"nothing was asked at {address}")
