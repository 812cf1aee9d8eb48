"""A payment provider's webhook: verified on its bytes, stored, answered. Nothing is read into it yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.errors import BadSignature, Malformed, TooLarge
from comanda.inbox.bodies import Bodies
from comanda.inbox.receive import receive, reject
from comanda.payments.provider import Notice, PaymentProvider
from comanda.runtime.observe import tally
from comanda.runtime.requests import raw_body

KIND = "payments"
MOST_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class WebhookDesk:
    """`secrets` answers the active webhook secrets of a provider."""

    provider: Callable[[str], PaymentProvider]
    secrets: Callable[[str], list[str]]
    bodies: Bodies
    bucket: str
    now: Callable[[], datetime]

    def receive(self, code: str, event: dict[str, Any]) -> str:
        """Store one webhook and answer its key.

        Raises NotFound for a provider that is not known, TooLarge, BadSignature, Malformed; of what
        is refused a piece is kept for a while.
        """
        provider = self.provider(code)
        try:
            raw = raw_body(event, MOST_BYTES)
        except TooLarge:
            tally("WebhooksRefused", sender=code, reason="too large")
            raise
        try:
            provider.verify_webhook(_notice(raw, event), self.secrets(code), self.now())
            told = provider.parse_event(raw)
        except BadSignature as refusal:
            self._refuse(code, raw, refusal.detail)
            raise BadSignature("this request was not signed by the provider") from refusal
        except Malformed:
            self._refuse(code, raw, "unreadable")
            raise
        return receive(
            raw,
            kind=KIND,
            sender=code,
            event_id=told.event_id,
            event_type=told.type,
            told_at=told.told_at,
            bucket=self.bucket,
            now=self.now(),
            bodies=self.bodies,
        )

    def _refuse(self, code: str, raw: bytes, reason: str) -> None:
        tally("WebhooksRefused", sender=code, reason=reason)
        reject(
            raw, kind=KIND, sender=code, reason=reason, bucket=self.bucket, now=self.now(), bodies=self.bodies
        )


def _notice(raw: bytes, event: dict[str, Any]) -> Notice:
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    return Notice(raw, headers, event.get("queryStringParameters") or {})
