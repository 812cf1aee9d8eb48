"""A customer is merged while they buy: by their old token, as a guest, and with their store credit."""

from typing import Any

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.merges import ANITA, Two, balance, merge, owner, project_all, two
from tests.functional.shop import order_body, set_section

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]
BUYERS = 12
STORM = {"conflicts": 0.15, "lost_answers": 0.1, "throttled": 0.05, "unreachable": 0.05}


@pytest.fixture
def here(call: Call, engine: Any) -> Two:
    set_section("payments.store_credit", enabled=True)
    return two(call)


def until_answered(send: Any) -> Answer:
    while True:
        answer: Answer = send()
        if answer.status != 503:
            return answer


def buy(call: Call, here: Two, number: int) -> Answer:
    """Every third a guest under the address of the one who ends, the others by that one's token; half of
    these with 500 of the store credit."""
    headers = {"Idempotency-Key": f"buy-{number}"}
    wishes: dict[str, Any] = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "customer": ANITA}
    if number % 3:
        headers["Authorization"] = f"Bearer {here.anita_token}"
        wishes |= {"store_credit": {"amount": 500, "currency": "MXN"}} if number % 2 else {}
    body = order_body(**wishes)
    return until_answered(lambda: call("place_order", "POST", "/orders", body, headers=headers))


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("D36", "F09")
def test_every_order_and_every_cent_ends_with_the_one_who_stays(
    call: Call, here: Two, storm: dict[str, float]
) -> None:
    version = wiring.customers().load(here.anita).version  # type: ignore[union-attr]

    def one(number: int) -> Answer:
        if number:
            return buy(call, here, number)
        return until_answered(lambda: merge(call, here.anita, here.ana, seen=version))

    with Faults(**storm).on(client()):
        answers = all_at_once(one, BUYERS + 1)
    assert answers[0].status == 200, answers[0].text
    assert {answer.status for answer in answers[1:]} <= {201, 409}
    placed = [answer.body["order_id"] for answer in answers[1:] if answer.status == 201]
    refused = [answer.body["guard"] for answer in answers[1:] if answer.status == 409]
    assert set(refused) <= {"credit-too-low"}
    project_all()
    for order_id in [*placed, *here.orders[here.anita]]:
        if owner(order_id) == here.anita:  # as the projection of tokens does for what came late
            wiring.merges().reopen(here.anita)
    wiring.merging().unfinished(lambda: True)
    assert {owner(order_id) for order_id in [*placed, *here.orders[here.anita]]} == {here.ana}
    spent = sum(
        entry.amount
        for order_id in placed
        for entry in wiring.desk().load(order_id).order.ledger
        if entry.provider == "credit"
    )
    assert balance(here.anita) == (0, 0)
    assert balance(here.ana) == (3_500 - spent, 3_500 - spent)
    owed = wiring.open_accounts()
    assert owed.owed(here.anita) == 0
    mine = [wiring.desk().load(order_id).order for order_id in [*placed, *here.orders[here.anita]]]
    from comanda.orders.on_terms import owed as owed_by

    assert owed.owed(here.ana) == sum(map(owed_by, mine))
    assert wiring.merges().unfinished() == []
