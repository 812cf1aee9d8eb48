"""Signs webhooks as Stripe does: `t=<unix time>,v1=<HMAC-SHA256 of "time.body">`."""

import hashlib
import hmac


def headers(body: bytes, secret: str, now: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": f"t={now},v1={v1(body, secret, now)}",
        "User-Agent": "Stripe/1.0 (local peer)",
    }


def v1(body: bytes, secret: str, now: int) -> str:
    return hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
