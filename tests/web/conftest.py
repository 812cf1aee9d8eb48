"""The running local system and a Chromium before it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.conftest import shop, stack, system

__all__ = ["shop", "stack", "system"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: `make tools` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures of pages go: COMANDA_SHOTS keeps them."""
    folder = Path(os.environ.get("COMANDA_SHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
