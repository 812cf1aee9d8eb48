"""One payment reported many times while its buyer sends the checkout again: one order, one capture."""

from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from comanda import wiring
from comanda.dynamo.client import client
from comanda.errors import Busy
from comanda.orders.balance import balance
from comanda.orders.evolve import replay
from comanda.orders.facts import Origin
from comanda.times import stamp
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Call
from tests.functional.shop import order_body, set_section, stock_product
from tests.payments.fake import FakeProvider

pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]

TOTAL, AT_ONCE = 23_200, 16
STORM = {"conflicts": 0.3, "lost_answers": 0.15, "throttled": 0.1}
KEY = {"Idempotency-Key": "the-same"}


@pytest.fixture
def bank(engine: Any, monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    bank = FakeProvider(now=wiring.now)
    monkeypatch.setattr(wiring, "provider", lambda code: bank)
    set_section("limits", per_address=100_000, per_email=100_000)
    set_section("payments.stripe", enabled=True)
    stock_product()
    return bank


def buy(call: Call) -> str:
    while True:
        answer = call("place_order", "POST", "/orders", order_body(payment_method="stripe"), headers=KEY)
        if answer.status != 503:
            assert answer.status == 201, answer.text
            return str(answer.body["order_id"])


def reported(ref: str, number: int) -> str:
    """A webhook was delivered: the provider's record is read and written."""
    while True:
        try:
            origin = Origin("provider:stripe", f"webhook:{number}", stamp(wiring.now()))
            found = wiring.recorder().record_payment("stripe", ref, origin).order
        except (Busy, BotoCoreError, ClientError):
            continue  # the inbox delivers it again
        assert found is not None
        return found.order_id


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("G05", "C20")
def test_a_payment_reported_while_the_checkout_is_sent_again_counts_once(
    call: Call, bank: FakeProvider, storm: dict[str, float]
) -> None:
    order_id = buy(call)
    (ref,) = bank.payments
    bank.pay(ref)
    with Faults(**storm).on(client()):
        told = all_at_once(lambda n: buy(call) if n % 2 else reported(ref, n), AT_ONCE)
    assert set(told) == {order_id}
    assert list(bank.payments) == [ref]
    loaded = wiring.desk().load(order_id)
    captures = [entry for entry in loaded.order.ledger if entry.kind == "capture"]
    assert [entry.amount for entry in captures] == [TOTAL]
    assert (loaded.order.payment, balance(loaded.order.ledger).captured) == ("paid", TOTAL)
    assert [e.data["event"] for e in loaded.effects if e.kind == "mail"].count("payment_received") == 1
    facts = list(wiring.orders().facts(order_id))
    assert [fact.type for fact in facts].count("PaymentCaptured") == 1
    assert replay(facts).head_hash == loaded.order.head_hash
