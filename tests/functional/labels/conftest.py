"""Labels are bought from a carrier in memory."""

import pytest

from tests.functional.conftest import Call
from tests.functional.labels_world import LabelWorld, label_world


@pytest.fixture
def shop(call: Call, clean: None, monkeypatch: pytest.MonkeyPatch) -> LabelWorld:
    return label_world(call, monkeypatch)
