"""Processes die at every named point, webhooks come often and in any order: the end is the same."""

import contextlib
import random

import pytest

from comanda.orders.approve import approving
from comanda.orders.cancel import cancelling
from comanda.orders.model import Entry
from comanda.times import stamp
from comanda.workflow.timeouts import cancel_unpaid
from tests.functional.payments.world import Crash, World
from tests.functional.shop import level, order_body, place, set_section, stock_product

TOTAL = 23_200
ON_THE_WAY_IN = [
    "webhook.before_store",
    "webhook.after_store",
    "inbox.begun",
    "payment.before_fetch",
    "payment.before_commit",
    "payment.after_commit",
    "inbox.before_mark",
]
AT_AN_EFFECT = [
    "effect.after_claim",
    "effect.before_call",
    "effect.after_call",
    "effect.before_commit",
    "effect.after_commit",
]
AT_A_CAPTURE = ["effect.after_claim", "effect.before_call", "effect.after_call", "payment.before_fetch",
                "payment.before_commit", "payment.after_commit"]  # fmt: skip
AT_A_VOID = ["effect.after_claim", "payment.before_fetch", "effect.before_call", "effect.after_call",
             "payment.before_commit", "payment.after_commit"]  # fmt: skip


def card(call) -> str:
    stock_product()
    order_id: str = place(call, payment_method="stripe")["order_id"]
    return order_id


def told(world: World, ref: str, chance: random.Random) -> None:
    """Each of a payment's four events comes one to five times, in any order; what dies comes again."""
    deliveries = [number for number in range(4) for _ in range(chance.randint(1, 5))]
    chance.shuffle(deliveries)
    raws = [world.body(ref, event_id=f"evt_{number}") for number in range(4)]
    while deliveries:
        number = deliveries.pop(0)
        try:
            assert world.receive(raws[number]).status == 200
            assert world.apply(f"evt_{number}")
        except Crash:
            deliveries.insert(chance.randint(0, len(deliveries)), number)


def ledger(world: World, order_id: str) -> list[tuple[str, str, int]]:
    def line(entry: Entry) -> tuple[str, str, int]:
        return (entry.entry_id, entry.status, entry.amount)

    return [line(entry) for entry in world.order(order_id).ledger]


@pytest.mark.capability("C20", "D05", "G04")
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("point", ON_THE_WAY_IN)
def test_a_payment_is_recorded_once_whatever_dies(call, world: World, point: str, times: int):
    order_id = card(call)
    world.bank.pay("pi_0001")
    with world.crashing(point, times) as passed:
        told(world, "pi_0001", random.Random(f"{point}{times}"))
    assert passed.count(point) > 1
    assert ledger(world, order_id) == [
        ("stripe:capture:ch_0002", "ok", TOTAL),
        ("stripe:intent:pi_0001", "ok", TOTAL),
    ]
    assert world.order(order_id).payment == "paid"
    assert world.mails(order_id).count("payment_received") == 1
    assert world.history(order_id).count("PaymentCaptured") == 1
    states = {event: state for event, (state, _) in world.inbox().items()}
    assert set(states) == {"evt_0", "evt_1", "evt_2", "evt_3"}
    assert set(states.values()) <= {"applied", "already_applied"}


@pytest.mark.parametrize("point", AT_AN_EFFECT[1:])
def test_a_request_that_dies_while_it_begins_a_payment(call, world: World, point: str):
    stock_product()
    with world.crashing(point) as passed, pytest.raises(Crash):
        place(call, payment_method="stripe")
    assert passed[-1] == point
    same = order_body(payment_method="stripe")
    answer = call("place_order", "POST", "/orders", same, headers={"Idempotency-Key": "key-1"})
    assert answer.body["payment_action"]["id"] == "pi_0001"
    assert list(world.bank.payments) == ["pi_0001"]
    assert ledger(world, answer.body["order_id"]) == [("stripe:intent:pi_0001", "pending", TOTAL)]
    assert level()["reserved"] == 2


def dies_then_works(world: World, order_id: str, effect_id: str, point: str) -> None:
    """The worker dies at `point`; the claim runs out, and the sweep has it announced once more."""
    with world.crashing(point) as passed, contextlib.suppress(Crash):
        world.settle(order_id, effect_id)
    assert passed[-1] == point
    assert world.settle(order_id, effect_id)
    world.clock.on(minutes=3)
    assert world.settle(order_id, effect_id)
    assert world.effect(order_id, effect_id).state == "done"


@pytest.mark.parametrize("point", AT_AN_EFFECT)
def test_a_worker_that_dies_while_it_begins_a_payment(call, world: World, point: str):
    world.bank.down = True
    order_id = card(call)
    world.bank.down = False
    dies_then_works(world, order_id, "pay-1", point)
    assert list(world.bank.payments) == ["pi_0001"]
    assert ledger(world, order_id) == [("stripe:intent:pi_0001", "pending", TOTAL)]


@pytest.mark.parametrize("point", AT_AN_EFFECT)
def test_a_worker_that_dies_while_it_refunds(call, world: World, point: str):
    order_id = card(call)
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    (refund,) = [e.effect_id for e in world.loaded(order_id).effects if e.kind == "payment.refund"]
    dies_then_works(world, order_id, refund, point)
    assert [refund.amount for refund in world.bank.payments["pi_0001"].refunds] == [TOTAL]
    assert world.order(order_id).payment == "refunded"
    assert world.mails(order_id).count("refunded") == 1
    assert world.history(order_id).count("RefundExecuted") == 1


@pytest.mark.capability("D07")
@pytest.mark.parametrize("point", AT_A_VOID)
def test_a_worker_that_dies_while_it_voids(call, world: World, point: str):
    order_id = card(call)
    world.clock.on(days=1)
    world.run(order_id, lambda loaded: cancel_unpaid(loaded, stamp(world.clock())), "system")
    dies_then_works(world, order_id, "void-pi_0001", point)
    order = world.order(order_id)
    assert (order.lifecycle, order.payment) == ("cancelled", "voided")
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert world.history(order_id).count("OrderCancelled") == 1


@pytest.mark.capability("C20", "D04")
@pytest.mark.parametrize("point", AT_A_CAPTURE)
def test_a_worker_that_dies_while_it_takes_authorised_money(call, world: World, point: str):
    set_section("payments.stripe", capture="approval")
    order_id = card(call)
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    world.run(order_id, approving)
    (capture,) = [e.effect_id for e in world.loaded(order_id).effects if e.kind == "payment.capture"]
    dies_then_works(world, order_id, capture, point)
    assert [charge.captured for charge in world.bank.payments["pi_0001"].charges] == [TOTAL]
    assert world.order(order_id).payment == "paid"
    assert world.history(order_id).count("PaymentCaptured") == 1
    assert world.mails(order_id).count("payment_received") == 1
    assert level()["allocated"] == 2
