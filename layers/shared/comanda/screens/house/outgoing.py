"""Answers as API Gateway sends them: packed, with the headers that keep other sites out."""

import base64
import gzip
from typing import Any

from comanda.runtime.requests import header
from comanda.screens.house.assets import Asset

WORTH_PACKING = 1_000  # bytes
FOR_EVER = "public, max-age=31536000, immutable"

type Sent = dict[str, Any]


def security(sign_in_origin: str) -> dict[str, str]:
    """Headers of every page. Signing out leads from a form to the user pool, so that may be its target."""
    policy = (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {sign_in_origin}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), microphone=(), payment=()",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def page(event: dict[str, Any], html: str, status: int, headers: dict[str, str]) -> Sent:
    """A page, packed where the browser takes that."""
    told = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", **headers}
    raw = html.encode()
    if len(raw) < WORTH_PACKING or "gzip" not in header(event, "accept-encoding"):
        return {"statusCode": status, "headers": told, "body": html, "isBase64Encoded": False}
    return _packed(status, told, gzip.compress(raw, 6, mtime=0))


def static(event: dict[str, Any], asset: Asset, *, current: bool) -> Sent:
    """A file; for ever under the address of its content, else to be asked for again."""
    told = {
        "Content-Type": asset.content_type,
        "Cache-Control": FOR_EVER if current else "no-cache",
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in header(event, "accept-encoding"):
        return _packed(200, told, asset.packed)
    return file(200, told, asset.content)


def file(status: int, headers: dict[str, str], content: bytes) -> Sent:
    body = base64.b64encode(content).decode()
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": True}


def elsewhere(
    address: str, headers: dict[str, str], cookies: tuple[str, ...] = (), status: int = 303
) -> Sent:
    """Send the browser on."""
    told = {"Location": address, "Cache-Control": "no-store", **headers}
    answer: Sent = {"statusCode": status, "headers": told, "body": "", "isBase64Encoded": False}
    return answer | ({"cookies": list(cookies)} if cookies else {})


def _packed(status: int, headers: dict[str, str], content: bytes) -> Sent:
    return file(status, headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, content)
