"""What customers do at the Stripe peer: answer their bank, pay later, confirm from a browser."""

import pytest
import stripe
from stripe import PaymentIntentService, StripeClient

from tests.peers.provider import ORDER, PUBLISHABLE_KEY, Peers, Wire, create

pytestmark = pytest.mark.enable_socket


def decide(wire: Wire, intent: stripe.PaymentIntent, decision: str) -> tuple[int, str | None, str]:
    """Presses a button of the bank's page: status, where it leads, what it says."""
    status, headers, body = wire.call("POST", f"/_3ds/{intent.id}", {"decision": decision}, {})
    return status, headers["Location"], body.decode()


def test_the_bank_asks_the_customer_who_accepts(client: StripeClient, peers: Peers, wire: Wire) -> None:
    intent = create(client)
    asked = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_threeDSecure2Required"})
    assert (asked.status, asked.latest_charge) == ("requires_action", None)
    assert asked.next_action
    assert asked.next_action.type == "redirect_to_url"
    assert asked.next_action.redirect_to_url
    assert asked.next_action.redirect_to_url.url == f"{peers.stripe_url}/_3ds/{intent.id}"

    html = wire.call("GET", f"/_3ds/{intent.id}", headers={})[2].decode()
    assert "1,250.50 MXN" in html
    assert html.count("<button") == 2
    assert 'method="post"' in html
    assert client.v1.payment_intents.retrieve(intent.id).to_dict() == asked.to_dict()

    status, _, page = decide(wire, intent, "accept")
    assert status == 200
    assert "succeeded" in page
    paid = client.v1.payment_intents.retrieve(intent.id)
    assert (paid.status, paid.next_action, paid.amount_received) == ("succeeded", None, 125_050)
    assert decide(wire, intent, "refuse")[0] == 409
    assert client.v1.payment_intents.retrieve(intent.id).to_dict() == paid.to_dict()


def test_the_bank_asks_the_customer_who_refuses(client: StripeClient, wire: Wire) -> None:
    intent = create(client)
    confirmed: stripe.params.PaymentIntentConfirmParams = {
        "payment_method": "pm_card_threeDSecure2Required", "return_url": "https://shop.example/back?order=7",
    }  # fmt: skip
    assert client.v1.payment_intents.confirm(intent.id, confirmed).status == "requires_action"
    assert decide(wire, intent, "perhaps")[0] == 400
    status, location, _ = decide(wire, intent, "refuse")
    assert status == 303
    assert location == (
        f"https://shop.example/back?order=7&payment_intent={intent.id}"
        f"&payment_intent_client_secret={intent.client_secret}&redirect_status=failed"
    )
    found = client.v1.payment_intents.retrieve(intent.id)
    assert (found.status, found.next_action, found.latest_charge) == ("requires_payment_method", None, None)
    assert found.last_payment_error
    assert found.last_payment_error.code == "payment_intent_authentication_failure"


def test_a_method_that_settles_later(client: StripeClient, peers: Peers) -> None:
    for outcome, status, received in (
        ("succeeded", "succeeded", 125_050),
        ("failed", "requires_payment_method", 0),
    ):
        intent = create(client)
        path = f"/stripe/payment_intents/{intent.id}"
        code, answer = peers.control("POST", f"{path}/processing")
        assert (code, answer["status"]) == (200, "processing")
        assert client.v1.payment_intents.retrieve(intent.id).status == "processing"
        code, answer = peers.control("POST", f"{path}/settle", {"outcome": outcome})
        assert (code, answer["status"]) == (200, status)
        assert client.v1.payment_intents.retrieve(intent.id).amount_received == received
        assert peers.control("POST", f"{path}/settle", {"outcome": "succeeded"})[0] == 400


def confirm(
    browser: PaymentIntentService, intent: stripe.PaymentIntent, secret: str | None
) -> stripe.PaymentIntent:
    params = {"payment_method": "pm_card_visa", **({"client_secret": secret} if secret else {})}
    return browser.confirm(intent.id, params)  # type: ignore[arg-type]


def test_a_browser_confirms_with_the_publishable_key_and_the_client_secret(
    client: StripeClient, peers: Peers
) -> None:
    intent, other = create(client), create(client)
    browser = peers.client(PUBLISHABLE_KEY).v1.payment_intents
    for wrong in (None, "pi_x_secret_y", other.client_secret):
        with pytest.raises(stripe.InvalidRequestError):
            confirm(browser, intent, wrong)
    for act in (lambda: browser.create(ORDER), lambda: browser.list(), lambda: browser.cancel(intent.id)):
        with pytest.raises(stripe.AuthenticationError) as refused:
            act()
        assert refused.value.error
        assert refused.value.error.code == "secret_key_required"
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"

    assert confirm(browser, intent, intent.client_secret).status == "succeeded"
    seen = browser.retrieve(intent.id, {"client_secret": str(intent.client_secret)})
    assert seen.amount == 125_050
    assert "metadata" not in seen.to_dict()
    assert "latest_charge" not in seen.to_dict()
    assert client.v1.payment_intents.retrieve(intent.id).amount_received == 125_050
