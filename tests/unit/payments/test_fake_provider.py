"""The provider in memory keeps the contract that the real adapter keeps."""

from typing import Any

import pytest

from comanda.payments.provider import Wanted
from tests.payments.contract import ProviderContract
from tests.payments.fake import FakeProvider


class FakeBank:
    def __init__(self) -> None:
        self.provider = FakeProvider()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.provider, name)

    def authorized(self, order_id: str, amount: int) -> str:
        ref = self.provider.start(Wanted(order_id, f"hold-{amount}", "P-1", amount, "MXN")).ref
        self.provider.authorize(ref)
        return ref

    def outage(self) -> None:
        self.provider.down = True

    def lose_answers(self) -> None:
        self.provider.lost = 5

    def mend(self) -> None:
        self.provider.down, self.provider.lost = False, 0

    def count(self) -> int:
        return len(self.provider.payments)


class TestFakeProvider(ProviderContract):
    @pytest.fixture
    def bank(self) -> FakeBank:
        return FakeBank()
