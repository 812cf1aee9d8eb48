"""The merchant's script at the session's running system."""

from typing import Any

import pytest

from tests.e2e.core.merchant import Merchant


@pytest.fixture(scope="session")
def merchant(stack: dict[str, Any]) -> Merchant:
    return Merchant(stack)
