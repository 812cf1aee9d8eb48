"""The running local system, started as `make up` starts it: one for the session, a second to break."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.running import Running
from tests.e2e.shop import Shop

# What a page comes to show is waited for so long: a function's first answer takes its time on a busy machine.
expect.set_options(timeout=20_000)


@contextmanager
def _running(*options: str) -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="comanda-e2e-") as folder:
        system = Running(Path(folder))
        try:
            system.up(*options)
            yield system
        finally:
            system.down()


@pytest.fixture(scope="session")
def system() -> Iterator[Running]:
    """Execution roles are enforced, so that every test also proves the template's rights.

    COMANDA_E2E_HOME names a system that runs already and is left alone afterwards.
    """
    kept = os.environ.get("COMANDA_E2E_HOME")
    if kept:
        yield Running(Path(kept))
        return
    with _running("--enforce-roles") as system:
        yield system
        assert system.logged("is not authorized to perform") == []


@pytest.fixture(scope="session")
def stack(system: Running) -> dict[str, Any]:
    """Its description, as the outside contract fixes it."""
    return system.stack


@pytest.fixture(scope="session")
def shop(stack: dict[str, Any]) -> Shop:
    return Shop(stack)


@pytest.fixture(scope="session")
def spare() -> Iterator[Running]:
    """A system of its own, to break things in; COMANDA_E2E_SPARE names one that runs already."""
    kept = os.environ.get("COMANDA_E2E_SPARE")
    if kept:
        yield Running(Path(kept))
        return
    with _running() as system:
        yield system
