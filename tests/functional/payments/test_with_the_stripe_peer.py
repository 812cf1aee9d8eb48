"""The whole round with the real adapter: the official SDK, a provider on the wire, its own webhooks."""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import stripe

from comanda import wiring
from comanda.orders.cancel import cancelling
from functions.reconcile_payments.app import lambda_handler as reconcile
from local.peers.config import Config, EasyPostConfig, StripeConfig
from local.peers.delivery import Backoff
from local.peers.system import System
from tests.functional.payments.world import World
from tests.functional.shop import level, place, stock_product
from tests.payments.fake import FakeProvider
from tests.peers.receiver import Received, Receiver, event_type, until

pytestmark = pytest.mark.enable_socket

DECLINED = {"payment_intent.created", "charge.failed", "payment_intent.payment_failed"}
PAID = {"charge.succeeded", "payment_intent.succeeded", "charge.updated"}
REFUNDED = {"refund.created", "charge.refunded"}


def came(receiver: Receiver, types: set[str]) -> list[Received]:
    """What the peer has sent so far, once these types are among it."""
    until(lambda: types <= {event_type(one) for one in receiver.accepted()})
    return receiver.accepted()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def sdk(receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[stripe.StripeClient]:
    """The running peer, with the keys that our secrets name."""
    system = System(
        Config(
            state_dir=tmp_path / "state",
            stripe=StripeConfig("sk_test_1", "pk_test_1", "whsec_new", f"{receiver.url}/stripe"),
            easypost=EasyPostConfig("secret", f"{receiver.url}/easypost"),
            retry=Backoff(first_seconds=0.05, longest_seconds=0.2),
        )
    )
    ready = system.start()
    monkeypatch.setitem(os.environ, "STRIPE_API_BASE", ready["stripe"]["url"])
    monkeypatch.setitem(os.environ, "PEERS_CONTROL", ready["control"]["url"])
    yield stripe.StripeClient("sk_test_1", base_addresses={"api": ready["stripe"]["url"]})
    system.stop()


@pytest.fixture
def control(sdk: stripe.StripeClient) -> str:
    return os.environ["PEERS_CONTROL"]


def pump(world: World, received: list[Received], chance: random.Random) -> None:
    """Hand the peer's own deliveries to our handlers, each several times, in any order."""
    often = [one for one in received for _ in range(chance.randint(1, 3))]
    chance.shuffle(often)
    for one in often:
        answer = world.receive(one.body, one.headers["stripe-signature"])
        assert answer.status == 200, answer.text
        assert world.apply(json.loads(one.body)["id"])


@pytest.mark.capability("C17", "C20", "D05", "G04")
def test_paid_and_given_back_over_the_wire(call, aws, sdk: stripe.StripeClient, receiver: Receiver):
    world = World(FakeProvider(), wiring.now)
    chance = random.Random(7)
    stock_product()
    placed = place(call, payment_method="stripe")
    order_id, action = placed["order_id"], placed["payment_action"]
    intent = sdk.v1.payment_intents.retrieve(action["id"])
    assert (intent.amount, intent.currency, intent.client_secret) == (23_200, "mxn", action["client_secret"])
    with pytest.raises(stripe.CardError):
        sdk.v1.payment_intents.confirm(action["id"], {"payment_method": "pm_card_chargeDeclined"})
    pump(world, came(receiver, DECLINED), chance)
    assert world.order(order_id).payment == "failed"
    sdk.v1.payment_intents.confirm(action["id"], {"payment_method": "pm_card_visa"})
    pump(world, came(receiver, PAID), chance)
    order = world.order(order_id)
    assert (order.payment, order.lifecycle) == ("paid", "placed")
    assert [(e.kind, e.amount, e.bank_ref) for e in order.ledger if e.kind == "capture"] == [
        ("capture", 23_200, "123456")
    ]
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    (effect,) = [e for e in world.loaded(order_id).effects if e.kind == "payment.refund"]
    assert world.settle(order_id, effect.effect_id)
    assert world.settle(order_id, effect.effect_id)
    pump(world, came(receiver, REFUNDED), chance)
    order = world.order(order_id)
    assert (order.payment, order.lifecycle) == ("refunded", "cancelled")
    refunds = sdk.v1.refunds.list({"payment_intent": action["id"]}).data
    assert [(one.amount, one.metadata["effect_id"]) for one in refunds] == [(23_200, effect.effect_id)]
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert world.mails(order_id).count("payment_received") == 1
    assert world.mails(order_id).count("refunded") == 1
    assert wiring.inbox().store.recent(limit=100, state="failed") == ([], "")


@pytest.mark.capability("F25", "C28")
def test_three_orders_in_one_payout_over_the_wire(call, aws, sdk: stripe.StripeClient, control: str):
    """No webhook is handed on: the same look finds the payments and what became of them at the bank."""
    stock_product(units=100)
    placed = [place(call, key=f"o{n}", payment_method="stripe") for n in range(3)]
    for one in placed:
        sdk.v1.payment_intents.confirm(one["payment_action"]["id"], {"payment_method": "pm_card_visa"})
    sdk.v1.refunds.create({"payment_intent": placed[1]["payment_action"]["id"], "amount": 5_000})
    made = requests.post(f"{control}/stripe/payouts", json={}, timeout=10).json()
    answer = reconcile({}, None)
    assert answer["payouts"]["stripe"] == {
        "payouts": 1, "written": 1, "differences": 0, "disputes": 0, "skipped": False, "done": True,
    }  # fmt: skip
    whole = wiring.payout_views().whole("stripe", made["id"])
    fee = 703
    assert whole["amount"] == {"amount": 3 * (23_200 - fee) - 5_000, "currency": "MXN"}
    assert {one["order_id"]: one["net"]["amount"] for one in whole["orders"]} == {
        placed[0]["order_id"]: 23_200 - fee,
        placed[1]["order_id"]: 18_200 - fee,
        placed[2]["order_id"]: 23_200 - fee,
    }
    assert {line["tie"] for line in whole["lines"]} == {"tied"}
