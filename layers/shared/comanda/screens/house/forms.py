"""Forms that cannot be sent by another site: the session's token, masked anew on every page."""

import base64
import hmac
import secrets
from typing import Any

from comanda.errors import Forbidden
from comanda.runtime.requests import header

BYTES = 32


def masked(token: str, pad: bytes = b"") -> str:
    """The token in a form that differs each time: what is compressed beside it tells nothing about it."""
    raw = bytes.fromhex(token)
    pad = pad or secrets.token_bytes(len(raw))
    return base64.urlsafe_b64encode(pad + _mixed(pad, raw)).decode()


def unmasked(text: str) -> str:
    """The token behind a masked one; empty for what is none."""
    try:
        raw = base64.urlsafe_b64decode(text.encode())
    except ValueError:
        return ""
    return _mixed(raw[:BYTES], raw[BYTES:]).hex() if len(raw) == 2 * BYTES else ""


def _mixed(pad: bytes, raw: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(pad, raw, strict=True))


def check_origin(event: dict[str, Any], public_url: str) -> None:
    """Raise Forbidden for a form that another site than that of `public_url` sent. Browsers name the origin
    of every form."""
    site = "/".join(public_url.split("/")[:3])
    origin, fetched = header(event, "origin"), header(event, "sec-fetch-site")
    ours = origin == site if origin else fetched in ("", "same-origin", "none")
    if not ours:
        raise Forbidden("this form was sent from another site")


def check_token(given: str, expected: str) -> None:
    """Raise Forbidden unless the form carries this session's token."""
    if not hmac.compare_digest(unmasked(given).encode(), expected.encode()):
        raise Forbidden("this form does not belong to your session; open the page again")
