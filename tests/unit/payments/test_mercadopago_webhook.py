"""Mercado Pago's signature: literal vectors, the official SDK's opinion, and what must be refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mercadopago.webhook import WebhookSignatureValidator

from comanda.errors import BadSignature, Malformed
from comanda.payments.mercadopago_webhook import TOLERANCE, parse_event, verify
from comanda.payments.provider import Event, Notice
from local.peers.mercadopago.signature import signed

# mercadopago/sdk-python: tests/test_webhook_signature_validator.py names secret, request, id and time; the
# digests are those of `openssl dgst -sha256 -hmac` over the documented manifest.
SECRET = "your_secret_key_here"
REQUEST = "2066ca19-c6f1-498a-be75-1923005edd06"
UPPER, LOWER = "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3", "ord01jq4s4ky8hwq6na5pxb65b3d3"
MILLIS, SECONDS = "1742505638683", "1742505638"
NOW = datetime.fromtimestamp(int(SECONDS), UTC)
OF_UPPER = "fb15ae6472eb449173c556793205d77787d58f384d183bb5bc3b724c27bd103c"
OF_LOWER = "633f91233312dd391ec75fa0bea539cfc2d6c4918873305b84a96cc1c58db71c"
WITHOUT_REQUEST = "a20c44820ab71562e89a7c9f64d5636efc8beba587b16c2f9bbbc3504892741a"
WITHOUT_ID = "8a7b0cc777a8217c3bab41a50c95dc92debbc6f8448f1c967dfe10ac1cb8b894"
OF_PAYMENT = "23a4315ab170db5e280fe7f67232be63af60fda9371444d33e0a6f5273c91b1f"
PAYMENT = "17014025134"


def notice(data_id: str | None, signature: str, request: str | None = REQUEST, **body: Any) -> Notice:
    told = {"id": 1, "type": "payment", "data": {} if data_id is None else {"id": data_id}} | body
    headers = {"x-signature": signature} | ({"x-request-id": request} if request else {})
    return Notice(json.dumps(told).encode(), headers, {} if data_id is None else {"data.id": data_id})


@pytest.mark.capability("C20")
@pytest.mark.parametrize(
    "one",
    [
        notice(UPPER, f"ts={MILLIS},v1={OF_UPPER}"),
        notice(UPPER, f"ts={MILLIS},v1={OF_LOWER}"),
        notice(LOWER, f"ts={MILLIS},v1={OF_LOWER}"),
        notice(LOWER, f" v1={OF_LOWER} , ts={MILLIS},v2=abc"),
        notice(LOWER, f"ts={MILLIS},v1={WITHOUT_REQUEST}", None),
        notice(None, f"ts={MILLIS},v1={WITHOUT_ID}"),
        notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT}"),
    ],
)
def test_the_vectors_fit(one: Notice) -> None:
    verify(one, [SECRET], NOW)
    verify(one, ["the-new-one", SECRET], NOW)
    for secrets in ([], ["other"]):
        with pytest.raises(BadSignature):
            verify(one, secrets, NOW)


@pytest.mark.parametrize("ts", [MILLIS, SECONDS])
def test_times_are_of_seconds_or_milliseconds_and_near(ts: str) -> None:
    one = notice(PAYMENT, f"ts={ts},v1={signed(PAYMENT, REQUEST, ts, SECRET)}")
    for seconds in (-TOLERANCE + 1, TOLERANCE - 1):
        verify(one, [SECRET], NOW + timedelta(seconds=seconds))
    for seconds in (-TOLERANCE - 2, TOLERANCE + 2):
        with pytest.raises(BadSignature):
            verify(one, [SECRET], NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "one",
    [
        notice(PAYMENT, ""),
        notice(PAYMENT, f"ts={SECONDS}"),
        notice(PAYMENT, f"v1={OF_PAYMENT}"),
        notice(PAYMENT, f"ts={SECONDS},v2={OF_PAYMENT}"),
        notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT[:-1]}0"),
        notice(PAYMENT, f"ts=1742505639,v1={OF_PAYMENT}"),
        notice(PAYMENT, f"ts={SECONDS},ts={SECONDS},v1={OF_PAYMENT}"),
        notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT},v1={OF_PAYMENT}"),
        notice(PAYMENT, f"ts=١٥,v1={OF_PAYMENT}"),
        notice(PAYMENT, f"ts={'9' * 400},v1={OF_PAYMENT}"),
        notice(PAYMENT, f"ts={SECONDS},v1=ñ"),
        notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT}", "another-request"),
        notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT}", None),
        notice("17014025135", f"ts={SECONDS},v1={OF_PAYMENT}"),
    ],
)
def test_what_does_not_fit_is_refused(one: Notice) -> None:
    with pytest.raises(BadSignature):
        verify(one, [SECRET], NOW)


def test_a_body_about_another_payment_than_was_signed_is_refused() -> None:
    good = notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT}")
    verify(good, [SECRET], NOW)
    for data in ({"id": "17014025135"}, {}, None, []):
        other = notice(PAYMENT, f"ts={SECONDS},v1={OF_PAYMENT}", data=data)
        with pytest.raises(BadSignature):
            verify(other, [SECRET], NOW)
    unnamed = notice(None, f"ts={MILLIS},v1={WITHOUT_ID}", data={"id": PAYMENT})
    with pytest.raises(BadSignature):
        verify(unnamed, [SECRET], NOW)


@given(st.from_regex(r"[A-Za-z0-9-]{1,30}", fullmatch=True), st.text(min_size=1, max_size=40))
def test_we_and_the_sdk_agree(data_id: str, secret: str) -> None:
    header = f"ts={SECONDS},v1={signed(data_id, REQUEST, SECONDS, secret)}"
    WebhookSignatureValidator.validate(header, REQUEST, data_id, secret)
    verify(notice(data_id, header), [secret], NOW)
    with pytest.raises(BadSignature):
        verify(notice(data_id, header), [secret + "x"], NOW)


# https://www.mercadopago.com.mx/developers/en/docs/your-integrations/notifications/webhooks: the two forms.
TOLD = {
    "id": 12345,
    "live_mode": True,
    "type": "payment",
    "date_created": "2015-03-25T10:04:58.396-04:00",
    "user_id": 44444,
    "api_version": "v1",
    "action": "payment.created",
    "data": {"id": "999999999"},
}
CHARGEBACK = {
    "actions": ["changed_case_status"],
    "id": 777,
    "type": "topic_chargebacks_wh",
    "data": {"payment_id": 81968653106, "id": 231000000000},
}


def test_an_event_names_its_payment_and_nothing_else() -> None:
    told = datetime(2015, 3, 25, 14, 4, 58, 396000, UTC)
    assert parse_event(json.dumps(TOLD).encode()) == Event("12345", "payment.created", "999999999", told)
    seen = parse_event(json.dumps(CHARGEBACK).encode())
    assert (seen.event_id, seen.type, seen.ref) == ("777", "topic_chargebacks_wh", "81968653106")


@pytest.mark.parametrize("data", [{"id": "../admin"}, {"id": "pref-1"}, {"id": None}, {"id": ["1"]}, {}])
def test_what_is_no_payments_id_names_none(data: dict[str, Any]) -> None:
    assert parse_event(json.dumps(TOLD | {"data": data}).encode()).ref == ""


def test_an_event_about_something_else_names_no_payment() -> None:
    other = TOLD | {"type": "topic_merchant_order_wh", "action": "merchant_order.updated"}
    assert parse_event(json.dumps(other).encode()).ref == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"id": 1}',
        b"[" * 100_000,
        b"\xff",
        b'{"id":1,"type":"payment","data":7}',
    ],
)
def test_unreadable(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_event(raw)
