"""The inbox that the export tests use keeps to the contract of the real couriers."""

import pytest

from tests.contracts.couriers import CourierContract
from tests.contracts.inbox import Inbox


class TestInbox(CourierContract):
    @pytest.fixture
    def place(self) -> Inbox:
        return Inbox()
