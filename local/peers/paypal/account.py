"""The merchant's account as one call sees it: find objects, save them, tell events."""

import json
import secrets
import string
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from local.peers.database import Json
from local.peers.delivery import Outbox
from local.peers.paypal.errors import no_such
from local.peers.records import Records

PEER = "paypal"
ALPHABET = string.ascii_uppercase + string.digits


@dataclass(frozen=True, slots=True)
class Account:
    """`url` is where the API and the page for customers are."""

    records: Records
    outbox: Outbox
    url: str
    moment: float = field(default_factory=time.time)

    @property
    def now(self) -> str:
        return (
            datetime.fromtimestamp(self.moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        )

    def later(self, days: int) -> str:
        moment = datetime.fromtimestamp(self.moment, UTC) + timedelta(days=days)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def find(self, kind: str, key: str) -> Json:
        found = self.records.get(kind, key)
        if found is None:
            raise no_such(key)
        return found

    def save(self, kind: str, thing: Json) -> None:
        self.records.put(kind, thing["dispute_id" if kind == "dispute" else "id"], thing)

    def link(self, path: str, rel: str, method: str = "GET") -> Json:
        return {"href": f"{self.url}{path}", "rel": rel, "method": method}

    def tell(self, event_type: str, resource_type: str, thing: Json, summary: str) -> None:
        """Records an event about a saved object and queues its delivery, in the caller's transaction."""
        key = f"WH-{new_id()}-{new_id()}"
        event: Json = {
            "id": key, "event_version": "1.0", "create_time": self.now, "resource_type": resource_type,
            "resource_version": "2.0", "event_type": event_type, "summary": summary, "resource": thing,
            "links": [self.link(f"/v1/notifications/webhooks-events/{key}", "self")],
        }  # fmt: skip
        self.records.put("event", key, event)
        body = json.dumps(event, ensure_ascii=False).encode()
        self.outbox.enqueue(PEER, key, event_type, body)


def new_id() -> str:
    """Seventeen capitals and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(17))
