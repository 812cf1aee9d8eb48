"""However webhooks come, whatever dies: the ledger ends as the provider's own record has it."""

import os
import random
from collections import Counter
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from comanda.orders.balance import balance
from tests.functional.providers.conftest import SIDES
from tests.functional.providers.shop import Shop
from tests.functional.providers.sides import Refused, Side
from tests.functional.staff import command

# More stories, for a night: PAYMENT_STORIES=200
EXAMPLES = int(os.environ.get("PAYMENT_STORIES", "4"))
pytestmark = [pytest.mark.enable_socket, pytest.mark.timeout(200 + 20 * EXAMPLES)]
RUNS = count(1)
ON_THE_WAY = (
    "webhook.before_store", "webhook.after_store", "inbox.begun", "payment.before_fetch",
    "payment.before_commit", "payment.after_commit", "inbox.before_mark",
)  # fmt: skip
AT_AN_EFFECT = (
    "effect.after_claim", "effect.before_call", "effect.after_call", "effect.before_commit",
    "effect.after_commit",
)  # fmt: skip
AFTERWARDS = ("refund there", "refund here", "bounce", "dispute", "win", "lose")


@dataclass(frozen=True)
class Story:
    """What happens at the provider, what goes wrong with its deliveries, where our processes die.

    `pauses`: after which of the acts everything that came is worked off.
    """

    declines: int
    acts: tuple[tuple[str, int], ...]
    pauses: tuple[bool, ...]
    faults: tuple[str, ...]
    crashes: tuple[str, ...]
    seed: int


FAULTS = ("duplicate", "delay", "reorder", "corrupt")
SILENCE, ALL = "silence", 99  # from then on nothing comes at all
ACTS = st.tuples(st.sampled_from(AFTERWARDS), st.integers(1, 120).map(lambda pesos: pesos * 100))


def stories(faults: tuple[str, ...]) -> st.SearchStrategy[Story]:
    return st.builds(
        Story,
        declines=st.integers(0, 2),
        acts=st.lists(ACTS, max_size=4).map(tuple),
        pauses=st.tuples(*[st.booleans()] * 7),
        faults=st.lists(st.sampled_from(faults), min_size=2, max_size=6).map(tuple),
        crashes=st.lists(st.sampled_from(ON_THE_WAY), max_size=4).map(tuple)
        | st.tuples(st.sampled_from(AT_AN_EFFECT), st.sampled_from(ON_THE_WAY)),
        seed=st.integers(0, 2**16),
    )


LIMITED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # a story is many requests: it is told as it was found
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def act(shop: Shop, side: Side, order_id: str, ref: str, what: str, amount: int) -> None:
    """One thing that happens; what its provider refuses, or our guards, does not."""
    try:
        if what == "refund here":
            money = {"amount": amount, "currency": "MXN"}
            body = {"reason": "customer", "amount": money, "execute": True}
            answer = command(shop.call, order_id, "refund", body)
            assert answer.status in (200, 409, 422), answer.text
        elif what == "refund there":
            side.refund(ref, amount)
        elif what == "bounce":
            side.bounce(ref)
        elif what == "dispute":
            side.dispute(ref)
        else:
            side.decide(ref, won=what == "win")
    except Refused:
        note(f"{what} was refused")


def tell(shop: Shop, side: Side, story: Story) -> tuple[str, str]:
    """Let it happen up to the moment when nothing is left to deliver."""
    number = next(RUNS)
    order_id, ref = shop.place(side, f"story-{number}")
    shop.chance, shop.crashes, shop.died = random.Random(story.seed), Counter(story.crashes), []
    for fault in story.faults:
        wish = {"count": ALL} if fault == SILENCE else {"seconds": 60 if fault == "reorder" else 0.03}
        shop.peers.fault("drop" if fault == SILENCE else fault, peer=side.code, **wish)
    with shop.crashing():
        for turn in range(story.declines + 1):
            (side.decline if turn < story.declines else side.pay)(ref)
            if story.pauses[turn]:
                shop.hear(side.code, order_id)
        if side.code == "paypal":
            shop.hear(side.code, order_id)  # here it is us who take the money, once we have heard
        for (what, amount), pause in zip(story.acts, story.pauses[3:], strict=False):
            act(shop, side, order_id, ref, what, amount)
            if pause:
                shop.hear(side.code, order_id)
        shop.peers.control("DELETE", "/faults")
        shop.arrive(side.code, held=True)
        shop.hear(side.code, order_id)
        shop.settle(order_id)
        shop.hear(side.code, order_id)
    note(f"died at {shop.died}")
    return order_id, ref


def money_is_told(shop: Shop, side: Side, order_id: str, ref: str) -> None:
    """Everything that the provider has, and nothing else; told to the customer once."""
    record = side.record(ref)
    assert shop.ledger(order_id) == record
    ledger = shop.order(order_id).ledger
    kept = sum(
        amount if kind == "capture" else -amount
        for (kind, _), (amount, status) in record.items()
        if status == "ok"
    )
    assert balance(ledger).kept == kept, "nothing counts twice"
    assert [entry for entry in ledger if (entry.kind, entry.status) == ("refund", "pending")] == []
    captured = [key for kind, key in record if kind == "capture"]
    assert len(captured) == 1, "paid, and never twice"
    history = shop.world.history(order_id)
    assert history.count("PaymentCaptured") == 1
    assert shop.world.mails(order_id).count("payment_received") == 1
    executed = [status for (kind, _), (_, status) in record.items() if kind == "refund"]
    assert history.count("RefundExecuted") >= executed.count("ok")
    disputes = [status for (kind, _), (_, status) in record.items() if kind == "dispute"]
    holds = [hold.reason for hold in shop.order(order_id).holds]
    assert holds.count("dispute") == len(disputes)
    assert shop.is_whole(order_id)


@pytest.mark.capability("C19", "C20", "D05", "G04", "G05")
@pytest.mark.parametrize("name", SIDES)
def test_any_order_any_number_any_crash_end_in_the_providers_record(shop: Shop, name: str) -> None:
    side = shop.side(name)

    @LIMITED
    @given(stories(FAULTS))
    def run(story: Story) -> None:
        shop.clock.ahead *= 0
        order_id, ref = tell(shop, side, story)
        money_is_told(shop, side, order_id, ref)
        assert shop.sweep(side.code) == []
        assert shop.ledger(order_id) == side.record(ref)

    run()


@pytest.mark.capability("C19", "C20", "D05", "G04", "G05")
@pytest.mark.parametrize("name", SIDES)
def test_what_is_dropped_is_found_by_one_sweep(shop: Shop, name: str) -> None:
    side = shop.side(name)

    @LIMITED
    @given(stories((*FAULTS, "drop", "drop", SILENCE, SILENCE)))
    def run(story: Story) -> None:
        shop.clock.ahead *= 0
        order_id, ref = tell(shop, side, story)
        shop.sweep(side.code)
        shop.settle(order_id)
        shop.hear(side.code, order_id)
        if name == "paypal":  # what staff asked for while nobody had told us of the money
            shop.sweep(side.code)
        money_is_told(shop, side, order_id, ref)

    run()


@pytest.mark.capability("C19", "C20", "D05", "G04", "C17")
@pytest.mark.parametrize("name", SIDES)
def test_with_every_webhook_dropped_each_order_is_paid_within_one_sweep(shop: Shop, name: str) -> None:
    """And what happened to them since is there with the next one."""
    side = shop.side(name)
    shop.peers.fault("drop", peer=side.code, count=ALL)
    bought = [shop.place(side, f"key-{number}") for number in range(3)]
    for _, ref in bought[:2]:
        side.pay(ref)
    side.decline(bought[2][1])
    for nothing_new in (False, True):
        assert bool(shop.sweep(side.code)) != nothing_new
        for order_id, _ in bought:
            shop.settle(order_id)
        assert [shop.order(order_id).payment for order_id, _ in bought] == ["paid", "paid", "failed"]
    side.refund(bought[0][1], 5_000)
    side.dispute(bought[1][1])
    assert len(shop.sweep(side.code)) == 2
    for order_id, ref in bought:
        assert shop.ledger(order_id) == side.record(ref)
    assert [hold.reason for hold in shop.order(bought[1][0]).open_holds] == ["dispute"]
    assert shop.answered == []


@pytest.mark.capability("C19", "C20", "C28", "D05", "G04", "G05")
@pytest.mark.parametrize("name", SIDES)
def test_a_process_dies_once_at_every_named_point(shop: Shop, name: str) -> None:
    """On the way in while the order is paid, then at a refund for each point of an outside effect."""
    side = shop.side(name)
    order_id, ref = shop.place(side, "key-1")
    shop.crashes = Counter(ON_THE_WAY)
    with shop.crashing():
        side.pay(ref)
        shop.hear(side.code, order_id)
        for point in AT_AN_EFFECT:
            shop.clock.ahead *= 0  # a claim that is taken over takes its time; signatures do not wait
            act(shop, side, order_id, ref, "refund here", 1_000)
            shop.crashes[point] += 1
            shop.settle(order_id)
            shop.hear(side.code, order_id)
    assert sorted(shop.died) == sorted((*ON_THE_WAY, *AT_AN_EFFECT))
    money_is_told(shop, side, order_id, ref)
    refunds = [amount for (kind, _), (amount, _) in side.record(ref).items() if kind == "refund"]
    assert refunds == [1_000] * len(AT_AN_EFFECT)
