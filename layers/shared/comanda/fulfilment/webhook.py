"""What carriers report by webhook: taken in once its signature fits, applied from the inbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.errors import BadSignature, NotFound
from comanda.fulfilment.carriers import EASYPOST
from comanda.fulfilment.easypost import read, verify
from comanda.fulfilment.scan import Scanning
from comanda.inbox.apply import Work
from comanda.inbox.bodies import Bodies
from comanda.inbox.model import IGNORED, Entry, Outcome
from comanda.inbox.receive import receive, reject
from comanda.orders.facts import Origin
from comanda.runtime.requests import raw_body
from comanda.times import stamp

KIND = "carriers"
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class CarrierDoor:
    """Where carriers knock. `secrets` gives the active webhook secrets of one of them."""

    bodies: Bodies
    bucket: str
    secrets: Callable[[str], list[str]]
    now: Callable[[], datetime]


def take_in(carrier: str, event: dict[str, Any], at: CarrierDoor) -> None:
    """Store a carrier's webhook. Raises NotFound, TooLarge, BadSignature, or Malformed."""
    if carrier != EASYPOST:
        raise NotFound("no carrier of this name reports here")
    raw = raw_body(event, MOST_BYTES)
    try:
        verify(raw, event.get("headers") or {}, at.secrets(carrier))
    except BadSignature as refusal:
        reject(
            raw,
            kind=KIND,
            sender=carrier,
            reason=refusal.type,
            bucket=at.bucket,
            now=at.now(),
            bodies=at.bodies,
        )
        raise
    report = read(raw)
    receive(
        raw,
        kind=KIND,
        sender=carrier,
        event_id=report.event_id,
        event_type=report.kind,
        told_at=report.told_at,
        bucket=at.bucket,
        now=at.now(),
        bodies=at.bodies,
    )


def recorder(scanning: Scanning, now: Callable[[], datetime]) -> Work:
    """What the inbox does with a stored event."""

    def work(entry: Entry) -> Outcome:
        report = read(entry.raw)
        if not report.scans:
            return Outcome(IGNORED, "tells nothing of a parcel's way")
        origin = Origin(f"provider:{entry.sender}", f"webhook:{entry.entry_id}", stamp(now()))
        recorded = scanning.record(report.scans, origin)
        reason = "no parcel has this tracking number" if recorded.state == IGNORED else ""
        return Outcome(recorded.state, reason, recorded.order_id)

    return work
