"""The merchant's account as one call sees it: find objects, save them, tell what changed."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from local.peers.database import Json
from local.peers.delivery import Outbox
from local.peers.mercadopago.errors import no_such
from local.peers.records import Records

PEER = "mercadopago"
COLLECTOR = 446566691


@dataclass(frozen=True, slots=True)
class Account:
    records: Records
    outbox: Outbox
    page_url: str  # where customers find the checkout
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def at(self) -> str:
        return written(self.now)

    def new_number(self) -> int:
        return secrets.randbelow(9 * 10**10) + 10**10

    def find(self, kind: str, key: object) -> Json:
        found = self.records.get(kind, str(key))
        if found is None:
            raise no_such(kind, str(key))
        return found

    def save(self, kind: str, thing: Json) -> None:
        self.records.put(kind, str(thing["id"]), thing)

    def tell(self, kind: str, action: str, data: Json) -> None:
        """Queues a notice, in the caller's transaction; it names the thing and says nothing of it."""
        event_id = self.new_number()
        notice = {
            "id": event_id, "live_mode": False, "type": kind, "date_created": self.at, "user_id": COLLECTOR,
            "api_version": "v1", "action": action, "data": data,
        }  # fmt: skip
        body = json.dumps(notice, separators=(",", ":")).encode()
        self.outbox.enqueue(PEER, str(event_id), action, body)


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
