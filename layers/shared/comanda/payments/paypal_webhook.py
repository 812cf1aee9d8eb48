"""PayPal's webhooks: verified on our side by its certificate, or by asking PayPal where that cannot be had.

What is signed is `transmission id|time|webhook id|CRC-32 of the body in decimal`, with SHA256withRSA
(paypal/PayPal-Python-SDK, paypalrestsdk/notifications.py).
"""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from comanda.errors import BadSignature
from comanda.payments.paypal_certificates import Certificates, NoCertificate
from comanda.payments.paypal_client import PayPalClient
from comanda.payments.provider import ProviderRefused

ALGORITHM = "SHA256withRSA"
# PayPal repeats a delivery for three days, and does not promise a fresh time for each.
OLDEST, NEWEST = timedelta(days=3, hours=1), timedelta(minutes=5)
MOST_TEXT = 500  # of any one header, as PayPal's specification limits them
VERIFY = "/v1/notifications/verify-webhook-signature"


@dataclass(frozen=True, slots=True)
class Transmission:
    """The five headers of one delivery."""

    id: str
    time: str
    signature: str
    cert_url: str
    algorithm: str

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Transmission":
        names = ("transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo")
        found = [headers.get(f"paypal-{name}", "") for name in names]
        if not all(0 < len(one) <= MOST_TEXT and one.isascii() for one in found):
            raise BadSignature("a header of the signature is missing or too long")
        return cls(*found)

    def signed(self, webhook_id: str, raw: bytes) -> bytes:
        return f"{self.id}|{self.time}|{webhook_id}|{crc32(raw)}".encode()


class Verifier:
    def __init__(self, client: PayPalClient) -> None:
        self.client = client
        self.certificates = Certificates(client)

    def verify(
        self, raw: bytes, headers: Mapping[str, str], webhook_ids: Sequence[str], now: datetime
    ) -> None:
        """Raises BadSignature, or ProviderUnavailable when neither way can be gone now: PayPal sends the
        event again."""
        told = Transmission.of(headers)
        if told.algorithm != ALGORITHM:
            raise BadSignature("another algorithm than PayPal's")
        _fresh(told.time, now)
        self.certificates.check_place(told.cert_url)
        try:
            public = self.certificates.public_key(told.cert_url, now)
        except NoCertificate:
            genuine = any([self._asked(told, webhook_id, raw) for webhook_id in webhook_ids])
        else:
            mac = _decoded(told.signature)
            genuine = any([public.fits(mac, told.signed(one, raw)) for one in webhook_ids])
        if not genuine:
            raise BadSignature("the signature does not fit")

    def _asked(self, told: Transmission, webhook_id: str, raw: bytes) -> bool:
        """PayPal's own opinion. The event goes there byte for byte, so it has to be one JSON object."""
        if not _is_object(raw):
            return False
        given = {
            "auth_algo": told.algorithm,
            "cert_url": told.cert_url,
            "transmission_id": told.id,
            "transmission_sig": told.signature,
            "transmission_time": told.time,
            "webhook_id": webhook_id,
        }
        body = json.dumps(given).encode()[:-1] + b', "webhook_event": ' + raw + b"}"
        try:
            answer: dict[str, Any] = self.client.call("POST", VERIFY, body)
        except ProviderRefused:
            return False
        return answer.get("verification_status") == "SUCCESS"


def _fresh(time: str, now: datetime) -> None:
    try:
        sent = datetime.fromisoformat(time)
        if not now - OLDEST <= sent <= now + NEWEST:
            raise BadSignature("the signature is too old or from the future")
    except (ValueError, TypeError) as error:  # no time, or one without a zone
        raise BadSignature("the time of the signature cannot be read") from error


def _decoded(signature: str) -> bytes:
    try:
        return b64decode(signature, validate=True)
    except NotBase64 as error:
        raise BadSignature("the signature cannot be read") from error


def _is_object(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw.decode()), dict)
    except (ValueError, RecursionError):
        return False
