"""Money is taken while the order is cancelled, its provider's webhooks come, and the workers start over."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from comanda import wiring
from comanda.dynamo.client import client
from comanda.errors import Busy, WrongState
from comanda.orders.approve import approving
from comanda.orders.balance import balance
from comanda.orders.cancel import cancelling
from comanda.orders.evolve import replay
from comanda.orders.facts import Origin
from comanda.orders.verify import vouching
from comanda.times import stamp
from tests.engine.test_payment_races import STORM, bank, buy, reported
from tests.engine.threads import all_at_once
from tests.faults import Faults
from tests.functional.conftest import Call
from tests.functional.shop import level, set_section
from tests.payments.fake import FakeProvider

__all__ = ["bank"]
pytestmark = [pytest.mark.engine, pytest.mark.timeout(280)]
TOTAL, AT_ONCE, REF = 23_200, 12, "pi_0001"


def insisting(work: Callable[[], Any]) -> Any:
    """Again until it is done or refused: so do queues and people."""
    while True:
        try:
            return work()
        except (Busy, BotoCoreError, ClientError):
            continue
        except WrongState as refused:
            return refused.guard


def run(order_id: str, decide: Any) -> Any:
    return insisting(lambda: wiring.desk().run(order_id, decide, Origin("staff:1", "t", stamp(wiring.now()))))


def work_off(order_id: str) -> None:
    """Every payment effect that is wanted, once."""
    for effect in wiring.desk().load(order_id).effects:
        if effect.kind.startswith("payment.") and effect.state in ("wanted", "claimed"):
            detail = {"order_id": order_id, "effect_id": effect.effect_id}
            insisting(lambda detail=detail: wiring.settling().settle({"detail": detail}))  # type: ignore[misc]


@pytest.mark.parametrize("storm", [{}, STORM], ids=["calm", "storm"])
@pytest.mark.capability("D07", "C20")
def test_capture_against_cancellation(
    call: Call, bank: FakeProvider, storm: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is first: nothing stays here of an order that ended, and nothing is taken twice."""
    set_section("payments.stripe", enabled=True, capture="approval")
    order_id = buy(call)
    bank.pay(REF)
    reported(REF, 0)
    run(order_id, vouching)
    stops = cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True)
    turns: list[Callable[[int], Any]] = [
        lambda n: run(order_id, approving),
        lambda n: work_off(order_id),
        lambda n: reported(REF, n),
        lambda n: run(order_id, stops),
    ]
    with Faults(**storm).on(client()):
        all_at_once(lambda n: random.Random(n).choice(turns)(n) if n >= len(turns) else turns[n](n), AT_ONCE)
    for hours in range(1, 5):  # claims that were left behind run out
        monkeypatch.setattr(wiring.settling(), "now", lambda h=hours: wiring.now() + timedelta(hours=h))
        work_off(order_id)
    loaded = wiring.desk().load(order_id)
    order, theirs = loaded.order, bank.payments[REF]
    taken = sum(charge.captured for charge in theirs.charges)
    given = sum(refund.amount for refund in theirs.refunds)
    assert order.lifecycle == "cancelled"
    assert (taken, given) in ((0, 0), (TOTAL, TOTAL))
    assert order.payment == ("refunded" if taken else "voided")
    sums = balance(order.ledger)
    assert (sums.captured, sums.refunded, sums.authorized) == (taken, given, 0)
    assert level()["reserved"] == level()["allocated"] == 0
    facts = list(wiring.orders().facts(order_id))
    assert [fact.type for fact in facts].count("PaymentCaptured") == (1 if taken else 0)
    assert replay(facts).head_hash == order.head_hash
