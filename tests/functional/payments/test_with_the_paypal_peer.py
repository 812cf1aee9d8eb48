"""The whole round with PayPal: approved by the customer, captured by us, told by its signed webhooks."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from comanda import secrets, wiring
from comanda.orders.cancel import cancelling
from comanda.times import stamp
from comanda.workflow.timeouts import cancel_unpaid
from local.peers.config import Config, EasyPostConfig, PayPalConfig, StripeConfig
from local.peers.delivery import Backoff
from local.peers.paypal.certificates import chain
from local.peers.system import System
from tests.functional.payments.paypal_world import PayPalWorld
from tests.functional.shop import level
from tests.peers.paypal import PayPalPeer
from tests.peers.provider import PAYPAL_CLIENT, PAYPAL_SECRET, WEBHOOK_ID, Peers
from tests.peers.receiver import Receiver, until

pytestmark = pytest.mark.enable_socket

APPROVED, COMPLETED = "CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED"
REFUNDED, DISPUTED = "PAYMENT.CAPTURE.REFUNDED", "CUSTOMER.DISPUTE.CREATED"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def paypal(
    call, aws: None, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PayPalWorld]:
    folder = tmp_path / "certificates"
    system = System(
        Config(
            state_dir=tmp_path / "state",
            stripe=StripeConfig("sk_test_1", "pk_test_1", "whsec_new"),
            easypost=EasyPostConfig("secret"),
            paypal=PayPalConfig(
                PAYPAL_CLIENT, PAYPAL_SECRET, WEBHOOK_ID, f"{receiver.url}/paypal", str(folder)
            ),
            retry=Backoff(first_seconds=0.05, longest_seconds=0.2),
        )
    )
    ready = system.start()
    known = {
        "client_id": PAYPAL_CLIENT,
        "client_secret": PAYPAL_SECRET,
        "webhook_id": WEBHOOK_ID,
        "webhook_ca": chain(folder).root.decode(),
    }
    real = secrets.secret
    monkeypatch.setattr(
        secrets, "secret", lambda name: {"paypal": known} if name == "PAYMENT_SECRETS" else real(name)
    )
    monkeypatch.setitem(os.environ, "PAYPAL_API_BASE", ready["paypal"]["url"])
    peers = Peers(ready["stripe"]["url"], ready["control"]["url"], ready["paypal"]["url"])
    yield PayPalWorld(call, PayPalPeer(peers), receiver)
    system.stop()


def page(action: dict[str, str]) -> str:
    """The order at PayPal that a customer is sent to."""
    assert action["type"] == "redirect"
    return action["url"].rpartition("token=")[2]


def paid(paypal: PayPalWorld) -> tuple[str, str]:
    placed = paypal.place()
    ref = page(placed["payment_action"])
    paypal.peer.decide(ref)
    paypal.hear(paypal.came(APPROVED))
    assert paypal.settle(placed["order_id"], "payment.capture") == ["done"]
    return placed["order_id"], ref


@pytest.mark.capability("C19", "C20", "D05", "G04")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_paid_and_given_back_whatever_the_order_of_webhooks(paypal: PayPalWorld, seed: int):
    chance = random.Random(seed)
    order_id, _ = paid(paypal)
    assert paypal.shop.order(order_id).payment == "paid"
    often = [one for one in paypal.came(COMPLETED) for _ in range(chance.randint(1, 3))]
    chance.shuffle(often)
    paypal.hear(often)
    assert paypal.captured(order_id) == [23_200]
    paypal.shop.run(
        order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True)
    )
    assert paypal.settle(order_id, "payment.refund") == ["done"]
    often = paypal.came(REFUNDED) * 2
    chance.shuffle(often)
    paypal.hear(often)
    order = paypal.shop.order(order_id)
    assert (order.payment, order.lifecycle) == ("refunded", "cancelled")
    assert [(e.amount, e.status) for e in order.ledger if e.kind == "refund"] == [(23_200, "ok")]
    assert [(one["status"], one["amount"]["value"]) for one in paypal.at_paypal()] == [("REFUNDED", "232.00")]
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    mails = paypal.shop.mails(order_id)
    assert (mails.count("payment_received"), mails.count("refunded")) == (1, 1)
    assert wiring.inbox().store.recent(limit=100, state="failed") == ([], "")


@pytest.mark.capability("C19")
def test_an_approval_alone_is_no_money_and_keeps_the_order(paypal: PayPalWorld):
    placed = paypal.place()
    order_id = placed["order_id"]
    paypal.peer.decide(page(placed["payment_action"]))
    paypal.hear(paypal.came(APPROVED) * 3)
    order = paypal.shop.order(order_id)
    assert (order.payment, paypal.captured(order_id), paypal.at_paypal()) == ("pending", [], [])
    assert [e.kind for e in paypal.shop.loaded(order_id).effects].count("payment.capture") == 1
    assert paypal.pay_again(placed).body["guard"] == "payment-under-way"


@pytest.mark.capability("C19", "G05")
def test_a_declined_instrument_is_told_and_paid_by_another_order(paypal: PayPalWorld):
    placed = paypal.place()
    order_id = placed["order_id"]
    first = page(placed["payment_action"])
    paypal.peer.decide(first, "decline")
    paypal.hear(paypal.came(APPROVED))
    assert paypal.settle(order_id, "payment.capture") == ["failed"]
    order = paypal.shop.order(order_id)
    [attempt] = order.ledger
    assert (order.payment, attempt.reason, order.open_holds) == ("failed", "INSTRUMENT_DECLINED", ())
    assert paypal.shop.mails(order_id).count("payment_failed") == 1
    paypal.hear(paypal.came(APPROVED))  # once more: nothing is tried again by itself
    assert paypal.settle(order_id, "payment.capture") == []
    answer = paypal.pay_again(placed)
    assert answer.status == 201, answer.text
    second = page(answer.body["payment_action"])
    assert second != first
    assert paypal.settle(order_id, "payment.void") == ["done"]
    paypal.peer.decide(second)
    until(lambda: len(paypal.came(APPROVED)) == 2)
    paypal.hear(paypal.came(APPROVED))
    assert paypal.settle(order_id, "payment.capture") == ["done"]
    order = paypal.shop.order(order_id)
    assert (order.payment, paypal.captured(order_id)) == ("paid", [23_200])
    assert [capture["amount"]["value"] for capture in paypal.at_paypal()] == ["232.00"]


def test_the_same_order_approved_again_with_good_money_is_paid(paypal: PayPalWorld):
    """The customer did not come back to us, but chose another card where they were."""
    placed = paypal.place()
    order_id, ref = placed["order_id"], page(placed["payment_action"])
    paypal.peer.decide(ref, "decline")
    paypal.hear(paypal.came(APPROVED))
    paypal.settle(order_id, "payment.capture")
    paypal.peer.decide(ref)
    until(lambda: len(paypal.came(APPROVED)) == 2)
    paypal.hear(paypal.came(APPROVED))
    assert paypal.settle(order_id, "payment.capture") == ["done"]
    assert paypal.shop.order(order_id).payment == "paid"


@pytest.mark.capability("G05")
def test_who_cancels_there_comes_back_to_the_same_page(paypal: PayPalWorld):
    placed = paypal.place()
    status, back = paypal.peer.decide(page(placed["payment_action"]), "cancel")
    assert status == 303
    assert f"/orders/{placed['order_id']}" in back
    answer = paypal.pay_again(placed)
    assert answer.body["payment_action"] == placed["payment_action"]
    assert len(paypal.peer.all()) == 1


@pytest.mark.capability("C17", "C19")
@pytest.mark.parametrize("decision", ["pay", "decline", "cancel"])
def test_whoever_comes_back_sees_the_order_whatever_paypal_adds_to_the_address(
    paypal: PayPalWorld, decision: str
):
    placed = paypal.place()
    back = urlsplit(paypal.peer.decide(page(placed["payment_action"]), decision)[1])
    told: dict[str, list[str]] = parse_qs(back.query)
    query = {name: ",".join(values) for name, values in told.items()}  # as the gateway hands them on
    asked = {"query": query, "headers": {"Accept": "text/html"}}
    shown = paypal.call("customer_order", "GET", back.path, **asked)
    assert (shown.status, shown.headers["location"]) == (303, placed["order_id"])
    assert placed["access_token"] in shown.headers["set-cookie"]


def test_what_paypal_has_forgotten_is_begun_anew(paypal: PayPalWorld, monkeypatch: pytest.MonkeyPatch):
    placed = paypal.place()
    order_id, first = placed["order_id"], page(placed["payment_action"])
    paypal.peer.control("POST", f"/orders/{first}/forget")
    later = wiring.now().timestamp() + 3 * 3600
    monkeypatch.setattr(wiring, "now", lambda: datetime.fromtimestamp(later, UTC))
    for cached in (wiring.paying, wiring.starter, wiring.settling):
        cached.cache_clear()
    answer = paypal.pay_again(placed)
    assert answer.status == 201, answer.text
    assert page(answer.body["payment_action"]) != first
    assert paypal.settle(order_id, "payment.void") == ["done"]
    statuses = {e.ref: e.status for e in paypal.shop.order(order_id).ledger if e.kind == "intent"}
    assert statuses[first] == "void"


@pytest.mark.capability("D07")
def test_an_order_that_ends_is_never_captured(paypal: PayPalWorld):
    """Approved in the last moment: the void marks it, and neither webhook nor worker takes the money."""
    placed = paypal.place()
    order_id, ref = placed["order_id"], page(placed["payment_action"])
    paypal.shop.run(
        order_id, lambda loaded: cancel_unpaid(loaded, stamp(wiring.now().replace(year=2030))), "system"
    )
    assert paypal.shop.order(order_id).ending is not None
    paypal.peer.decide(ref)
    paypal.hear(paypal.came(APPROVED))
    assert paypal.settle(order_id, "payment.capture") == []
    assert paypal.settle(order_id, "payment.void") == ["done"]
    assert paypal.shop.order(order_id).lifecycle in ("cancelled", "expired")
    assert paypal.peer.capture(ref)[0] == 201  # PayPal would: it is us who never ask
    paypal.hear(paypal.came(COMPLETED))
    assert paypal.captured(order_id) == [23_200]  # money is money, and a person looks


@pytest.mark.capability("C28", "F06")
def test_a_refund_in_part_is_made_once(paypal: PayPalWorld):
    order_id, _ = paid(paypal)
    [capture] = paypal.at_paypal()
    amount = {"currency_code": "MXN", "value": "32.00"}
    status, _ = paypal.peer.call("POST", f"/v2/payments/captures/{capture['id']}/refund", {"amount": amount})
    assert status == 201
    paypal.hear(paypal.came(REFUNDED) * 2)
    order = paypal.shop.order(order_id)
    assert order.payment == "partially_refunded"
    assert [(e.amount, e.status, e.parent) for e in order.ledger if e.kind == "refund"] == [
        (3_200, "ok", capture["id"])
    ]


@pytest.mark.capability("D08")
def test_a_dispute_holds_the_order(paypal: PayPalWorld):
    order_id, _ = paid(paypal)
    [capture] = paypal.at_paypal()
    paypal.peer.control("POST", "/disputes", {"capture": capture["id"]})
    paypal.hear(paypal.came(DISPUTED) * 2)
    order = paypal.shop.order(order_id)
    assert [hold.reason for hold in order.open_holds] == ["dispute"]
    assert [(e.amount, e.status) for e in order.ledger if e.kind == "dispute"] == [(23_200, "pending")]


def test_a_reviewed_payment_waits_and_then_fails_or_comes(paypal: PayPalWorld):
    placed = paypal.place()
    order_id, ref = placed["order_id"], page(placed["payment_action"])
    paypal.peer.control("POST", f"/orders/{ref}/pending")
    paypal.peer.decide(ref)
    paypal.hear(paypal.came(APPROVED))
    assert paypal.settle(order_id, "payment.capture") == ["done"]
    assert (paypal.shop.order(order_id).payment, paypal.captured(order_id)) == ("pending", [])
    [capture] = paypal.at_paypal()
    paypal.peer.control("POST", f"/captures/{capture['id']}/settle")
    paypal.hear(paypal.came(COMPLETED))
    assert (paypal.shop.order(order_id).payment, paypal.captured(order_id)) == ("paid", [23_200])


@pytest.mark.capability("C20", "G04")
def test_a_forged_webhook_changes_nothing(paypal: PayPalWorld):
    placed = paypal.place()
    paypal.peer.decide(page(placed["payment_action"]))
    [genuine] = paypal.came(APPROVED)
    before = paypal.shop.order(placed["order_id"])
    tampered = genuine.body.replace(b"APPROVED", b"COMPLETED")
    elsewhere = genuine.headers | {"paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/CERT-1"}
    late = genuine.headers | {"paypal-transmission-time": "2026-01-01T00:00:00Z"}
    for raw, headers in ((tampered, genuine.headers), (genuine.body, elsewhere), (genuine.body, late)):
        answer = paypal.receive(raw, headers)
        assert (answer.status, answer.body["type"]) == (401, "bad-signature")
    assert paypal.shop.order(placed["order_id"]) == before


@pytest.mark.capability("G04")
def test_a_signed_webhook_about_a_payment_that_paypal_does_not_have(paypal: PayPalWorld):
    """Nobody is paid by a webhook: the record decides."""
    placed = paypal.place()
    ref = page(placed["payment_action"])
    paypal.peer.decide(ref)
    [approved] = paypal.came(APPROVED)
    paypal.peer.control("POST", f"/orders/{ref}/forget")
    paypal.hear([approved])
    assert paypal.shop.order(placed["order_id"]).payment == "pending"
    assert [state for state, _ in paypal.shop.inbox().values()] == ["ignored"]


@pytest.mark.capability("D05")
def test_paypal_down_for_a_while_costs_nothing_but_time(paypal: PayPalWorld):
    for method in ("GET", "POST"):
        paypal.peer.control("POST", "/trouble", {"count": 50, "status": 503, "method": method})
    placed = paypal.place()
    assert "payment_action" not in placed
    paypal.peer.control("DELETE", "/trouble")
    answer = paypal.pay_again(placed)
    assert page(answer.body["payment_action"])
    assert len(paypal.peer.all()) == 1
