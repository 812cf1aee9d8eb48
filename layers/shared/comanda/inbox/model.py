"""A webhook on its way through the shop: its envelope, its body, and what became of it."""

import re
from dataclasses import dataclass

from comanda.orders.record import Record

RECEIVED = "received"
APPLIED = "applied"
ALREADY_APPLIED = "already_applied"  # true, and known from another event
IGNORED = "ignored"  # not about anything of ours
FAILED = "failed"

SAFE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,120}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored webhook with its body, as it was signed. `event_id` is the sender's, or the body's digest."""

    kind: str  # payments | carriers
    sender: str  # stripe, easypost, …
    event_id: str
    event_type: str
    received_at: str
    bucket: str
    key: str
    raw: bytes

    @property
    def entry_id(self) -> str:
        return f"{self.sender}.{self.event_id}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event came to. `reason` is for people and holds no personal data."""

    state: str  # applied | already_applied | ignored
    reason: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True)
class Processed(Record):
    """The record of a webhook in the inbox."""

    entry_id: str
    kind: str
    sender: str
    event_id: str
    event_type: str
    received_at: str
    bucket: str
    key: str
    state: str = RECEIVED
    attempts: int = 0
    problem: str = ""
    order_id: str = ""
    changed_at: str = ""
