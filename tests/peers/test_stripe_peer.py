"""Payment intents of the Stripe peer, driven by the official SDK."""

from collections.abc import Callable

import pytest
import stripe
from stripe import StripeClient

from tests.peers.provider import Peers, create

pytestmark = pytest.mark.enable_socket


def test_an_intent_is_created_and_found_again(client: StripeClient) -> None:
    made = create(client, automatic_payment_methods={"enabled": True}, description="Pedido de Íñigo")
    found = client.v1.payment_intents.retrieve(made.id)
    assert found.to_dict() == made.to_dict()
    assert found.id.startswith("pi_")
    assert found.client_secret
    assert found.client_secret.startswith(f"{found.id}_secret_")
    assert (found.object, found.status, found.amount, found.currency) == (
        "payment_intent", "requires_payment_method", 125_050, "mxn",
    )  # fmt: skip
    assert found.metadata.to_dict() == {"order": "P-000123"}
    assert found.description == "Pedido de Íñigo"
    assert (found.livemode, found.latest_charge, found.capture_method) == (False, None, "automatic_async")


def test_paying_with_a_test_card_takes_the_money_and_the_fee(client: StripeClient) -> None:
    intent = create(client)
    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.amount_received, paid.amount_capturable) == ("succeeded", 125_050, 0)
    assert isinstance(paid.latest_charge, str)
    assert paid.latest_charge.startswith("ch_")

    found = client.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.balance_transaction", "payment_method"]}
    )
    charge, method = found.latest_charge, found.payment_method
    assert isinstance(charge, stripe.Charge)
    assert isinstance(method, stripe.PaymentMethod)
    assert (charge.amount_captured, charge.captured, charge.paid, charge.status) == (
        125_050, True, True, "succeeded",
    )  # fmt: skip
    assert charge.payment_intent == intent.id
    assert method.card
    assert (method.card.brand, method.card.last4) == ("visa", "4242")
    entry = charge.balance_transaction
    assert isinstance(entry, stripe.BalanceTransaction)
    # 2.9 % of 1,250.50 is 36.2645, rounded up to 36.26, and 0.30
    assert (entry.amount, entry.fee, entry.net, entry.type) == (125_050, 3_656, 121_394, "charge")


def test_creating_and_confirming_in_one_call(client: StripeClient) -> None:
    paid = create(client, confirm=True, payment_method="pm_card_mastercard", capture_method="automatic")
    assert paid.status == "succeeded"
    charges = client.v1.charges.list({"payment_intent": paid.id}).data
    assert [charge.id for charge in charges] == [paid.latest_charge]
    details = charges[0].payment_method_details
    assert details
    assert details.card
    assert (details.card.brand, details.card.last4) == ("mastercard", "4444")
    assert isinstance(charges[0].balance_transaction, str)


def test_a_payment_method_set_first_waits_for_confirmation(client: StripeClient) -> None:
    intent = create(client, payment_method="pm_card_visa")
    assert intent.status == "requires_confirmation"
    assert client.v1.payment_intents.confirm(intent.id).status == "succeeded"


def test_a_reservation_is_captured_in_part(client: StripeClient) -> None:
    intent = create(client, confirm=True, payment_method="pm_card_visa", capture_method="manual")
    assert (intent.status, intent.amount_capturable, intent.amount_received) == (
        "requires_capture",
        125_050,
        0,
    )
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 125_051})
    assert refused.value.code == "amount_too_large"

    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 100_000})
    assert (captured.status, captured.amount_capturable, captured.amount_received) == (
        "succeeded",
        0,
        100_000,
    )
    charge = client.v1.charges.retrieve(str(captured.latest_charge))
    assert (charge.amount, charge.amount_captured, charge.amount_refunded) == (125_050, 100_000, 25_050)
    assert (charge.captured, charge.refunded) == (True, False)
    (left,) = client.v1.refunds.list({"charge": charge.id}).data
    assert (left.amount, left.balance_transaction) == (25_050, None)


def test_a_reservation_is_cancelled(client: StripeClient) -> None:
    intent = create(client, confirm=True, payment_method="pm_card_visa", capture_method="manual")
    gone = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "requested_by_customer"})
    assert (gone.status, gone.amount_capturable, gone.cancellation_reason) == (
        "canceled", 0, "requested_by_customer",
    )  # fmt: skip
    assert gone.canceled_at
    charge = client.v1.charges.retrieve(str(gone.latest_charge))
    assert (charge.captured, charge.refunded, charge.amount_refunded) == (False, True, 125_050)
    assert charge.balance_transaction is None


def test_a_reservation_lapses(client: StripeClient, peers: Peers) -> None:
    intent = create(client, confirm=True, payment_method="pm_card_visa", capture_method="manual")
    charge = client.v1.charges.retrieve(str(intent.latest_charge))
    details = charge.payment_method_details
    assert details
    assert details.card
    assert details.card.capture_before == charge.created + 7 * 86_400
    assert peers.control("POST", f"/stripe/payment_intents/{intent.id}/lapse")[0] in (200, 201)
    gone = client.v1.payment_intents.retrieve(intent.id)
    assert (gone.status, gone.cancellation_reason, gone.amount_capturable) == ("canceled", "automatic", 0)
    newest = [str(event.type) for event in client.v1.events.list({"limit": 2}).data][::-1]
    assert newest == ["charge.expired", "payment_intent.canceled"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.capture(intent.id)


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
def test_a_declined_card_can_be_followed_by_another(client: StripeClient, card: str, reason: str) -> None:
    intent = create(client)
    with pytest.raises(stripe.CardError) as declined:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": card})
    error = declined.value
    assert (error.http_status, error.code) == (402, "card_declined")
    assert error.error
    assert error.error.decline_code == reason
    assert error.error.payment_intent
    assert error.error.payment_intent.id == intent.id

    found = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (found.status, found.payment_method, found.amount_received) == ("requires_payment_method", None, 0)
    assert found.last_payment_error
    assert found.last_payment_error.decline_code == reason
    assert isinstance(found.latest_charge, stripe.Charge)
    assert (found.latest_charge.status, found.latest_charge.failure_code, found.latest_charge.paid) == (
        "failed", "card_declined", False,
    )  # fmt: skip

    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    assert len(client.v1.charges.list({"payment_intent": intent.id}).data) == 2


def test_what_a_status_forbids_is_refused_and_changes_nothing(client: StripeClient) -> None:
    intents = client.v1.payment_intents
    fresh = create(client)
    reserved = create(client, confirm=True, payment_method="pm_card_visa", capture_method="manual")
    paid = create(client, confirm=True, payment_method="pm_card_visa")
    gone = intents.cancel(create(client).id)
    forbidden: list[tuple[stripe.PaymentIntent, Callable[[], object]]] = [
        (fresh, lambda: intents.confirm(fresh.id)),
        (fresh, lambda: intents.capture(fresh.id)),
        (reserved, lambda: intents.confirm(reserved.id, {"payment_method": "pm_card_visa"})),
        (reserved, lambda: intents.update(reserved.id, {"amount": 2_000})),
        (paid, lambda: intents.confirm(paid.id, {"payment_method": "pm_card_visa"})),
        (paid, lambda: intents.capture(paid.id)),
        (paid, lambda: intents.cancel(paid.id)),
        (paid, lambda: intents.update(paid.id, {"amount": 2_000})),
        (gone, lambda: intents.confirm(gone.id, {"payment_method": "pm_card_visa"})),
        (gone, lambda: intents.cancel(gone.id)),
    ]
    for intent, act in forbidden:
        with pytest.raises(stripe.InvalidRequestError) as refused:
            act()
        assert (refused.value.http_status, refused.value.code) == (400, "payment_intent_unexpected_state")
        assert intents.retrieve(intent.id).to_dict() == intent.to_dict()


def test_an_intent_is_changed_before_it_is_paid(client: StripeClient) -> None:
    intents = client.v1.payment_intents
    intent = create(client)
    changed = intents.update(intent.id, {"amount": 90_000, "metadata": {"order": "", "cart": "c-7"}})
    assert (changed.amount, changed.metadata.to_dict()) == (90_000, {"cart": "c-7"})
    assert intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).amount_received == 90_000
    assert intents.update(intent.id, {"metadata": {"note": "después"}}).metadata.to_dict() == {
        "cart": "c-7", "note": "después",
    }  # fmt: skip
