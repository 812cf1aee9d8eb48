"""What becomes of payment notices that nobody understands, and of one that cannot be applied."""

import json
from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.operations.test_dead_letters import bodies, look, put, replay
from tests.functional.payments.test_refunds import TOTAL
from tests.functional.payments.world import World
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask


def notices(call: Call) -> list[tuple[str, str]]:
    items = ask(call, "GET", "/admin/webhook-events").body["items"]
    return [(one["event_id"], one["state"]) for one in items]


@pytest.mark.capability("D05", "F27")
@pytest.mark.parametrize(
    "about", [{"object": "radar.early_fraud_warning", "id": "issfr_1"}, {"object": "moon"}, {}, "text"]
)
def test_a_notice_of_a_type_that_nobody_knows_is_kept_as_it_came(
    call: Call, world: World, about: Any
) -> None:
    raw = json.dumps({"id": "evt_moon", "type": "moon.full", "data": {"object": about}}).encode()
    assert world.receive(raw).status == 200
    assert world.apply("evt_moon")
    (notice,) = ask(call, "GET", "/admin/webhook-events").body["items"]
    assert (notice["event_id"], notice["state"]) == ("evt_moon", "ignored")
    kept = wiring.inbox().store.recent(limit=1)[0][0]
    assert kept.problem == "moon.full is not about a payment"
    assert world.apply("evt_moon")  # its bytes are still there for whoever learns to read them


@pytest.mark.capability("F27", "C19")
def test_a_notice_that_could_not_be_applied_pays_once_it_is_played_again(call: Call, world: World) -> None:
    stock_product()
    order_id = str(place(call, payment_method="stripe")["order_id"])
    world.bank.pay("pi_0001")
    raw = world.body("pi_0001", event_id="evt_paid")
    assert world.receive(raw).status == 200
    world.bank.down = True
    assert not world.apply("evt_paid")  # back to the queue, and after its last try to the dead letters
    assert notices(call) == [("evt_paid", "failed")]
    assert world.order(order_id).payment == "pending"
    world.bank.down = False
    message_id = put("PAYMENT_EVENTS_DEAD_LETTERS", {"Records": [world.stored("evt_paid")]})
    assert [one["message_id"] for one in look(call, "payment-events")] == [message_id]
    assert replay(call, "payment-events", message_id).body == {"outcomes": {"replayed": 1}}
    (again,) = bodies("PAYMENT_EVENTS_QUEUE")
    assert world.queue("apply_payment_event", again)
    assert world.queue("apply_payment_event", again)  # twice, as queues may
    order = world.order(order_id)
    assert (order.payment, notices(call)) == ("paid", [("evt_paid", "applied")])
    assert sum(entry.amount for entry in order.ledger if entry.kind == "capture") == TOTAL
