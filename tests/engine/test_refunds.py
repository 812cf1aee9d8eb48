"""Two of the staff give money back at once: together never more than came in."""

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from comanda import wiring
from comanda.dynamo.client import client
from comanda.errors import Busy, WrongState
from comanda.orders.balance import balance
from comanda.orders.facts import Origin
from comanda.orders.refunds import refundable
from comanda.payments.grant_refund import Terms, executing, refunding
from comanda.payments.refund_plan import Wish
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import command, show

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

AT = "2026-11-21T18:00:00.000Z"
TOTAL, STAFF = 23_200, 16
STORM = {"conflicts": 0.3, "lost_answers": 0.15, "throttled": 0.1, "unreachable": 0.05}


@pytest.fixture
def order_id(call: Call, engine: Any) -> str:
    """An order of 232.00, paid by transfer."""
    set_section("limits", per_address=100_000, per_email=100_000)
    stock_product()
    placed: str = place(call)["order_id"]
    assert command(call, placed, "mark-paid", {"reference": "SPEI"}).status == 200
    return placed


def give_back(order_id: str, number: int, amount: int) -> str:
    """Straight over the desk, as if everybody had seen the newest version: only the money rule is left."""
    decide = refunding(
        lambda order: Wish(amount=amount), Terms("customer", execute=True), AT, lambda: f"s{number}"
    )
    while True:
        try:
            wiring.desk().run(order_id, decide, Origin(f"staff:{number}", f"request:{number}", AT))
        except WrongState as refused:
            return refused.guard
        except (Busy, BotoCoreError, ClientError):
            continue  # as a caller who was told 503, or nothing, sends it again
        return "done"


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("G05", "F06")
def test_no_more_goes_back_than_came_in(order_id: str, storm: dict[str, float]) -> None:
    with Faults(**storm).on(client()):
        outcomes = Counter(all_at_once(lambda n: give_back(order_id, n, 5_000), STAFF))
    order = wiring.desk().load(order_id).order
    assert balance(order.ledger).refunded == 20_000
    assert refundable(order) == TOTAL - 20_000
    assert set(outcomes) == {"done", "refund-exceeds-payment"}


@pytest.mark.capability("G05", "F13")
def test_of_two_who_saw_the_same_version_one_is_told(call: Call, order_id: str) -> None:
    version = show(call, order_id)["version"]
    body = {"reason": "customer", "execute": True, "destination": "original"}

    def ask(number: int) -> Answer:
        return command(call, order_id, "refund", body, key=f"k{number}", version=version)

    answers = Counter(answer.status for answer in all_at_once(ask, STAFF))
    assert answers == {200: 1, 412: STAFF - 1}
    assert show(call, order_id)["payment"] == "refunded"


@pytest.mark.capability("F06")
def test_a_grant_is_carried_out_once_however_many_say_so(call: Call, order_id: str) -> None:
    body = {"reason": "customer", "execute": False, "amount": {"amount": 9_000, "currency": "MXN"}}
    refund_id = command(call, order_id, "refund", body).body["result"]["refund_id"]

    def execute(number: int) -> str:
        try:
            wiring.desk().run(order_id, executing(refund_id, AT), Origin(f"staff:{number}", "r", AT))
        except WrongState as refused:
            return refused.guard
        return "done"

    assert Counter(all_at_once(execute, 8)) == {"done": 1, "refund-executed": 7}
    assert balance(wiring.desk().load(order_id).order.ledger).refunded == 9_000
