"""What each provider's webhook must be like to be let in: its bytes, its signature, its time, its size."""

import base64
import json
import os
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
import pytest

from comanda.payments.webhook import MOST_BYTES
from tests.functional.conftest import Answer, http_event
from tests.functional.providers.conftest import PROVIDERS, Running
from tests.functional.providers.shop import Shop
from tests.functional.providers.signing import signature
from tests.functional.tables import contents
from tests.peers.receiver import until

pytestmark = pytest.mark.enable_socket

DAY = 24 * 3600
# seconds until a signature is stale: PayPal repeats a delivery for three days with the time of the first
TOO_OLD = {"stripe": 302, "paypal": 3 * DAY + 3700, "mercadopago": 3602}
JUST_IN_TIME = {"stripe": 295, "paypal": 3 * DAY, "mercadopago": 3595}


@dataclass(frozen=True)
class Delivery:
    """One of the peer's."""

    shop: Shop
    running: Running
    code: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def now(self) -> int:
        return int(self.shop.clock().timestamp())

    def signed(self, secret: str = "", body: bytes | None = None, age: int = 0) -> "Delivery":
        raw = self.body if body is None else body
        return replace(
            self, body=raw, headers=signature(self.running, self.code, raw, self.now - age, secret)
        )

    def told(self, **changes: Any) -> "Delivery":
        """The same notice with other words, not signed anew."""
        return replace(self, body=json.dumps(json.loads(self.body) | changes).encode())

    def send(self, *, encoded: bool = False, **more: Any) -> Answer:
        at = urlsplit(self.path)
        event = http_event("POST", at.path, None, self.headers, dict(parse_qsl(at.query)))
        body = base64.b64encode(self.body).decode() if encoded else self.body.decode(errors="surrogateescape")
        event |= {"body": body, "isBase64Encoded": encoded} | more
        answer = import_module("functions.payment_webhook.app").lambda_handler(event, None)
        return Answer(answer["statusCode"], answer.get("headers") or {}, answer.get("body") or "")


@pytest.fixture(params=PROVIDERS)
def delivery(request: pytest.FixtureRequest, shop: Shop, running: Running) -> Delivery:
    """A genuine webhook of each provider, about a payment of an order, which has not reached us yet."""
    code = str(request.param)
    running.receiver.status = lambda path, headers, body: 200
    running.receiver.all.clear()
    _, ref = shop.place(shop.sides[code], "key-1")
    shop.sides[code].pay(ref)
    until(lambda: bool(running.receiver.all))
    shop.arrive(code)
    one = running.receiver.all[-1]

    return Delivery(shop, running, code, one.path, dict(one.headers), one.body)


def stored(prefix: str) -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=os.environ["RAW_BUCKET"], Prefix=prefix)
    return [one["Key"] for one in found.get("Contents", [])]


def refused(delivery: Delivery, status: int, kind: str, **more: Any) -> None:
    """Without a word about why, and without a trace but a piece of what came."""
    before = contents()
    answer = delivery.send(**more)
    assert (answer.status, answer.body["type"]) == (status, kind), answer.text
    assert stored("webhooks/") == []
    assert contents() == before
    assert len(stored("rejected/webhooks/payments/")) == (0 if status == 413 else 1)


@pytest.mark.capability("C20", "G04")
def test_a_genuine_webhook_is_let_in_as_it_came(delivery: Delivery) -> None:
    assert delivery.send().status == 200
    (key,) = stored("webhooks/")
    kept = boto3.client("s3").get_object(Bucket=os.environ["RAW_BUCKET"], Key=key)
    assert kept["Body"].read() == delivery.body


@pytest.mark.capability("C20")
def test_a_body_that_the_gateway_encoded_is_verified_on_its_bytes(delivery: Delivery) -> None:
    assert delivery.send(encoded=True).status == 200
    (key,) = stored("webhooks/")
    kept = boto3.client("s3").get_object(Bucket=os.environ["RAW_BUCKET"], Key=key)
    assert kept["Body"].read() == delivery.body
    assert delivery.send(body="%%%", isBase64Encoded=True).status == 400


def test_what_the_body_calls_itself_does_not_matter(delivery: Delivery) -> None:
    """The signature is over bytes (or over what they are about): a proxy may have named them anew."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/octet-stream", ""):
        headers = delivery.headers | {"content-type": kind}
        assert replace(delivery, headers=headers).send().status == 200
    bare = {name: value for name, value in delivery.headers.items() if name != "content-type"}
    assert replace(delivery, headers=bare).send().status == 200
    assert len(stored("webhooks/")) == 1


def test_a_body_in_parts_is_refused_like_everywhere(delivery: Delivery) -> None:
    headers = delivery.headers | {"content-type": "multipart/form-data; boundary=x"}
    before = contents()
    answer = replace(delivery, headers=headers).send()
    assert (answer.status, answer.body["type"]) == (400, "malformed")
    assert stored("") == []
    assert contents() == before


@pytest.mark.capability("C20", "G04")
def test_a_tampered_body_is_refused(delivery: Delivery) -> None:
    about = {"stripe": {"type": "charge.succeeded"}, "paypal": {"resource": {"id": "5O190127TN364715T"}},
             "mercadopago": {"data": {"id": "12345678901"}}}  # fmt: skip
    refused(delivery.told(**about[delivery.code]), 401, "bad-signature")


@pytest.mark.capability("C20")
def test_another_secret_is_refused(delivery: Delivery) -> None:
    refused(delivery.signed("not-ours"), 401, "bad-signature")


def test_without_a_signature_it_is_refused(delivery: Delivery) -> None:
    refused(replace(delivery, headers={"content-type": "application/json"}), 401, "bad-signature")


@pytest.mark.capability("C20")
def test_an_old_signature_is_refused_and_one_of_tomorrow(delivery: Delivery) -> None:
    assert delivery.signed(age=JUST_IN_TIME[delivery.code]).send().status == 200
    for key in stored("webhooks/"):
        boto3.client("s3").delete_object(Bucket=os.environ["RAW_BUCKET"], Key=key)
    refused(delivery.signed(age=TOO_OLD[delivery.code]), 401, "bad-signature")
    refused(delivery.signed(age=-DAY), 401, "bad-signature")


def test_a_huge_body_is_not_looked_at(delivery: Delivery) -> None:
    """Genuine or not; as many bytes as are taken are taken."""
    padded = delivery.body + b" " * (MOST_BYTES - len(delivery.body))
    for encoded in (False, True):
        refused(delivery.signed(body=padded + b" "), 413, "too-large", encoded=encoded)
    assert delivery.signed(body=padded).send().status == 200


def test_signed_nonsense_is_unreadable(delivery: Delivery) -> None:
    bodies = [b"hello", b"[1]", b'{"id": ']
    if delivery.code == "mercadopago":  # what it is about cannot be signed without saying it
        bodies = [b'{"data": {"id": "1"}}', b'{"data": {"id": "1"}, "id": 7}']
    for number, body in enumerate(bodies, 1):
        answer = delivery.signed(body=body).send()
        expected = 401 if delivery.code == "mercadopago" else 400
        assert answer.status == expected, answer.text
        assert stored("webhooks/") == []
        assert len(stored("rejected/webhooks/payments/")) == number


def test_one_providers_signature_opens_no_others_door(delivery: Delivery) -> None:
    for code in PROVIDERS:
        if code != delivery.code:
            path = delivery.path.replace(f"/{delivery.code}", f"/{code}")
            assert replace(delivery, path=path).send().status == 401
    assert stored("webhooks/") == []
