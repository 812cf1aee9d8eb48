"""The shop with time at the test's command."""

import pytest

from comanda import wiring
from tests.functional.payments.world import Clock, World
from tests.payments.fake import FakeProvider


@pytest.fixture
def world(aws: None, monkeypatch: pytest.MonkeyPatch) -> World:
    clock = Clock()
    bank = FakeProvider(now=clock)
    monkeypatch.setattr(wiring, "now", clock)
    monkeypatch.setattr(wiring, "provider", lambda code: bank)
    return World(bank, clock)
