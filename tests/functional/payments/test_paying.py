"""Paying through the real handlers, with a provider in memory."""

import json
from dataclasses import replace

import pytest

from comanda import wiring
from comanda.orders.cancel import cancelling
from comanda.orders.hold import retrying
from comanda.origin import Origin
from comanda.payments.mark_paid import marking_paid
from comanda.payments.provider import Wanted
from comanda.times import stamp
from comanda.workflow.timeouts import cancel_unpaid
from tests.functional.payments.world import World
from tests.functional.shop import level, order_body, place, set_section, stock_product

TOTAL = 23_200


def card(call, key="key-1", **more):
    stock_product()
    return place(call, key, payment_method="stripe", **more)


def pay_again(call, placed, method):
    return call(
        "customer_order",
        "POST",
        f"/orders/{placed['order_id']}/payments",
        {"payment_method": method},
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    )


def seen(call, placed):
    answer = call(
        "customer_order",
        "GET",
        f"/orders/{placed['order_id']}",
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    )
    assert answer.status == 200, answer.text
    return answer.body


@pytest.mark.capability("C17", "D05")
def test_a_card_payment_begins_with_the_order(call, world: World):
    placed = card(call)
    action = placed["payment_action"]
    assert action == {"type": "stripe_payment_intent", "id": "pi_0001", "client_secret": "pi_0001_secret"}
    order_id = placed["order_id"]
    entry = world.order(order_id).ledger[0]
    assert (entry.entry_id, entry.status, entry.amount) == ("stripe:intent:pi_0001", "pending", TOTAL)
    assert world.effect(order_id, "pay-1").state == "done"
    assert "secret" not in json.dumps([fact.to_dict() for fact in wiring.orders().facts(order_id)])
    record = world.bank.payments["pi_0001"]
    assert (record.order_id, record.effect_id, record.amount) == (order_id, "pay-1", TOTAL)
    replay = call(
        "place_order",
        "POST",
        "/orders",
        order_body(payment_method="stripe"),
        headers={"Idempotency-Key": "key-1"},
    )
    assert replay.body == placed
    assert seen(call, placed)["payment_action"] == action
    assert world.bank.calls == ["start"]


def test_a_sleeping_provider_delays_the_payment_and_nothing_else(call, world: World):
    world.bank.down = True
    placed = card(call)
    order_id = placed["order_id"]
    assert "payment_action" not in placed
    assert placed["payment"] == "pending"
    assert world.effect(order_id, "pay-1").state == "wanted"
    assert not world.settle(order_id, "pay-1")
    assert "payment_action" not in seen(call, placed)
    world.bank.down = False
    world.clock.on(minutes=2)
    assert world.settle(order_id, "pay-1")
    assert seen(call, placed)["payment_action"]["id"] == "pi_0001"
    assert [e.ref for e in world.order(order_id).ledger] == ["pi_0001"]


def test_a_lost_answer_begins_no_second_payment(call, world: World):
    world.bank.lost = 1
    placed = card(call)
    assert "payment_action" not in placed
    assert seen(call, placed)["payment_action"]["id"] == "pi_0001"
    assert list(world.bank.payments) == ["pi_0001"]


def test_a_refused_start_is_told_and_another_method_works(call, world: World):
    world.bank.refusing = "amount_too_small"
    placed = card(call)
    order_id = placed["order_id"]
    assert "payment_action" not in placed
    order = world.order(order_id)
    assert [(e.entry_id, e.status, e.reason) for e in order.ledger] == [
        ("stripe:intent:pay-1", "failed", "amount_too_small")
    ]
    assert order.payment == "failed"
    assert world.effect(order_id, "pay-1").state == "failed"
    answer = pay_again(call, placed, "bank_transfer")
    assert answer.status == 201, answer.text
    assert answer.body["payment_action"]["type"] == "instructions"
    assert answer.body["payment_action"]["reference"] == placed["number"]
    assert world.order(order_id).payment == "pending"


@pytest.mark.capability("C17")
def test_a_transfer_answers_the_shops_instructions(call, world: World):
    stock_product()
    set_section("payments.bank_transfer", instructions={"es": "CLABE 0123", "en": "Account 0123"})
    placed = place(call)
    assert placed["payment_action"] == {
        "type": "instructions",
        "text": "CLABE 0123",
        "reference": placed["number"],
    }
    view = seen(call, placed)
    assert view["payment_action"] == placed["payment_action"]
    assert view["due"] == view["totals"]["total"]


def test_a_request_asks_for_no_payment(call, world: World):
    stock_product()
    placed = place(call, payment_method="request")
    assert "payment_action" not in placed
    assert placed["payment"] == "none"


@pytest.mark.capability("C20", "D05")
def test_a_webhook_makes_the_order_paid_once(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001", "evt_a")
    order = world.order(order_id)
    assert (order.payment, order.lifecycle, order.verified) == ("paid", "placed", False)
    assert [(e.entry_id, e.status) for e in order.ledger] == [
        ("stripe:capture:ch_0002", "ok"),
        ("stripe:intent:pi_0001", "ok"),
    ]
    assert world.webhook("pi_0001", "evt_b")
    assert world.webhook("pi_0001", "evt_a")
    assert world.order(order_id).revision == order.revision
    assert world.mails(order_id).count("payment_received") == 1
    assert world.inbox() == {"evt_a": ("applied", ""), "evt_b": ("already_applied", "")}
    assert "payment_action" not in seen(call, placed)


@pytest.mark.capability("C20")
def test_a_signed_webhook_about_a_payment_the_provider_does_not_have(call, world: World):
    placed = card(call)
    before = world.order(placed["order_id"])
    assert world.webhook("pi_invented", "evt_a")
    assert world.inbox() == {"evt_a": ("ignored", "the provider has no such payment")}
    assert world.order(placed["order_id"]) == before


def test_a_payment_of_somebody_elses_shop_is_left_alone(call, world: World):
    placed = card(call)
    before = world.order(placed["order_id"])
    world.bank.start(Wanted("", "x", "P", 5_000, "MXN"))
    world.bank.start(Wanted("unknown-order", "y", "P", 5_000, "MXN"))
    assert world.webhook("pi_0002", "evt_a")
    assert world.webhook("pi_0003", "evt_b")
    assert world.inbox() == {
        "evt_a": ("ignored", "this payment was not begun for an order"),
        "evt_b": ("ignored", "there is no such order"),
    }
    assert world.order(placed["order_id"]) == before


def test_an_event_about_something_else_is_kept_and_ignored(call, world: World):
    raw = json.dumps({"id": "evt_a", "type": "customer.created", "data": {"object": {"object": "customer"}}})
    assert world.receive(raw.encode()).status == 200
    assert world.apply("evt_a")
    assert world.inbox() == {"evt_a": ("ignored", "customer.created is not about a payment")}


def test_an_event_waits_in_its_queue_while_the_provider_sleeps(call, world: World):
    placed = card(call)
    world.bank.pay("pi_0001")
    world.bank.down = True
    assert not world.webhook("pi_0001", "evt_a")
    assert world.inbox() == {"evt_a": ("failed", "busy: the provider is down")}
    world.bank.down = False
    assert world.apply("evt_a")
    assert world.inbox() == {"evt_a": ("applied", "")}
    assert world.order(placed["order_id"]).payment == "paid"


@pytest.mark.capability("D05")
def test_a_decline_is_told_and_the_same_payment_can_be_made_good(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.bank.decline("pi_0001")
    world.webhook("pi_0001")
    assert world.order(order_id).payment == "failed"
    assert world.mails(order_id).count("payment_failed") == 1
    answer = pay_again(call, placed, "stripe")
    assert answer.body["payment_action"] == placed["payment_action"]
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    assert world.order(order_id).payment == "paid"
    assert len(world.bank.payments) == 1


@pytest.mark.capability("D05")
def test_another_method_lets_go_of_the_card(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    answer = pay_again(call, placed, "bank_transfer")
    assert answer.body["payment_action"]["type"] == "instructions"
    order = world.order(order_id)
    assert order.method == "bank_transfer"
    assert order.terms.pay_by == "2026-11-28T18:00:00.000Z"
    assert world.mails(order_id).count("payment_instructions") == 1
    assert world.settle(order_id, "void-pi_0001")
    assert world.bank.payments["pi_0001"].status == "void"
    statuses = {e.entry_id: e.status for e in world.order(order_id).ledger}
    assert statuses == {"manual:intent:bank_transfer-2": "pending", "stripe:intent:pi_0001": "void"}
    back = pay_again(call, placed, "stripe")
    assert back.body["payment_action"]["id"] == "pi_0002"
    assert world.order(order_id).method == "stripe"


def test_a_payment_under_way_is_not_begun_again(call, world: World):
    placed = card(call)
    world.bank.process("pi_0001")
    world.webhook("pi_0001")
    answer = pay_again(call, placed, "bank_transfer")
    assert (answer.status, answer.body["guard"]) == (409, "payment-under-way")
    assert "payment_action" not in seen(call, placed)


def test_a_method_that_is_not_offered(call, world: World):
    placed = card(call)
    answer = pay_again(call, placed, "paypal")
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/payment_method")
    assert world.order(placed["order_id"]).method == "stripe"


@pytest.mark.capability("D07")
def test_an_unpaid_order_ends_only_when_the_provider_has_let_go(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.clock.on(days=1)
    world.run(order_id, lambda loaded: cancel_unpaid(loaded, stamp(world.clock())), "system")
    order = world.order(order_id)
    assert (order.lifecycle, order.ending is not None, level()["reserved"]) == (
        "awaiting_verification",
        True,
        2,
    )
    assert "payment_action" not in seen(call, placed)
    world.bank.down = True
    assert not world.settle(order_id, "void-pi_0001")
    assert level()["reserved"] == 2
    world.bank.down = False
    world.clock.on(minutes=2)
    assert world.settle(order_id, "void-pi_0001")
    order = world.order(order_id)
    assert (order.lifecycle, order.cancel_reason, order.payment) == ("cancelled", "unpaid", "voided")
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert world.effect(order_id, "void-pi_0001").state == "done"


@pytest.mark.capability("D07", "G02")
def test_money_that_came_while_the_order_was_to_end_saves_it(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.clock.on(days=1)
    world.run(order_id, lambda loaded: cancel_unpaid(loaded, stamp(world.clock())), "system")
    world.bank.pay("pi_0001")
    assert world.settle(order_id, "void-pi_0001")
    order = world.order(order_id)
    assert (order.lifecycle, order.payment, order.ending) == ("placed", "paid", None)
    assert level()["reserved"] == 2
    assert "void" not in world.bank.calls


@pytest.mark.capability("G02")
def test_a_payment_that_has_begun_is_not_killed_for_want_of_money(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.clock.on(days=1)
    world.run(order_id, lambda loaded: cancel_unpaid(loaded, stamp(world.clock())), "system")
    world.bank.process("pi_0001")
    assert world.settle(order_id, "void-pi_0001")
    order = world.order(order_id)
    assert (order.ending, order.payment) == (None, "pending")
    assert world.bank.payments["pi_0001"].status == "processing"


def test_a_cancelled_order_gives_the_money_back_once(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    cancel = cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True)
    world.run(order_id, cancel)
    order = world.order(order_id)
    assert (order.lifecycle, order.payment) == ("cancelled", "paid")
    effect = next(e for e in world.loaded(order_id).effects if e.kind == "payment.refund")
    assert world.settle(order_id, effect.effect_id)
    order = world.order(order_id)
    assert order.payment == "refunded"
    assert [(e.status, e.amount, e.ref) for e in order.ledger if e.kind == "refund"] == [
        ("ok", TOTAL, "re_0003")
    ]
    world.webhook("pi_0001")
    world.settle(order_id, effect.effect_id)
    assert world.order(order_id).revision == order.revision
    assert len(world.bank.payments["pi_0001"].refunds) == 1
    assert world.mails(order_id).count("refunded") == 1


def test_a_refused_refund_is_held_and_made_by_a_retry(call, world: World):
    placed = card(call)
    order_id = placed["order_id"]
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    effect = next(e for e in world.loaded(order_id).effects if e.kind == "payment.refund")
    world.bank.refusing = "charge_disputed"
    assert world.settle(order_id, effect.effect_id)
    order = world.order(order_id)
    assert order.payment == "paid"
    assert [hold.reason for hold in order.open_holds] == ["effect_failed"]
    assert world.effect(order_id, effect.effect_id).state == "failed"
    world.bank.refusing = ""
    assert world.settle(order_id, effect.effect_id)
    assert world.order(order_id).payment == "paid"
    world.run(order_id, retrying)
    assert world.effect(order_id, effect.effect_id).state == "wanted"
    assert world.settle(order_id, effect.effect_id)
    order = world.order(order_id)
    assert (order.payment, order.open_holds) == ("refunded", ())


@pytest.mark.capability("C18", "C20")
def test_staff_confirm_a_transfer(call, world: World):
    stock_product()
    placed = place(call)
    order_id = placed["order_id"]
    origin = Origin("staff:1", "request:1", stamp(world.clock()))
    world.run(order_id, marking_paid(origin, lambda: "salt", reference="SPEI 77"))
    loaded = world.loaded(order_id)
    assert (loaded.order.payment, loaded.order.lifecycle) == ("paid", "placed")
    assert loaded.text("note:paid-1") == "SPEI 77"
    assert "SPEI" not in json.dumps([fact.to_dict() for fact in wiring.orders().facts(order_id)])
    assert world.mails(order_id).count("payment_received") == 1
    world.run(order_id, marking_paid(origin, lambda: "salt"))
    assert world.history(order_id)[-1] == "PaymentConfirmedAgain"
    assert "payment_action" not in seen(call, placed)


def test_an_effect_whose_key_is_forgotten_is_looked_up(call, world: World):
    """Begun, but never recorded; a day later the provider is asked before anything is begun again."""
    world.bank.lost = 1
    placed = card(call)
    order_id = placed["order_id"]
    world.bank.answers.clear()
    world.clock.on(hours=25)
    assert world.settle(order_id, "pay-1")
    assert list(world.bank.payments) == ["pi_0001"]
    assert world.bank.calls[-2:] == ["find_by_reference", "resume"]
    assert seen(call, placed)["payment_action"]["id"] == "pi_0001"


@pytest.mark.capability("D08")
@pytest.mark.parametrize(("receipt", "mails"), [(True, 1), (False, 0)])
def test_the_shop_decides_whether_a_receipt_is_sent(call, world: World, receipt: bool, mails: int):
    set_section("notifications", receipt=receipt)
    placed = card(call)
    world.bank.pay("pi_0001")
    world.webhook("pi_0001")
    assert world.order(placed["order_id"]).payment == "paid"
    assert world.mails(placed["order_id"]).count("payment_received") == mails


def ended_unpaid(call, world: World) -> str:
    """A card order that was cancelled for want of money, its payment not voided: a webhook got lost."""
    order_id: str = card(call)["order_id"]
    world.clock.on(days=1)
    world.run(order_id, lambda loaded: cancel_unpaid(loaded, stamp(world.clock())), "system")
    assert world.settle(order_id, "void-pi_0001")
    assert world.order(order_id).lifecycle == "cancelled"
    record = world.bank.payments["pi_0001"]
    world.bank.payments["pi_0001"] = replace(record, status="pending")
    world.bank.pay("pi_0001")
    return order_id


@pytest.mark.capability("G03")
def test_late_money_takes_the_stock_again(call, world: World):
    order_id = ended_unpaid(call, world)
    world.webhook("pi_0001")
    order = world.order(order_id)
    assert (order.lifecycle, order.payment, order.run) == ("placed", "paid", 2)
    assert level()["reserved"] == 2
    assert order.open_holds == ()


@pytest.mark.capability("G03")
def test_late_money_without_stock_is_held_and_not_lost(call, world: World):
    order_id = ended_unpaid(call, world)
    place(call, "key-2", lines=[{"sku": "CAFE-1", "quantity": 9}])
    world.webhook("pi_0001")
    order = world.order(order_id)
    assert (order.lifecycle, order.payment) == ("cancelled", "paid")
    assert [hold.reason for hold in order.open_holds] == ["late_payment"]
    assert level()["available"] == 1
