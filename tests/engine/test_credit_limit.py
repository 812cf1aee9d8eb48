"""Many orders on terms at once never take a customer beyond the limit."""

import pytest

from comanda import wiring
from comanda.dynamo.transaction import Transaction
from comanda.errors import Busy, CreditLimit
from tests.engine.dynamodb import Engine
from tests.engine.threads import all_at_once

LIMIT, EACH = 1_000, 30


@pytest.mark.capability("F21")
def test_64_orders_at_once_stay_within_the_limit(engine: Engine) -> None:
    accounts = wiring.open_accounts()

    def order(number: int) -> str:
        for _ in range(50):
            tx = Transaction()
            try:
                accounts.owe(tx, "c-1", EACH, LIMIT)
                tx.commit()
            except CreditLimit:
                return "refused"
            except Busy:
                continue
            return "taken"
        return "busy"

    outcomes = all_at_once(order, 64)
    taken = outcomes.count("taken")
    assert accounts.owed("c-1") == taken * EACH
    assert taken == LIMIT // EACH
    assert outcomes.count("refused") == 64 - taken
