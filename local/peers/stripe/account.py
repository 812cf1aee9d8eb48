"""The merchant's account as one call sees it: find objects, save them, tell events."""

import json
import secrets
import string
import time
from dataclasses import dataclass, field

from local.peers.database import Json
from local.peers.delivery import Outbox
from local.peers.records import Records
from local.peers.stripe.errors import no_such

PEER = "stripe"
API_VERSION = "2026-10-28.endive"
ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Account:
    records: Records
    outbox: Outbox
    page_url: str  # where customers find the bank's page
    request_id: str | None = None
    idempotency_key: str | None = None
    now: int = field(default_factory=lambda: int(time.time()))

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_3{random_text(23)}"

    def find(self, kind: str, key: str, param: str = "id") -> Json:
        found = self.records.get(kind, key)
        if found is None:
            raise no_such(kind, key, param)
        return found

    def save(self, thing: Json) -> None:
        self.records.put(thing["object"], thing["id"], thing)

    def tell(self, event_type: str, thing: Json, before: Json | None = None) -> None:
        """Records an event about a saved object and queues its delivery, in the caller's transaction."""
        data: Json = {"object": thing}
        if before is not None:
            data["previous_attributes"] = {
                name: before.get(name) for name in thing if thing[name] != before.get(name)
            }
        event: Json = {
            "id": self.new_id("evt"), "object": "event", "api_version": API_VERSION, "created": self.now,
            "data": data, "livemode": False, "pending_webhooks": 1,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key}, "type": event_type,
        }  # fmt: skip
        self.save(event)
        body = json.dumps(event, indent=2, ensure_ascii=False).encode()
        self.outbox.enqueue(PEER, event["id"], event_type, body)


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
