"""Carries one signed request to its receiver and says what came back."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    http_status: int | None
    error: str | None

    @property
    def accepted(self) -> bool:
        return self.http_status is not None and 200 <= self.http_status < 300


def post(url: str, headers: dict[str, str], body: bytes) -> Outcome:
    """No redirect is followed: to a provider an answer of 3xx is a failure."""
    target = urlsplit(url)
    scheme = HTTPSConnection if target.scheme == "https" else HTTPConnection
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    connection = scheme(target.hostname or "", target.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return Outcome(answer.status, None)
    except (OSError, HTTPException) as error:
        return Outcome(None, f"{type(error).__name__}: {error}")
    finally:
        connection.close()


def is_web_address(url: object) -> bool:
    if not isinstance(url, str) or not url.isascii():
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
