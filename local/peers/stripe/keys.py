"""Who is calling: the merchant with the secret key, or a browser with the publishable one."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from local.peers.stripe.errors import ApiError, missing
from local.peers.stripe.form import Form

BROWSER_CALLS = (
    ("GET", re.compile(r"/v1/payment_intents/[^/]+")),
    ("POST", re.compile(r"/v1/payment_intents/[^/]+/confirm")),
)


@dataclass(frozen=True, slots=True)
class ApiKeys:
    secret: str
    publishable: str

    def is_browser(self, headers: Mapping[str, str], method: str, path: str, form: Form) -> bool:
        """False for the merchant, true for a browser that holds the client secret; else an error."""
        key = _presented(headers, form)
        if hmac.compare_digest(key.encode(), self.secret.encode()):
            return False
        if not hmac.compare_digest(key.encode(), self.publishable.encode()):
            raise ApiError(401, f"Invalid API Key provided: {_masked(key)}")
        if not any(method == known and pattern.fullmatch(path) for known, pattern in BROWSER_CALLS):
            message = "This call needs a secret API key; a publishable one was given."
            raise ApiError(401, message, code="secret_key_required")
        if "client_secret" not in form:
            raise missing("client_secret")
        return True


def _presented(headers: Mapping[str, str], form: Form) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    key = ""
    if scheme.lower() == "bearer":
        key = value.strip()
    elif scheme.lower() == "basic":
        try:
            key = base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    elif isinstance(form.get("key"), str):  # how Stripe.js sends the publishable key
        key = form["key"]
    if not key:
        raise ApiError(401, "No API key: send it as a bearer token or as the user of basic auth.")
    return key


def _masked(key: str) -> str:
    return f"{key[:8]}{'*' * max(len(key) - 12, 4)}{key[-4:]}" if len(key) > 12 else "****"
