"""A carrier that reports its scans by webhook, signed as EasyPost signs them."""

import hashlib
import hmac
import json
import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Any

from local.demo.outside import Answer, Api

STATUSES = {
    "pre_transit": "Etiqueta creada",
    "in_transit": "En centro de distribución",
    "out_for_delivery": "En reparto",
    "delivered": "Entregado",
}


class Carrier:
    """Speaks to the webhook address itself: what is sent when, and in which order, is the caller's wish."""

    def __init__(self, api_url: str, secret: str) -> None:
        self._api = Api(api_url)
        self._secret = unicodedata.normalize("NFKD", secret).encode()

    def event(self, code: str, carrier: str, scans: list[tuple[str, datetime]]) -> bytes:
        """A `tracker.updated` event with these scans; the tracker's own status is the latest one's."""
        details = [
            {
                "object": "TrackingDetail",
                "status": status,
                "message": STATUSES[status],
                "datetime": _utc(at),
                "source": carrier,
            }
            for status, at in sorted(scans, key=lambda scan: scan[1])
        ]
        tracker = {
            "id": f"trk_{uuid.uuid4().hex}",
            "object": "Tracker",
            "tracking_code": code,
            "carrier": carrier,
            "status": details[-1]["status"],
            "updated_at": _utc(datetime.now(UTC)),
            "tracking_details": details,
        }
        event = {
            "id": f"evt_{uuid.uuid4().hex}",
            "object": "Event",
            "description": "tracker.updated",
            "mode": "test",
            "created_at": _utc(datetime.now(UTC)),
            "result": tracker,
        }
        return json.dumps(event, ensure_ascii=False).encode()

    def send(self, body: bytes, secret: str | None = None) -> Answer:
        key = self._secret if secret is None else secret.encode()
        signature = hmac.new(key, body, hashlib.sha256).hexdigest()
        headers = {"X-Hmac-Signature": f"hmac-sha256-hex={signature}"}
        return self._api.send("POST", "/webhooks/carriers/easypost", body, headers=headers)

    def report(self, code: str, carrier: str, *scans: tuple[str, datetime]) -> Any:
        """Send one event and have it taken."""
        headers = self.event(code, carrier, list(scans))
        answer = self.send(headers)
        if not 200 <= answer.status < 300:
            raise AssertionError(answer.brief())
        return answer


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
