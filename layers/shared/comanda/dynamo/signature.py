"""Signature version 4 for requests to DynamoDB, which all go to one address by one method.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

CONTENT_TYPE = "application/x-amz-json-1.0"
API = "DynamoDB_20120810"


class Signer:
    """Signs for a host (with its port, where it is not the usual one) and a region.

    `credentials` answers those that hold now, with access_key, secret_key and token.
    """

    def __init__(self, host: str, region: str, credentials: Callable[[], Any]) -> None:
        self.host, self.region, self.credentials = host, region, credentials

    def headers(self, operation: str, body: bytes, now: datetime) -> dict[str, str]:
        """All headers of the request, signed at `now` (UTC)."""
        keys = self.credentials()
        at = now.strftime("%Y%m%dT%H%M%SZ")
        headers = {"content-type": CONTENT_TYPE, "host": self.host, "x-amz-date": at}
        if keys.token:
            headers["x-amz-security-token"] = keys.token
        headers["x-amz-target"] = f"{API}.{operation}"
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        asked = f"POST\n/\n\n{lines}\n{names}\n{_sha256(body)}"
        scope = f"{at[:8]}/{self.region}/dynamodb/aws4_request"
        to_sign = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{_sha256(asked.encode())}"
        signature = _hmac(_key(keys.secret_key, at[:8], self.region), to_sign).hex()
        signed = f"Credential={keys.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        headers["authorization"] = f"AWS4-HMAC-SHA256 {signed}"
        return headers


@lru_cache(maxsize=8)
def _key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, "dynamodb", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
