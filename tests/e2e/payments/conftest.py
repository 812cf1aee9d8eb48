"""The script at the session's running system, and its ways to pay."""

import pytest

from tests.e2e.payments.payers import MercadoPagoPayer, Payer, PayPalPayer, StripePagePayer, StripePayer
from tests.e2e.payments.script import Script
from tests.e2e.running import Running


@pytest.fixture(scope="session")
def script(system: Running) -> Script:
    return Script(system.home)


@pytest.fixture(scope="session")
def payers(script: Script) -> dict[str, Payer]:
    made: list[Payer] = [StripePayer(script), PayPalPayer(script), MercadoPagoPayer(script)]
    return {payer.method: payer for payer in made} | {"stripe_page": StripePagePayer(script)}
