"""The whole round with the real adapter: Mercado Pago on the wire, its page, its own webhooks."""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest

from comanda import wiring
from functions.reconcile_payments.app import lambda_handler as reconcile
from local.peers.config import Config, EasyPostConfig, MercadoPagoConfig, StripeConfig
from local.peers.delivery import Backoff
from local.peers.mercadopago.signature import signed
from local.peers.system import System
from tests.functional.conftest import Answer, Call, http_event
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import command, show
from tests.functional.tables import contents
from tests.payments.fake import FakeProvider
from tests.peers.mercadopago import ACCESS_TOKEN, MercadoPagoPeer
from tests.peers.receiver import Received, Receiver, until

pytestmark = pytest.mark.enable_socket

SECRETS = ["the-next-one", "mercado-secret"]
TOTAL = 23_200


@dataclass
class Market:
    """A shop beside the running peer. Webhooks reach our handlers only when a test hands them on."""

    call: Call
    peer: MercadoPagoPeer
    receiver: Receiver
    world: World
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    seen: int = 0

    def place(self, **changes: Any) -> tuple[str, str]:
        """An order and the preference that its customer was sent to."""
        placed = place(self.call, payment_method="mercadopago", **changes)
        action = placed["payment_action"]
        assert (action["type"], urlsplit(action["url"]).netloc) == (
            "redirect",
            urlsplit(self.peer.url).netloc,
        )
        return placed["order_id"], dict(parse_qsl(urlsplit(action["url"]).query))["pref_id"]

    def came(self, count: int) -> list[Received]:
        """So many webhooks more than before."""
        until(lambda: len(self.receiver.accepted()) >= self.seen + count, lambda: "a webhook did not come")
        found = self.receiver.accepted()[self.seen :]
        self.seen += len(found)
        return found

    def receive(self, one: Received, raw: bytes | None = None) -> Answer:
        query = dict(parse_qsl(urlsplit(one.path).query))
        event = http_event("POST", "/webhooks/payments/mercadopago", None, one.headers, query)
        event["body"] = (one.body if raw is None else raw).decode()
        answer = import_module("functions.payment_webhook.app").lambda_handler(event, None)
        return Answer(answer["statusCode"], answer.get("headers") or {}, answer.get("body") or "")

    def apply(self, event_id: str) -> bool:
        bucket = os.environ["RAW_BUCKET"]
        found = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix="webhooks/payments/mercadopago/")
        key = next(one["Key"] for one in found["Contents"] if one["Key"].endswith(f"/{event_id}"))
        place = {"bucket": {"name": bucket}, "object": {"key": key}}
        return self.world.queue("apply_payment_event", {"Records": [{"s3": place}]})

    def pump(self, count: int) -> None:
        """Hand on what came, each several times, in any order."""
        often = [one for one in self.came(count) for _ in range(self.chance.randint(1, 3))]
        self.chance.shuffle(often)
        for one in often:
            assert self.receive(one).status == 200
            assert self.apply(str(one.json["id"]))

    def settle(self, order_id: str, kind: str) -> None:
        for effect in self.world.loaded(order_id).effects:
            if effect.kind == kind and effect.state == "wanted":
                assert self.world.settle(order_id, effect.effect_id)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def market(
    call: Call, aws: None, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Market]:
    keys = MercadoPagoConfig(ACCESS_TOKEN, SECRETS[1], f"{receiver.url}/mercadopago")
    system = System(
        Config(
            state_dir=tmp_path / "peers",
            stripe=StripeConfig("sk_test_1", "pk_test_1", "whsec_new"),
            easypost=EasyPostConfig("secret"),
            mercadopago=keys,
            retry=Backoff(first_seconds=0.05, longest_seconds=0.2),
        )
    )
    ready = system.start()
    monkeypatch.setitem(os.environ, "MERCADOPAGO_API_BASE", ready["mercadopago"]["url"])
    ours = {"mercadopago": {"access_token": ACCESS_TOKEN, "webhook_secrets": SECRETS}}
    monkeypatch.setattr(wiring, "payment_secrets", lambda: ours)
    stock_product()
    set_section("payments.mercadopago", enabled=True)
    peer = MercadoPagoPeer(ready["mercadopago"]["url"], ready["control"]["url"])
    yield Market(call, peer, receiver, World(FakeProvider(), wiring.now))
    system.stop()


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    """From now on it is so much later for us."""
    moment = wiring.now() + timedelta(**span)
    monkeypatch.setattr(wiring, "now", lambda: moment)
    for made in vars(wiring).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()


def pesos(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "MXN"}


@pytest.mark.capability("C17")
def test_who_pays_there_comes_back_to_the_storefronts_own_page(market: Market) -> None:
    set_section("shop", order_url="https://shop.example/es/orders/{order_id}?from=pay")
    order_id, ref = market.place()
    back = urlsplit(market.peer.preference(ref)["back_urls"]["success"])
    assert (back.netloc, back.path) == ("shop.example", f"/es/orders/{order_id}")
    told = dict(parse_qsl(back.query))
    assert told["from"] == "pay"
    headers = {"authorization": f"Bearer {told['access']}"}
    seen = market.call("customer_order", "GET", f"/orders/{order_id}", headers=headers)
    assert (seen.status, seen.body["payment"]) == (200, "pending")


@pytest.mark.capability("C17", "C20", "D05", "G04", "G05")
def test_declined_then_paid_then_given_back_in_parts(market: Market) -> None:
    order_id, ref = market.place()
    made = market.peer.preference(ref)
    assert (made["items"][0]["unit_price"], made["external_reference"]) == (232.0, f"{order_id}_pay-1")
    assert urlsplit(made["back_urls"]["success"]).path == f"/orders/{order_id}"
    assert "ana" not in json.dumps(made).lower()
    market.peer.attempt(ref, "decline")
    market.pump(1)
    assert market.world.order(order_id).payment == "failed"
    market.peer.attempt(ref, "pay")
    market.pump(1)
    order = market.world.order(order_id)
    assert (order.payment, order.lifecycle) == ("paid", "placed")
    (capture,) = [entry for entry in order.ledger if entry.kind == "capture"]
    assert (capture.amount, capture.bank_ref, capture.parent) == (TOTAL, "301299", ref)
    refunded = {"reason": "customer", "amount": pesos(5_000), "execute": True}
    assert command(market.call, order_id, "refund", refunded).status == 200
    market.settle(order_id, "payment.refund")
    market.pump(1)
    assert market.world.order(order_id).payment == "partially_refunded"
    assert command(market.call, order_id, "refund", {"reason": "customer", "execute": True}).status == 200
    market.settle(order_id, "payment.refund")
    market.pump(1)
    order = market.world.order(order_id)
    refunds = [(entry.amount, entry.status) for entry in order.ledger if entry.kind == "refund"]
    assert (order.payment, sorted(refunds)) == ("refunded", [(5_000, "ok"), (18_200, "ok")])
    mails = market.world.mails(order_id)
    assert (mails.count("payment_received"), mails.count("payment_failed"), mails.count("refunded")) == (
        1,
        1,
        2,
    )
    assert not [hold for hold in order.open_holds]
    assert wiring.inbox().store.recent(limit=100, state="failed") == ([], "")


@pytest.mark.capability("C17", "G02")
def test_a_voucher_waits_is_paid_later_or_given_up(market: Market) -> None:
    paid, first = market.place()
    unpaid, second = market.place(key="key-2")
    vouchers = [market.peer.attempt(ref, "voucher") for ref in (first, second)]
    market.pump(2)
    assert {market.world.order(one).payment for one in (paid, unpaid)} == {"pending"}
    market.peer.act(f"payments/{vouchers[0]['id']}/settle")
    market.pump(1)
    assert market.world.order(paid).payment == "paid"
    assert command(market.call, unpaid, "cancel", {"reason": "customer"}).status == 200
    assert market.world.order(unpaid).lifecycle != "cancelled"
    market.settle(unpaid, "payment.void")
    market.pump(1)
    order = market.world.order(unpaid)
    assert (order.lifecycle, order.payment) == ("cancelled", "voided")
    status, _ = market.peer.control("POST", f"/mercadopago/payments/{vouchers[1]['id']}/settle", {})
    assert status == 400
    assert level() == {"on_hand": 10, "reserved": 2, "allocated": 0, "available": 8}


@pytest.mark.capability("G03", "G05")
def test_a_voucher_paid_while_it_is_given_up_is_money(market: Market) -> None:
    order_id, ref = market.place()
    voucher = market.peer.attempt(ref, "voucher")
    assert command(market.call, order_id, "cancel", {"reason": "unpaid"}).status == 200
    market.peer.act(f"payments/{voucher['id']}/settle")
    market.settle(order_id, "payment.void")
    market.pump(2)
    order = market.world.order(order_id)
    assert (order.payment, order.lifecycle) == ("paid", "placed")


@pytest.mark.capability("G05")
def test_two_tabs_paying_one_order_are_both_counted_and_a_person_looks(market: Market) -> None:
    order_id, ref = market.place()
    market.peer.attempt(ref, "pay")
    market.peer.attempt(ref, "pay")
    market.pump(2)
    order = market.world.order(order_id)
    assert order.payment == "overpaid"
    assert [hold.reason for hold in order.open_holds] == ["payment_mismatch"]
    assert len([entry for entry in order.ledger if entry.kind == "capture"]) == 2


@pytest.mark.capability("G04", "G05")
def test_a_refund_whose_answer_was_lost_is_made_and_counted_once(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its webhook comes before we know which refund it is; the same key tells."""
    order_id, ref = market.place()
    payment = market.peer.attempt(ref, "pay")
    market.pump(1)
    wanted = {"reason": "customer", "amount": pesos(5_000), "execute": True}
    assert command(market.call, order_id, "refund", wanted).status == 200
    market.peer.act("trouble", {"count": 1, "lost_answer": True, "path": "/v1/payments"}, status=201)
    (effect,) = [one for one in market.world.loaded(order_id).effects if one.kind == "payment.refund"]
    assert not market.world.settle(order_id, effect.effect_id)
    market.pump(1)
    assert [e.status for e in market.world.order(order_id).ledger if e.kind == "refund"] == ["pending"]
    made = market.peer.sdk().refund().list_all(payment["id"])["response"]
    assert [one["amount"] for one in made] == [50]
    later(monkeypatch, minutes=10)
    assert market.world.settle(order_id, effect.effect_id)
    assert market.peer.sdk().refund().list_all(payment["id"])["response"] == made
    refunds = [e for e in market.world.order(order_id).ledger if e.kind == "refund"]
    assert [(e.status, e.amount, e.ref) for e in refunds] == [("ok", 5_000, str(made[0]["id"]))]
    elsewhere = market.peer.act(f"payments/{payment['id']}/refund", {"amount": 50})
    market.pump(1)
    refunds = [e for e in market.world.order(order_id).ledger if e.kind == "refund"]
    assert [(e.status, e.amount) for e in refunds] == [("ok", 5_000)] * 2
    assert refunds[1].ref == str(elsewhere["id"])


@pytest.mark.capability("D05", "G05")
@pytest.mark.parametrize(("end", "payment"), [("won", "paid"), ("lost", "refunded")])
def test_a_chargeback_holds_the_order_until_the_bank_decides(market: Market, end: str, payment: str) -> None:
    order_id, ref = market.place()
    paid = market.peer.attempt(ref, "pay")
    market.pump(1)
    chargeback = market.peer.act(f"payments/{paid['id']}/chargeback")
    market.pump(2)
    order = market.world.order(order_id)
    assert [hold.reason for hold in order.open_holds] == ["dispute"]
    market.peer.act(f"chargebacks/{chargeback['id']}/close", {"status": end})
    market.pump(2)
    assert market.world.order(order_id).payment == payment


@pytest.mark.capability("G04")
def test_with_every_webhook_dropped_an_order_is_paid_within_one_sweep(market: Market) -> None:
    order_id, ref = market.place()
    market.peer.fault("drop", peer="mercadopago", count=9)
    paid = market.peer.attempt(ref, "pay")
    looked = reconcile({}, None)["mercadopago"]
    assert (looked["missed"], market.world.order(order_id).payment) == ([str(paid["id"])], "paid")
    assert reconcile({}, None)["mercadopago"]["missed"] == []
    assert market.receiver.all == []


@pytest.mark.capability("C20")
def test_a_signed_webhook_about_a_payment_that_is_not_there_changes_nothing(market: Market) -> None:
    _, ref = market.place()
    market.peer.attempt(ref, "decline")
    (real,) = market.came(1)
    before = contents()["OrdersTable"]
    notice = real.json | {"id": 4711, "data": {"id": "12345678901"}}
    v1 = signed("12345678901", "r-1", "1790000000", SECRETS[0])
    assert market.receive(real, json.dumps(notice).encode()).status == 401
    stale = Received(
        "/x?data.id=12345678901", {"x-request-id": "r-1", "x-signature": f"ts=1790000000,v1={v1}"}, b"", 0, 0
    )
    assert market.receive(stale, json.dumps(notice).encode()).status == 401
    ts = str(int(wiring.now().timestamp()))
    v1 = signed("12345678901", "r-1", ts, SECRETS[0])
    fresh = Received(
        "/x?data.id=12345678901", {"x-request-id": "r-1", "x-signature": f"ts={ts},v1={v1}"}, b"", 0, 0
    )
    assert market.receive(fresh, json.dumps(notice).encode()).status == 200
    assert market.apply("4711")
    assert contents()["OrdersTable"] == before
    (record,), _ = wiring.inbox().store.recent(limit=10)
    assert (record.state, record.problem) == ("ignored", "the provider has no such payment")


def test_the_page_of_an_order_leads_to_where_it_is_paid(market: Market) -> None:
    placed = place(market.call, payment_method="mercadopago")
    cookie = f"order_{placed['order_id']}={placed['access_token']}"
    headers = {"accept": "text/html", "authorization": f"Bearer {placed['access_token']}", "cookie": cookie}
    page = market.call("customer_order", "GET", f"/orders/{placed['order_id']}", headers=headers)
    assert f'href="{placed["payment_action"]["url"]}"'.replace("&", "&amp;") in page.text
    again = market.call(
        "customer_order",
        "POST",
        f"/orders/{placed['order_id']}/payments",
        {"payment_method": "mercadopago"},
        headers={"authorization": f"Bearer {placed['access_token']}"},
    )
    assert again.body["payment_action"] == placed["payment_action"]
    assert show(market.call, placed["order_id"])["payment"] == "pending"


def test_an_outage_leaves_the_order_to_be_begun_later(market: Market) -> None:
    for method in ("GET", "POST"):
        market.peer.act("trouble", {"count": 9, "status": 503, "method": method}, status=201)
    placed = place(market.call, payment_method="mercadopago")
    assert "payment_action" not in placed
    market.peer.control("DELETE", "/mercadopago/trouble")
    market.settle(placed["order_id"], "payment.start")
    (intent,) = [entry for entry in market.world.order(placed["order_id"]).ledger if entry.kind == "intent"]
    assert market.peer.preference(intent.ref)["items"][0]["unit_price"] == 232.0
