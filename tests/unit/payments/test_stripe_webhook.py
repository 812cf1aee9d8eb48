"""Stripe's signature: literal vectors, the official SDK's opinion, and what must be refused."""

import hmac
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from comanda.errors import BadSignature, Malformed
from comanda.payments.provider import Event
from comanda.payments.stripe_webhook import parse_event, verify

# stripe/stripe-dotnet: src/StripeTests/Resources/event_test_signature.json, signed in
# src/StripeTests/Services/Events/EventUtilityTest.cs with the secret "webhook_secret".
BODY = b"""{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
"""
SECRET = "webhook_secret"
V1 = "2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7"
SIGNED = 1533204620
HEADER = f"t={SIGNED},v1={V1}"
NOW = datetime.fromtimestamp(SIGNED, UTC)


@pytest.mark.capability("C20")
@pytest.mark.parametrize(
    "header", [HEADER, f"t={SIGNED},v1={'0' * 64},v1={V1},v0=abc", f" v1={V1} , t={SIGNED}"]
)
def test_the_published_vector_fits(header: str) -> None:
    verify(BODY, header, [SECRET], NOW)


def test_two_secrets_are_active_while_one_is_rotated() -> None:
    verify(BODY, HEADER, ["the-new-one", SECRET], NOW)
    verify(BODY, HEADER, [SECRET, "the-old-one"], NOW)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_the_tolerance_reaches_five_minutes_either_way(seconds: int) -> None:
    verify(BODY, HEADER, [SECRET], NOW + timedelta(seconds=seconds))
    with pytest.raises(BadSignature):
        verify(BODY, HEADER, [SECRET], NOW + timedelta(seconds=seconds + (1 if seconds > 0 else -1)))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1533204620",
        f"v1={V1}",
        f"t={SIGNED},v0={V1}",
        f"t={SIGNED},v1={V1[:-1]}3",
        f"t={SIGNED + 1},v1={V1}",
        f"t={SIGNED},t={SIGNED},v1={V1}",
        f"t=١٥,v1={V1}",
        f"t={'9' * 400},v1={V1}",
        f"t=,v1={V1}",
        f"t={SIGNED},v1=ñ",
        f"t={SIGNED}" + f",v1={'0' * 64}" * 10 + f",v1={V1}",
    ],
)
def test_what_does_not_fit_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(BODY, header, [SECRET], NOW)


def test_another_body_or_secret_or_none_is_refused() -> None:
    for body, secrets in ((BODY + b" ", [SECRET]), (BODY, ["other"]), (BODY, [])):
        with pytest.raises(BadSignature):
            verify(body, HEADER, secrets, NOW)


@given(st.text(), st.text(max_size=40).map("whsec_{}".format))
def test_we_and_the_sdk_agree(text: str, secret: str) -> None:
    """Text, because the SDK signs text; the moment is now, because the SDK looks at the clock."""
    now = datetime.now(UTC)
    header = stripe.WebhookSignature.generate_signature_header(text, secret)
    verify(text.encode(), header, [secret], now)
    stamped = int(now.timestamp())
    mac = hmac.new(secret.encode(), f"{stamped}.{text}".encode(), sha256).hexdigest()
    assert stripe.WebhookSignature.verify_header(text, f"t={stamped},v1={mac}", secret, 300)
    with pytest.raises(BadSignature):
        verify(text.encode(), header, [secret + "x"], now)


def test_an_event_about_something_else_names_no_payment() -> None:
    told = datetime.fromtimestamp(1533204620, UTC)
    assert parse_event(BODY) == Event("evt_123", "customer.created", "", told)


@pytest.mark.parametrize(
    ("thing", "ref"),
    [
        ('{"object": "payment_intent", "id": "pi_1"}', "pi_1"),
        ('{"object": "charge", "id": "ch_1", "payment_intent": "pi_1"}', "pi_1"),
        ('{"object": "refund", "id": "re_1", "payment_intent": "pi_1"}', "pi_1"),
        ('{"object": "dispute", "id": "du_1", "payment_intent": "pi_1"}', "pi_1"),
        ('{"object": "charge", "id": "ch_1", "payment_intent": null}', ""),
        ('{"object": "payment_intent", "id": 7}', ""),
        ("[]", ""),
        ("null", ""),
    ],
)
def test_events_name_their_payment(thing: str, ref: str) -> None:
    raw = f'{{"id": "evt_1", "type": "x.y", "data": {{"object": {thing}}}}}'.encode()
    assert parse_event(raw) == Event("evt_1", "x.y", ref, None)


@pytest.mark.parametrize("created", ["null", '"now"', "1e400", "99999999999999999999"])
def test_a_time_that_is_none_is_left_out(created: str) -> None:
    assert parse_event(f'{{"id": "evt_1", "type": "x", "created": {created}}}'.encode()).told_at is None


@given(
    st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    ).map(lambda value: str(value).encode())
)
def test_nonsense_is_malformed_and_nothing_worse(raw: bytes) -> None:
    with suppress(Malformed):
        parse_event(raw)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", b"{" * 100_000, b"\xff\xfe", b'{"id": "evt_1"}'])
def test_what_is_no_event_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_event(raw)
