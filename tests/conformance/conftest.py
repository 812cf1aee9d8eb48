"""The worlds that the conformance tests look at: cured, as it comes, and with execution roles enforced."""

from collections.abc import Iterator

import pytest

from tests.conformance.world import World, lay_out, world


@pytest.fixture(scope="session")
def cured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("cured")) as made:
        lay_out(made.home)
        made.deploy()
        yield made


@pytest.fixture(scope="session")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """MiniStack without any cure of ours, for the defects as such."""
    with world(tmp_path_factory.mktemp("raw"), cured=False) as made:
        yield made


@pytest.fixture(scope="session")
def enforced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("enforced"), enforce_roles=True) as made:
        lay_out(made.home)
        made.deploy()
        yield made


@pytest.fixture(scope="session")
def spare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A second cured one, to break things in."""
    with world(tmp_path_factory.mktemp("spare")) as made:
        lay_out(made.home)
        made.deploy()
        yield made
