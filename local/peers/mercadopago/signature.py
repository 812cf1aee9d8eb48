"""Signs notices as Mercado Pago does: over the resource's id, the request's id and the time, not the body."""

import hashlib
import hmac
import json
import uuid
from urllib.parse import urlencode, urlsplit, urlunsplit


def headers(body: bytes, secret: str, now: int) -> dict[str, str]:
    request_id = str(uuid.uuid4())
    v1 = signed(_data_id(body), request_id, str(now), secret)
    return {
        "Content-Type": "application/json",
        "User-Agent": "MercadoPago WebHook v1.0 payment (local peer)",
        "X-Request-Id": request_id,
        "X-Signature": f"ts={now},v1={v1}",
    }


def signed(data_id: str, request_id: str, ts: str, secret: str) -> str:
    """HMAC-SHA256 of `id:…;request-id:…;ts:…;` without the pairs that are empty."""
    pairs = (("id", data_id), ("request-id", request_id), ("ts", ts))
    manifest = "".join(f"{name}:{value};" for name, value in pairs if value)
    return hmac.new(secret.encode(), manifest.encode(), hashlib.sha256).hexdigest()


def address(url: str, body: bytes) -> str:
    """The merchant's address with the resource in its query, whence its id is signed."""
    parts = urlsplit(url)
    told = urlencode({"data.id": _data_id(body), "type": json.loads(body)["type"]})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, told)))))


def _data_id(body: bytes) -> str:
    return str(json.loads(body)["data"]["id"])
