"""Payouts of the Stripe peer, by the official SDK: everything on the balance goes out once, less its fees."""

from datetime import UTC, datetime, timedelta

import pytest
from stripe import InvalidRequestError, PaymentIntent, StripeClient

from comanda.payments.payout import CHARGE, DISPUTE, OTHER, REFUND
from comanda.payments.stripe import StripeProvider
from tests.peers.provider import API_KEY, Peers

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def provider(peers: Peers) -> StripeProvider:
    return StripeProvider(lambda: {"api_key": API_KEY}, lambda: peers.stripe_url, lambda: datetime.now(UTC))


def lately() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(minutes=5), now + timedelta(minutes=5)


def paid(client: StripeClient, amount: int, order: str = "") -> PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": amount, "currency": "mxn", "confirm": True, "payment_method": "pm_card_visa",
         "metadata": {"order_id": order}}
    )  # fmt: skip


def test_a_payout_is_what_its_transactions_add_up_to(client: StripeClient, peers: Peers) -> None:
    one = paid(client, 30_000)
    paid(client, 10_000)
    client.v1.refunds.create({"payment_intent": one.id, "amount": 5_000})
    status, made = peers.control("POST", "/stripe/payouts", {"currency": "mxn"})
    assert (status, made["status"], made["automatic"]) == (200, "paid", True)
    payout = client.v1.payouts.retrieve(made["id"])
    inside = client.v1.balance_transactions.list({"payout": payout.id, "limit": 2, "expand": ["data.source"]})
    moves = list(inside.auto_paging_iter())
    assert sorted((m.type, m.amount, m.fee) for m in moves) == [
        ("charge", 10_000, 320),
        ("charge", 30_000, 900),
        ("payout", -payout.amount, 0),
        ("refund", -5_000, 0),
    ]
    assert sum(m.net for m in moves if m.type != "payout") == payout.amount == 33_780
    assert payout.reconciliation_status == "completed"
    assert [each.id for each in client.v1.payouts.list({"status": "paid"}).data] == [payout.id]
    assert peers.control("POST", "/stripe/payouts", {})[0] == 400  # nothing is left


def test_a_payout_by_hand_does_not_say_what_is_in_it(client: StripeClient, peers: Peers) -> None:
    paid(client, 30_000)
    _, made = peers.control("POST", "/stripe/payouts", {"automatic": False})
    with pytest.raises(InvalidRequestError) as refused:
        client.v1.balance_transactions.list({"payout": made["id"]})
    assert (refused.value.http_status, refused.value.param) == (400, "payout")


@pytest.mark.capability("F25")
def test_the_adapter_reads_payouts_with_the_orders_they_are_of(
    client: StripeClient, peers: Peers, provider: StripeProvider
) -> None:
    one = paid(client, 30_000, "order-1")
    client.v1.refunds.create({"payment_intent": one.id, "amount": 5_000})  # made elsewhere: names no order
    two = paid(client, 10_000, "order-2")
    peers.control("POST", "/stripe/disputes", {"payment_intent": two.id})
    paid(client, 20_000)
    peers.control("POST", "/stripe/payouts", {"status": "in_transit"})
    (payout,) = provider.payouts(*lately())
    assert (payout.status, payout.currency, payout.listed) == ("in_transit", "MXN", "yes")
    assert payout.bank_ref.startswith("TRC")
    lines = list(provider.payout_lines(payout))
    assert sorted((x.kind, x.amount, x.fee, x.order_id, x.own_amount) for x in lines) == [
        (CHARGE, 10_000, 320, "order-2", 10_000),
        (CHARGE, 20_000, 610, "", 20_000),
        (CHARGE, 30_000, 900, "order-1", 30_000),
        (DISPUTE, -10_000, 1_500, "order-2", 10_000),
        (REFUND, -5_000, 0, "order-1", 5_000),
    ]
    assert sum(line.net for line in lines) == payout.amount


@pytest.mark.capability("C28")
def test_the_adapter_reads_disputes_with_their_due_date(
    client: StripeClient, peers: Peers, provider: StripeProvider
) -> None:
    one = paid(client, 30_000, "order-1")
    _, opened = peers.control("POST", "/stripe/disputes", {"payment_intent": one.id})
    (found,) = provider.disputes(*lately())
    assert (found.ref, found.status, found.order_id) == (opened["id"], "open", "order-1")
    assert (found.amount, found.currency, found.reason) == (30_000, "MXN", "fraudulent")
    assert found.due_at > found.opened_at
    assert found.url.endswith(f"/test/disputes/{opened['id']}")
    peers.control("POST", f"/stripe/disputes/{opened['id']}/close", {"status": "won"})
    assert [one.status for one in provider.disputes(*lately())] == ["won"]


def test_a_payout_that_comes_back_is_in_the_next_one(
    client: StripeClient, peers: Peers, provider: StripeProvider
) -> None:
    paid(client, 30_000)
    _, first = peers.control("POST", "/stripe/payouts", {})
    assert peers.control("POST", f"/stripe/payouts/{first['id']}/fail", {})[0] == 200
    paid(client, 10_000)
    peers.control("POST", "/stripe/payouts", {})
    later, failed = provider.payouts(*lately())
    assert (failed.status, failed.failure) == ("failed", "could_not_process")
    lines = list(provider.payout_lines(later))
    assert [(x.kind, x.amount) for x in lines if x.kind == OTHER] == [(OTHER, first["amount"])]
    assert sum(line.net for line in lines) == later.amount
