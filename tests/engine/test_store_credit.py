"""The same credit in many orders at once: spent once, to the last cent, whatever the network does."""

from collections import Counter
from typing import Any

import pytest

from comanda import wiring
from comanda.customers.wallet import CREDIT, Account, Movement
from comanda.dynamo.client import client
from comanda.dynamo.transaction import Transaction
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Answer, Call
from tests.functional.drafts import WHOLE, draft
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import command, show

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

AT = "2026-11-21T18:00:00.000Z"
TOTAL, BUYERS = 11_600, 16
STORM = {"conflicts": 0.2, "lost_answers": 0.1, "throttled": 0.1, "unreachable": 0.05}


@pytest.fixture
def customer(call: Call, engine: Any) -> tuple[str, str]:
    """A verified customer, id and token, with credit for two and a half orders."""
    set_section("limits", per_address=100_000, per_email=100_000)
    set_section("payments.store_credit", enabled=True)
    stock_product(units=100)
    order_id = place(call, key="first", payment_method="request")["order_id"]
    order = wiring.desk().load(order_id).order
    token = wiring.keys().link("verify", order_id, str(order.link_serial))
    answer = call("verify_email", "POST", "/verify-email", {"token": token})
    tx = Transaction()
    wallet = Account(CREDIT, order.customer_id, "MXN")
    wiring.wallets().move(tx, Movement(wallet, 29_000, "given", AT, "staff:1"))
    tx.commit()
    return order.customer_id, str(answer.body["customer_token"])


def buy(call: Call, token: str, number: int, **changes: Any) -> Answer:
    """As a shop front does it: the same request again until it is answered."""
    headers = {"Idempotency-Key": f"buy-{number}", "Authorization": f"Bearer {token}"}
    body = order_body(lines=[{"sku": "CAFE-1", "quantity": 1}], **changes)
    while True:
        answer = call("place_order", "POST", "/orders", body, headers=headers)
        if answer.status != 503:
            return answer


def spent(customer_id: str) -> tuple[int, int, int]:
    """What is left, what the account's entries come to, and how many there are."""
    account = Account(CREDIT, customer_id, "MXN")
    entries = wiring.wallets().entries(account)
    return wiring.wallets().read(account).balance, sum(one.amount for one in entries), len(entries)


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("F16", "D40")
def test_credit_pays_no_more_orders_than_it_covers(
    call: Call, customer: tuple[str, str], storm: dict[str, float]
) -> None:
    customer_id, token = customer
    with Faults(**storm).on(client()):
        answers = all_at_once(lambda n: buy(call, token, n, payment_method="store_credit"), BUYERS)
    assert Counter(answer.status for answer in answers) == {201: 2, 409: BUYERS - 2}
    assert {answer.body["guard"] for answer in answers if answer.status == 409} == {"credit-too-low"}
    assert spent(customer_id) == (29_000 - 2 * TOTAL, 29_000 - 2 * TOTAL, 3)


@pytest.mark.capability("F16")
def test_beside_another_method_the_rest_is_due(call: Call, customer: tuple[str, str]) -> None:
    customer_id, token = customer
    answers = all_at_once(lambda n: buy(call, token, n, store_credit=True), BUYERS)
    assert {answer.status for answer in answers} == {201}
    states = Counter(answer.body["payment"] for answer in answers)
    assert states == {"paid": 2, "partially_paid": 1, "pending": BUYERS - 3}
    assert spent(customer_id) == (0, 0, 4)


def place_draft(call: Call, order_id: str, version: int, number: int) -> Answer:
    """As the back office does it: the same request again until it is answered."""
    body = {"verified": True, "accept_privacy": True}
    while True:
        answer = command(call, order_id, "place", body, key=f"place-{number}", version=version)
        if answer.status != 503:
            return answer


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("F16", "F18")
def test_drafts_and_the_checkout_spend_the_same_credit_once(
    call: Call, customer: tuple[str, str], storm: dict[str, float]
) -> None:
    customer_id, token = customer
    one = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "payment_method": "store_credit"}
    drafts = [draft(call, **(WHOLE | one))["order"]["order_id"] for _ in range(BUYERS // 2)]
    versions = [show(call, order_id)["version"] for order_id in drafts]

    def spend(n: int) -> Answer:
        if n < len(drafts):
            return place_draft(call, drafts[n], versions[n], n)
        return buy(call, token, n, payment_method="store_credit")

    with Faults(**storm).on(client()):
        answers = all_at_once(spend, BUYERS)
    done = [answer for answer in answers if answer.status in (200, 201)]
    refused = [answer for answer in answers if answer.status == 409]
    assert (len(done), len(refused)) == (2, BUYERS - 2)
    assert {answer.body["guard"] for answer in refused} == {"credit-too-low"}
    assert spent(customer_id) == (29_000 - 2 * TOTAL, 29_000 - 2 * TOTAL, 3)
    untouched = [show(call, order_id) for order_id in drafts]
    paid = [one["payment"] for one in untouched if one["lifecycle"] == "placed"]
    assert set(paid) <= {"paid"}
    assert len(paid) + sum(answer.status == 201 for answer in done) == 2
