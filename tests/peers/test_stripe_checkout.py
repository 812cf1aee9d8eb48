"""Checkout Sessions at the Stripe peer: made by the official SDK, paid on the page as a person pays."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.peers.provider import STRIPE_SECRET, Peers, Wire
from tests.peers.receiver import Receiver, event_type, until

pytestmark = pytest.mark.enable_socket

ASKED: dict[str, Any] = {
    "mode": "payment",
    "line_items": [
        {
            "price_data": {
                "currency": "mxn",
                "unit_amount": 125_050,
                "product_data": {"name": "P-000123"},
            },
            "quantity": 1,
        }
    ],
    "client_reference_id": "order-1",
    "customer_email": "ana@example.com",
    "metadata": {"order": "P-000123"},
    "payment_intent_data": {"description": "P-000123", "metadata": {"order": "P-000123"}},
    "success_url": "http://127.0.0.1/thanks?session={CHECKOUT_SESSION_ID}",
    "cancel_url": "http://127.0.0.1/back",
    "locale": "es",
}
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000002", "4000000000003220"
PAID = {"charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"}


@pytest.fixture
def made(client: stripe.StripeClient) -> Callable[..., Any]:
    def make(**more: Any) -> Any:
        return client.v1.checkout.sessions.create(ASKED | more)  # type: ignore[arg-type]

    return make


def page(peers: Peers, session: Any, **card: str) -> tuple[int, str, str]:
    """The page as it is, or what is answered to the card: status, where it leads, its text."""
    with Wire(peers.stripe_url) as wire:
        address = f"/c/pay/{session.id}"
        method, form = ("POST", CARD | card) if card else ("GET", None)
        status, headers, body = wire.call(method, address, form, {})
    return status, headers.get("Location", ""), body.decode()


def types(receiver: Receiver) -> list[str]:
    return [event_type(one) for one in receiver.accepted()]


def test_a_session_waits_for_a_day_and_has_no_intent_yet(made: Callable[..., Any]) -> None:
    session = made()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.locale) == (125_050, "mxn", "es")
    assert session.expires_at == session.created + 24 * 3600
    assert session.url.endswith(f"/c/pay/{session.id}")
    assert session.id.startswith("cs_test_")


def test_it_is_paid_once_and_leads_back(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers, receiver: Receiver
) -> None:
    session = made()
    status, where, _ = page(peers, session, number=GOOD)
    assert (status, where) == (303, f"http://127.0.0.1/thanks?session={session.id}")
    whole = {"expand": ["payment_intent.latest_charge"]}
    paid = client.v1.checkout.sessions.retrieve(session.id, whole)  # type: ignore[arg-type]
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.to_dict()["payment_intent"]
    assert (intent["status"], intent["metadata"]) == ("succeeded", {"order": "P-000123"})
    assert intent["latest_charge"]["amount_captured"] == 125_050
    assert page(peers, session, number=GOOD)[0] == 409
    until(lambda: set(types(receiver)) >= PAID)
    assert types(receiver).count("charge.succeeded") == 1
    told = next(one for one in receiver.accepted() if event_type(one) == "checkout.session.completed")
    event = stripe.Webhook.construct_event(  # type: ignore[no-untyped-call]
        told.body, told.headers["stripe-signature"], STRIPE_SECRET
    )
    assert event.data.object.id == session.id


@pytest.mark.parametrize(
    ("locale", "number", "said"),
    [
        ("es", DECLINED, "El banco ha rechazado la tarjeta"),
        ("en", DECLINED, "The bank declined the card"),
        ("en", "4000000000009995", "There is not enough money on the card"),
        ("es", "4111111111111111", "Ese número no es de una tarjeta de prueba"),
    ],
)
def test_what_is_declined_is_said_on_the_page_and_made_good_there(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers, locale: str, number: str, said: str
) -> None:
    session = made(locale=locale)
    status, _, text = page(peers, session, number=number)
    assert (status, said in text) == (402, True)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert page(peers, session, number=GOOD)[0] == 303
    charges = client.v1.charges.list({"limit": 10}).data
    assert [one.status for one in charges].count("succeeded") == 1


@pytest.mark.parametrize(
    ("decision", "leads_to", "status"),
    [("accept", "http://127.0.0.1/thanks", "complete"), ("refuse", "", "open")],
)
def test_the_bank_asks(
    made: Callable[..., Any],
    client: stripe.StripeClient,
    peers: Peers,
    decision: str,
    leads_to: str,
    status: str,
) -> None:
    session = made()
    asked, where, _ = page(peers, session, number=ASKS)
    assert (asked, "/_3ds/pi_" in where) == (303, True)
    with Wire(peers.stripe_url) as wire:
        path = where.removeprefix(peers.stripe_url)
        _, headers, _ = wire.call("POST", path, {"decision": decision}, {})
        back = str(headers["Location"])
        _, headers, text = wire.call("GET", back.removeprefix(peers.stripe_url), None, {})
    assert str(headers.get("Location", "")).startswith(leads_to)
    assert ("No se ha confirmado con el banco" in text.decode()) == (decision == "refuse")
    assert client.v1.checkout.sessions.retrieve(session.id).status == status


def test_an_expired_session_takes_nothing(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers, receiver: Receiver
) -> None:
    session = made()
    page(peers, session, number=DECLINED)
    expired = client.v1.checkout.sessions.expire(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    assert page(peers, session, number=GOOD)[0] == 410
    assert page(peers, session)[0] == 410
    intent = client.v1.payment_intents.retrieve(str(expired.payment_intent))
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        client.v1.checkout.sessions.expire(session.id)
    until(lambda: "checkout.session.expired" in types(receiver))


def test_a_paid_session_is_not_expired(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers
) -> None:
    session = made()
    page(peers, session, number=GOOD)
    with pytest.raises(stripe.InvalidRequestError, match="`complete`"):
        client.v1.checkout.sessions.expire(session.id)


def test_time_ends_it_too(made: Callable[..., Any], client: stripe.StripeClient, peers: Peers) -> None:
    session = made()
    assert peers.control("POST", f"/stripe/checkout_sessions/{session.id}/lapse")[0] == 200
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert peers.control("POST", f"/stripe/checkout_sessions/{session.id}/pay")[0] == 409


@pytest.mark.parametrize(
    ("outcome", "status", "told"),
    [
        ("succeeded", "paid", "checkout.session.async_payment_succeeded"),
        ("failed", "unpaid", "checkout.session.async_payment_failed"),
    ],
)
def test_what_settles_later_is_told_twice(
    made: Callable[..., Any],
    client: stripe.StripeClient,
    peers: Peers,
    receiver: Receiver,
    outcome: str,
    status: str,
    told: str,
) -> None:
    session = made()
    peers.control("POST", f"/stripe/checkout_sessions/{session.id}/processing")
    waiting = client.v1.checkout.sessions.retrieve(session.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    peers.control("POST", f"/stripe/payment_intents/{waiting.payment_intent}/settle", {"outcome": outcome})
    after = client.v1.checkout.sessions.retrieve(session.id)
    assert (after.status, after.payment_status) == ("complete", status)
    until(lambda: {"checkout.session.completed", told} <= set(types(receiver)))


def test_its_intent_is_the_sessions_to_end_while_nothing_is_reserved(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers
) -> None:
    """https://docs.stripe.com/api/payment_intents/cancel"""
    session = made()
    page(peers, session, number=DECLINED)
    intent = str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)
    with pytest.raises(stripe.InvalidRequestError, match="Expire the session"):
        client.v1.payment_intents.cancel(intent)
    with pytest.raises(stripe.InvalidRequestError, match="Expire the session"):
        client.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})


def test_reserved_money_is_taken_or_let_go(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers
) -> None:
    manual = {"payment_intent_data": {"capture_method": "manual"}}
    sessions = [made(**manual), made(**manual)]
    intents = []
    for session in sessions:
        assert page(peers, session, number=GOOD)[0] == 303
        after = client.v1.checkout.sessions.retrieve(session.id)
        assert (after.status, after.payment_status) == ("complete", "unpaid")
        intents.append(str(after.payment_intent))
    client.v1.payment_intents.capture(intents[0])
    client.v1.payment_intents.cancel(intents[1])
    assert client.v1.checkout.sessions.retrieve(sessions[0].id).payment_status == "paid"
    assert client.v1.payment_intents.retrieve(intents[1]).status == "canceled"


def test_sessions_are_listed_by_time_and_by_their_intent(
    made: Callable[..., Any], client: stripe.StripeClient, peers: Peers
) -> None:
    first, second = made(), made()
    page(peers, first, number=GOOD)
    intent = str(client.v1.checkout.sessions.retrieve(first.id).payment_intent)
    listed = client.v1.checkout.sessions.list({"payment_intent": intent})
    assert [one.id for one in listed.data] == [first.id]
    recent = client.v1.checkout.sessions.list({"created": {"gte": int(time.time()) - 60}})
    assert [one.id for one in recent.data] == [second.id, first.id]
    still = client.v1.checkout.sessions.list({"status": "open"})
    assert [one.id for one in still.data] == [second.id]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"mode": "subscription"}, "mode"),
        ({"success_url": ""}, "success_url"),
        ({"line_items": []}, "line_items"),
        ({"customer_email": "ana@home"}, "customer_email"),
        ({"locale": "xx"}, "locale"),
        ({"payment_intent_data": {"amount": 5}}, "amount"),
        ({"card": "4242"}, "card"),
    ],
)
def test_what_stripe_would_refuse(made: Callable[..., Any], changes: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        made(**changes)
    assert refused.value.param == param


@pytest.mark.parametrize("seconds", [29 * 60, 24 * 3600 + 60])
def test_it_lasts_between_half_an_hour_and_a_day(made: Callable[..., Any], seconds: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="expires_at"):
        made(expires_at=int(time.time()) + seconds)


def test_the_same_key_makes_one_session(made: Callable[..., Any], client: stripe.StripeClient) -> None:
    options: Any = {"idempotency_key": "order-1:pay-1"}
    first = client.v1.checkout.sessions.create(ASKED, options)  # type: ignore[arg-type]
    again = client.v1.checkout.sessions.create(ASKED, options)  # type: ignore[arg-type]
    assert first.id == again.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(ASKED | {"locale": "en"}, options)  # type: ignore[arg-type]


def test_the_page_speaks_its_language_and_shows_what_is_paid(made: Callable[..., Any], peers: Peers) -> None:
    _, _, spanish = page(peers, made())
    assert '<html lang="es">' in spanish
    assert "1,250.50 MXN" in spanish
    assert "ana@example.com" in spanish
    assert 'href="http://127.0.0.1/back"' in spanish
    _, _, english = page(peers, made(locale="en", cancel_url="https://shop.example/?a=1&b=<x>"))
    assert "Card number" in english
    assert 'href="https://shop.example/?a=1&amp;b=&lt;x&gt;"' in english


def test_events_are_asked_for_by_twenty_names_at_most(client: stripe.StripeClient) -> None:
    names = [f"payment_intent.{number}" for number in range(21)]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.list({"types": names})
