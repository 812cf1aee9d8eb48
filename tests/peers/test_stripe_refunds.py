"""Refunds and disputes of the Stripe peer: money goes back once, and never more than came."""

import pytest
import stripe
from stripe import StripeClient

from tests.peers.provider import Peers

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def paid(client: StripeClient) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": 30_000, "currency": "mxn", "confirm": True, "payment_method": "pm_card_visa"}
    )


def charge_of(client: StripeClient, intent: stripe.PaymentIntent) -> stripe.Charge:
    return client.v1.charges.retrieve(str(intent.latest_charge), {"expand": ["refunds"]})


def test_a_refund_of_everything(client: StripeClient, paid: stripe.PaymentIntent) -> None:
    refund = client.v1.refunds.create(
        {"payment_intent": paid.id, "reason": "requested_by_customer", "metadata": {"order": "P-1"}}
    )
    assert refund.id.startswith("re_")
    assert (refund.amount, refund.currency, refund.status) == (30_000, "mxn", "succeeded")
    assert (refund.charge, refund.payment_intent) == (paid.latest_charge, paid.id)
    assert refund.reason == "requested_by_customer"
    assert refund.metadata
    assert refund.metadata.to_dict() == {"order": "P-1"}
    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded, charge.amount_captured) == (30_000, True, 30_000)
    entry = client.v1.balance_transactions.retrieve(str(refund.balance_transaction))
    assert (entry.amount, entry.fee, entry.net, entry.type, entry.source) == (
        -30_000, 0, -30_000, "refund", refund.id,
    )  # fmt: skip


def test_refunds_in_parts_never_exceed_what_was_paid(
    client: StripeClient, paid: stripe.PaymentIntent
) -> None:
    first = client.v1.refunds.create({"charge": str(paid.latest_charge), "amount": 12_000})
    with pytest.raises(stripe.InvalidRequestError) as over:
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 18_001})
    assert (over.value.http_status, over.value.param) == (400, "amount")
    assert over.value.user_message == (
        "Refund amount ($180.01) is greater than unrefunded amount on charge ($180.00)"
    )
    assert charge_of(client, paid).amount_refunded == 12_000

    second = client.v1.refunds.create({"payment_intent": paid.id})
    assert second.amount == 18_000
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 1})
    assert (again.value.http_status, again.value.code) == (400, "charge_already_refunded")

    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded) == (30_000, True)
    assert charge.refunds
    assert [each.id for each in charge.refunds.data] == [second.id, first.id]
    listed = client.v1.refunds.list({"payment_intent": paid.id, "limit": 1})
    assert [each.id for each in listed.auto_paging_iter()] == [second.id, first.id]
    assert client.v1.refunds.retrieve(first.id).amount == 12_000


@pytest.mark.parametrize("amount", [0, -5])
def test_a_refund_of_nothing_is_refused(
    client: StripeClient, paid: stripe.PaymentIntent, amount: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id, "amount": amount})
    assert refused.value.code == "parameter_invalid_integer"
    assert client.v1.refunds.list({"payment_intent": paid.id}).data == []


def test_what_was_not_captured_is_not_refunded(client: StripeClient) -> None:
    unpaid = client.v1.payment_intents.create({"amount": 30_000, "currency": "mxn"})
    reserved = client.v1.payment_intents.create(
        {"amount": 30_000, "currency": "mxn", "confirm": True, "payment_method": "pm_card_visa",
         "capture_method": "manual"}
    )  # fmt: skip
    for intent in (unpaid, reserved):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create({"payment_intent": intent.id})
        assert refused.value.http_status == 400
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.refunds.create({"payment_intent": "pi_nowhere"})
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    assert client.v1.refunds.list().data == []


def test_a_refund_that_the_bank_sends_back(
    client: StripeClient, peers: Peers, paid: stripe.PaymentIntent
) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    status, failed = peers.control("POST", f"/stripe/refunds/{refund.id}/fail")
    assert (status, failed["status"]) == (200, "failed")
    assert client.v1.refunds.retrieve(refund.id).failure_reason == "expired_or_canceled_card"
    charge = charge_of(client, paid)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert client.v1.refunds.create({"payment_intent": paid.id}).amount == 30_000


def test_a_dispute_takes_the_money_and_may_give_it_back(
    client: StripeClient, peers: Peers, paid: stripe.PaymentIntent
) -> None:
    status, opened = peers.control(
        "POST", "/stripe/disputes", {"payment_intent": paid.id, "reason": "product_not_received"}
    )
    assert status == 200
    dispute = client.v1.disputes.retrieve(opened["id"])
    assert (dispute.amount, dispute.status, dispute.reason) == (
        30_000,
        "needs_response",
        "product_not_received",
    )
    assert (dispute.charge, dispute.payment_intent) == (paid.latest_charge, paid.id)
    assert [(entry.amount, entry.fee) for entry in dispute.balance_transactions] == [(-30_000, 1_500)]
    assert charge_of(client, paid).disputed is True
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})
    assert refused.value.code == "charge_disputed"
    assert peers.control("POST", "/stripe/disputes", {"charge": paid.latest_charge})[0] == 400

    assert peers.control("POST", f"/stripe/disputes/{dispute.id}/close", {"status": "won"})[0] == 200
    closed = client.v1.disputes.retrieve(dispute.id)
    assert closed.status == "won"
    assert sum(entry.net for entry in closed.balance_transactions) == 0
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.close(dispute.id)
