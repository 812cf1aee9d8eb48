"""The shop with time at the test's command."""

from tests.functional.payments.conftest import world as world
