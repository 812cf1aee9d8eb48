"""Reading API Gateway's event (payload format 2.0) without any framework."""

import base64
from typing import Any
from urllib.parse import parse_qs

from comanda.errors import Malformed, TooLarge, Unauthenticated


def header(event: dict[str, Any], name: str) -> str:
    """A header's value, names compared without case; empty when absent."""
    headers = event.get("headers") or {}
    wanted = name.lower()
    value = headers.get(wanted)
    if value is None:
        value = next((v for k, v in headers.items() if k.lower() == wanted), "")
    return str(value)


def raw_body(event: dict[str, Any], most: int = 5_000_000) -> bytes:
    """The body as it was sent. Raises TooLarge, or Malformed for broken base64."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            raw = base64.b64decode(body, validate=True)
        except ValueError as error:
            raise Malformed("the body is not valid base64") from error
    else:
        raw = body.encode()
    if len(raw) > most:
        raise TooLarge(f"a body here is at most {most} bytes, this one has {len(raw)}")
    return raw


def form(event: dict[str, Any]) -> dict[str, str]:
    """A form-encoded body; the last value of a repeated field counts. Raises Malformed."""
    try:
        text = raw_body(event, 100_000).decode()
    except UnicodeDecodeError as error:
        raise Malformed("the form is not UTF-8") from error
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


def cookie(event: dict[str, Any], name: str) -> str:
    """A cookie's value. The emulator sends the header, AWS a list of its own."""
    pairs = event.get("cookies") or header(event, "cookie").split(";")
    for pair in pairs:
        key, _, value = pair.strip().partition("=")
        if key == name:
            return str(value)
    return ""


def query(event: dict[str, Any], name: str) -> str:
    return str((event.get("queryStringParameters") or {}).get(name) or "")


def bearer(event: dict[str, Any], *, required: bool = True) -> str:
    """The bearer token. Raises Unauthenticated when it must be there and is not."""
    scheme, _, token = header(event, "authorization").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    if required:
        raise Unauthenticated("send Authorization: Bearer <token>")
    return ""


def wants_html(event: dict[str, Any]) -> bool:
    """A browser asks for a page; a script that names JSON or nothing gets JSON."""
    accept = header(event, "accept")
    return "text/html" in accept and "application/json" not in accept.split("text/html")[0]


def is_form(event: dict[str, Any]) -> bool:
    return header(event, "content-type").startswith("application/x-www-form-urlencoded")


def source_address(event: dict[str, Any]) -> str:
    http = (event.get("requestContext") or {}).get("http") or {}
    return str(http.get("sourceIp") or "unknown")


def request_id(event: dict[str, Any]) -> str:
    return str((event.get("requestContext") or {}).get("requestId") or "none")
