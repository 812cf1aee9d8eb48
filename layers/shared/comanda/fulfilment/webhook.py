"""What carriers report by webhook: taken in once its signature fits, applied from the inbox."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.errors import BadSignature, Malformed, NotFound
from comanda.fulfilment import easypost
from comanda.fulfilment.carriers import EASYPOST
from comanda.fulfilment.carriers.fedex import reading as fedex
from comanda.fulfilment.carriers.fedex import signature as fedex_signature
from comanda.fulfilment.reports import scans_of
from comanda.fulfilment.scan import NOBODYS, Recorded, Scanning
from comanda.fulfilment.tracking import Scan
from comanda.inbox.apply import Work
from comanda.inbox.bodies import Bodies
from comanda.inbox.model import IGNORED, Entry, Outcome
from comanda.inbox.receive import receive, reject
from comanda.orders.facts import Origin
from comanda.runtime.requests import raw_body
from comanda.times import moment, stamp

type Verify = Callable[[bytes, Mapping[str, str], Iterable[str]], None]

KIND = "carriers"
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class CarrierDoor:
    """Where carriers knock. `secrets` gives the active webhook secrets of one of them."""

    bodies: Bodies
    bucket: str
    secrets: Callable[[str], list[str]]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Told:
    """What a body holds: for each parcel its scans. Without an event id the body's digest stands for it."""

    parcels: tuple[tuple[Scan, ...], ...]
    event_id: str = ""
    kind: str = ""
    told_at: datetime | None = None


def _of_easypost(body: bytes) -> Told:
    report = easypost.read(body)
    return Told((report.scans,), report.event_id, report.kind, report.told_at)


def _of_fedex(body: bytes) -> Told:
    """Without an id, the time of the last scan keeps a repeated report the same over midnight."""
    reports = fedex.read(body)
    last = max((moment(one.told_at) for one in reports if one.told_at), default=None)
    return Told(tuple(scans_of(one) for one in reports), kind=fedex.KIND, told_at=last)


SENDERS: dict[str, tuple[Verify, Callable[[bytes], Told]]] = {
    EASYPOST: (easypost.verify, _of_easypost),
    fedex.FEDEX: (fedex_signature.verify, _of_fedex),
}


def take_in(carrier: str, event: dict[str, Any], at: CarrierDoor) -> None:
    """Store a carrier's webhook. Raises NotFound, TooLarge, BadSignature, or Malformed."""
    if carrier not in SENDERS:
        raise NotFound("no carrier of this name reports here")
    verify, read = SENDERS[carrier]
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
    told = read(raw)
    receive(
        raw,
        kind=KIND,
        sender=carrier,
        event_id=told.event_id,
        event_type=told.kind,
        told_at=told.told_at,
        bucket=at.bucket,
        now=at.now(),
        bodies=at.bodies,
    )


def recorder(scanning: Scanning, now: Callable[[], datetime]) -> Work:
    """What the inbox does with a stored event."""

    def work(entry: Entry) -> Outcome:
        if entry.sender not in SENDERS:
            raise Malformed("nobody reads what this sender told")
        told = SENDERS[entry.sender][1](entry.raw)
        parcels = [scans for scans in told.parcels if scans]
        if not parcels:
            return Outcome(IGNORED, "tells nothing of a parcel's way")
        origin = Origin(f"provider:{entry.sender}", f"webhook:{entry.entry_id}", stamp(now()))
        recorded = strongest([scanning.record(scans, origin) for scans in parcels])
        reason = "no parcel has this tracking number" if recorded.state == IGNORED else ""
        return Outcome(recorded.state, reason, recorded.order_id)

    return work


def strongest(recorded: list[Recorded]) -> Recorded:
    """What came of a report on several parcels: that something changed, else that it was known."""
    states = ("applied", "already_applied")
    found = (one for state in states for one in recorded if one.state == state)
    return next(found, NOBODYS)
