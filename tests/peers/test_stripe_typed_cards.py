"""A browser's card form at the Stripe peer: test numbers with the publishable key, and nobody else's."""

import json
from typing import Any

import pytest
from stripe import StripeClient

from local.peers.stripe.typed_cards import TOKENS
from tests.peers.provider import PUBLISHABLE_KEY, Wire, create

pytestmark = pytest.mark.enable_socket
CARD = {"exp_month": "12", "exp_year": "34", "cvc": "123"}


def confirm(
    wire: Wire, client: StripeClient, key: str = PUBLISHABLE_KEY, **card: str
) -> tuple[int, Any, Any]:
    """What the card form of a fresh payment is answered, and the payment as its merchant then sees it."""
    intent = create(client)
    assert intent.client_secret
    form = {
        "key": PUBLISHABLE_KEY,
        "client_secret": intent.client_secret,
        "payment_method_data[type]": "card",
    }
    form |= {f"payment_method_data[card][{name}]": value for name, value in (CARD | card).items()}
    status, _, body = wire.call("POST", f"/v1/payment_intents/{intent.id}/confirm", form, {})
    return status, json.loads(body), client.v1.payment_intents.retrieve(intent.id)


@pytest.mark.parametrize(
    ("number", "status", "outcome"),
    [
        ("4242 4242 4242 4242", 200, "succeeded"),
        ("5555555555554444", 200, "succeeded"),
        ("4000000000000002", 402, "requires_payment_method"),
        ("4000000000009995", 402, "requires_payment_method"),
        ("4000000000003220", 200, "requires_action"),
        ("4000002500003155", 200, "requires_action"),
    ],
)
def test_each_test_number_ends_as_at_stripe(
    wire: Wire, client: StripeClient, number: str, status: int, outcome: str
) -> None:
    answered, _, intent = confirm(wire, client, number=number)
    assert (answered, intent.status) == (status, outcome)
    assert number.replace(" ", "") in TOKENS


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"number": "4111111111111111"}, "incorrect_number"),
        ({"number": ""}, "incorrect_number"),
        ({"number": "4242424242424242", "exp_year": "20"}, "invalid_expiry_year"),
        ({"number": "4242424242424242", "exp_month": "13"}, "invalid_expiry_year"),
        ({"number": "4242424242424242", "cvc": "1"}, "invalid_cvc"),
    ],
)
def test_any_other_card_is_refused_and_nothing_is_tried(
    wire: Wire, client: StripeClient, card: dict[str, str], code: str
) -> None:
    status, body, intent = confirm(wire, client, **card)
    assert (status, body["error"]["type"], body["error"]["code"]) == (402, "card_error", code)
    assert (intent.status, intent.latest_charge) == ("requires_payment_method", None)


def test_a_merchant_may_send_no_number(wire: Wire, client: StripeClient) -> None:
    intent = create(client)
    form = {"payment_method_data[type]": "card", "payment_method_data[card][number]": "4242424242424242"}
    status, _, body = wire.call("POST", f"/v1/payment_intents/{intent.id}/confirm", form)
    assert (status, "Card data is not accepted" in body.decode()) == (400, True)
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"
