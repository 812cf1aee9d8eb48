"""The sweep over payment providers: what no webhook told is found there and recorded, once."""

import pytest

from comanda import wiring
from comanda.payments.provider import ProviderRecord
from functions.reconcile_payments.app import lambda_handler
from tests.functional.payments.world import World
from tests.functional.shop import level, place, stock_product
from tests.functional.tables import contents


def reconcile() -> dict[str, object]:
    found: dict[str, object] = lambda_handler({}, None)["stripe"]
    return found


@pytest.fixture
def paid(call, world: World) -> tuple[str, str]:
    """An order whose customer has paid, of which nobody has told us."""
    stock_product()
    placed = place(call, payment_method="stripe")
    ref = placed["payment_action"]["id"]
    world.bank.pay(ref)
    return placed["order_id"], ref


@pytest.mark.capability("G04", "C17", "D05")
def test_with_every_webhook_dropped_an_order_is_paid_within_one_sweep(world: World, paid: tuple[str, str]):
    order_id, ref = paid
    assert world.order(order_id).payment == "pending"
    assert reconcile() == {"events": 1, "payments": 1, "missed": [ref], "done": True}
    order = world.order(order_id)
    assert (order.payment, order.lifecycle) == ("paid", "placed")
    assert world.mails(order_id).count("payment_received") == 1
    fact = next(fact for fact in wiring.orders().facts(order_id) if fact.type == "PaymentCaptured")
    assert (fact.actor, fact.cause) == ("system", "reconcile:stripe")


def test_what_was_recorded_is_not_recorded_again(world: World, paid: tuple[str, str]):
    reconcile()
    before = contents()
    world.clock.on(minutes=5)
    assert reconcile()["missed"] == []
    after = contents()
    assert before["OrdersTable"] == after["OrdersTable"]
    assert level()["reserved"] == 2


def test_a_payment_whose_webhook_came_is_not_read_again(world: World, paid: tuple[str, str]):
    _, ref = paid
    (event,) = world.bank.told
    assert world.webhook(ref, event_id=event.event_id)
    world.bank.calls.clear()
    assert reconcile() == {"events": 1, "payments": 0, "missed": [], "done": True}
    assert set(world.bank.calls) == {"happened"}


def test_a_refund_and_a_dispute_made_elsewhere_are_found(world: World, paid: tuple[str, str]):
    order_id, ref = paid
    reconcile()
    world.clock.on(minutes=30)
    world.bank.refund_outside(ref, 5_000)
    world.bank.dispute(ref, 18_200)
    assert reconcile()["missed"] == [ref]
    order = world.order(order_id)
    assert order.payment == "partially_refunded"
    assert [hold.reason for hold in order.holds if not hold.closed_at] == ["dispute"]


def test_an_outage_is_caught_up_with_from_where_it_began(world: World, paid: tuple[str, str]):
    order_id, ref = paid
    world.bank.down = True
    assert reconcile()["done"] is False
    world.clock.on(hours=20)
    assert reconcile()["done"] is False
    assert world.order(order_id).payment == "pending"
    world.bank.down = False
    assert reconcile()["missed"] == [ref]
    assert world.order(order_id).payment == "paid"


def test_it_goes_on_where_its_time_ran_out(call, world: World):
    stock_product(units=100)
    refs = []
    for number in range(4):
        placed = place(call, key=f"k{number}", payment_method="stripe")
        world.bank.pay(placed["payment_action"]["id"])
        refs.append(placed["payment_action"]["id"])
        world.clock.on(hours=2)
    left = [4]

    def little_time() -> bool:
        left[0] -= 1
        return left[0] >= 0

    first = wiring.reconciling().run(little_time)["stripe"]
    assert first.done is False
    assert first.missed == refs[: len(first.missed)]
    second = wiring.reconciling().run(lambda: True)["stripe"]
    assert second.done is True
    assert sorted({*first.missed, *second.missed}) == sorted(refs)
    assert not {*first.missed} & {*second.missed}


def test_a_payment_that_is_none_of_ours_is_left_alone(world: World, paid: tuple[str, str]):
    reconcile()
    world.bank.born["pi_foreign"] = world.clock()
    world.bank.payments["pi_foreign"] = ProviderRecord("stripe", "pi_foreign", "pending", 100, "MXN")
    world.clock.on(minutes=15)
    before = contents()["OrdersTable"]
    world.bank.pay("pi_foreign")
    assert reconcile()["missed"] == []
    assert contents()["OrdersTable"] == before


def test_a_provider_without_keys_is_not_asked(world: World, paid: tuple[str, str], monkeypatch):
    monkeypatch.setattr(wiring, "payment_secrets", dict)
    assert lambda_handler({}, None) == {"payouts": {}}


def test_the_mark_never_goes_back(world: World, paid: tuple[str, str]):
    marks = wiring.reconciling().marks
    marks.move("stripe", "2026-11-21T18:00:00.000Z")
    marks.move("stripe", "2026-11-21T17:00:00.000Z")
    assert marks.read("stripe") == "2026-11-21T18:00:00.000Z"
