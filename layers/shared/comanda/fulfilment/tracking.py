"""Where a parcel is: the greatest of its scans, in whatever order they arrive. Pure.

A scan is greater when it is terminal, then when it was made later, then by rank. A maximum does not
care for order or repetition, so late, doubled and shuffled reports give the same state, and what a
parcel shows is the identity of the scans that it has seen: none needs a record of its own. Beside that
each is kept once, in the carrier's words. Trouble
(a delay, a refusal, a loss) also holds the order until a greater scan says that it is over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from comanda.fulfilment.carriers import EASYPOST, SERVED, carrier_code
from comanda.orders.decision import NOTHING, Decision
from comanda.orders.facts import Happened
from comanda.orders.model import Hold, Order, RawScan, Shipment, tracking_key
from comanda.orders.record import Record
from comanda.orders.vocabulary import HoldReason
from comanda.times import later

RANKS = {
    "pre_transit": 1,
    "in_transit": 2,
    "out_for_delivery": 3,
    "available_for_pickup": 4,
    "exception": 5,
    "lost": 6,
    "returned_to_sender": 7,
    "delivered": 8,
}
TERMINAL = frozenset({"delivered", "returned_to_sender", "lost"})
TROUBLE = frozenset({"exception", "returned_to_sender", "lost"})


MOST_LETTERS = 300  # of what a carrier says of one scan
MOST_KEPT = 400  # scans of a parcel
AHEAD_SECONDS = 86_400  # carriers' clocks and offsets are wrong by hours


@dataclass(frozen=True, slots=True)
class Scan(Record):
    """One report of a carrier. `status` is one of RANKS, `at` when it was scanned."""

    carrier: str
    tracking_number: str
    status: str
    at: str
    expected_at: str = ""
    local: str = ""  # the time as the carrier wrote it, with its offset
    place: str = ""
    message: str = ""

    @property
    def raw(self) -> RawScan:
        return RawScan(
            self.carrier,
            self.status,
            self.at,
            self.local,
            self.place[:MOST_LETTERS],
            self.message[:MOST_LETTERS],
        )

    @property
    def key(self) -> tuple[bool, str, int]:
        return self.status in TERMINAL, self.at, RANKS[self.status]


def scanned(shipment: Shipment, scan: Scan) -> Shipment:
    """The parcel after one more scan."""
    delivered_at = shipment.delivered_at
    if scan.status == "delivered":
        delivered_at = max(delivered_at, scan.at)
    if scan.key <= (shipment.scan_terminal, shipment.scan_at, shipment.scan_rank):
        return replace(shipment, delivered_at=delivered_at)
    terminal, at, rank = scan.key
    return replace(
        shipment,
        status=scan.status,
        scan_terminal=terminal,
        scan_at=at,
        scan_rank=rank,
        expected_at=scan.expected_at or shipment.expected_at,
        delivered_at=delivered_at,
        stuck_since="",
    )


def noted(scans: tuple[RawScan, ...], scan: RawScan) -> tuple[RawScan, ...]:
    """The scans of a parcel with one more, by time, each once by carrier, status and time: of two that tell
    the same with other words the greater stays, so that the order of arrival does not matter."""
    known = {(one.at, one.status, one.carrier): one for one in scans}
    key = (scan.at, scan.status, scan.carrier)
    known[key] = max(scan, known.get(key, scan), key=lambda one: (one.message, one.place, one.local))
    return tuple(known[one] for one in sorted(known))[-MOST_KEPT:]


def concerned(shipments: Iterable[Shipment], scan: Scan) -> frozenset[str]:
    """Ids of the parcels that a scan is about: those with its number whose carrier EasyPost serves.

    When one of several parcels with this number names the very carrier, only that one is meant.
    """
    number = tracking_key(scan.tracking_number)
    found = {s.shipment_id: carrier_code(s.carrier) for s in shipments if s.tracking_key == number}
    served = {shipment_id for shipment_id, carrier in found.items() if carrier in SERVED}
    exact = {shipment_id for shipment_id in served if found[shipment_id] in (scan.carrier, EASYPOST)}
    return frozenset(exact or served)


def recording(order: Order, scans: Iterable[Scan], shipment_ids: frozenset[str], at: str) -> Decision:
    """Facts for every scan that moves one of these parcels, oldest first; nothing when all are known. `at`:
    now. A scan of a day that has not come is kept and moves nothing, unless it is the last one: a clock that
    is wrong would hide all that the carrier tells until then."""
    decision, latest = NOTHING, later(at, AHEAD_SECONDS)
    parcels = {shipment.shipment_id: shipment for shipment in order.shipments}
    for scan in sorted(scans, key=lambda scan: scan.key):
        for shipment_id in sorted(parcels.keys() & shipment_ids):
            before = parcels[shipment_id]
            counts = scan.at <= latest or scan.status in TERMINAL
            moved = scanned(before, scan) if counts else before
            after = replace(moved, scans=noted(before.scans, scan.raw))
            if after != before:
                decision += _moved(before, after)
            elif after.scans != before.scans:
                decision += _late(after, scan)
            parcels[shipment_id] = after
    if not decision.facts:
        return NOTHING
    told = {one: parcel.scans for one, parcel in parcels.items() if one in shipment_ids}
    return decision + _troubles(order, parcels) + Decision(scans=told)


def _late(parcel: Shipment, scan: Scan) -> Decision:
    """A scan that was not known and moves nothing: a greater one was."""
    told = {"shipment_id": parcel.shipment_id, "changes": {}, "scan": {"status": scan.status, "at": scan.at}}
    return Decision(facts=(Happened("ShipmentScanned", told),), outside=True)


def _moved(before: Shipment, after: Shipment) -> Decision:
    old, new = before.to_dict(), after.to_dict()
    changes = {name: new[name] for name in new if new[name] != old.get(name) and name != "scans"}
    changes |= {"stuck_since": ""} if before.stuck_since and not after.stuck_since else {}
    told = "customer" if after.status != before.status else "internal"
    facts = [Happened("ShipmentScanned", {"shipment_id": after.shipment_id, "changes": changes}, told)]
    if after.status == "delivered" and before.status != "delivered":
        facts.append(Happened("LinesDelivered", _lines(after), "customer"))
    if before.status == "delivered" and after.status != "delivered":
        facts.append(Happened("DeliveryUndone", _lines(after), "customer"))
    return Decision(facts=tuple(facts), outside=True)


def _lines(shipment: Shipment) -> dict[str, Any]:
    lines = [{"line_id": line.line_id, "quantity": line.quantity} for line in shipment.lines]
    return {"shipment_id": shipment.shipment_id, "lines": lines}


def _troubles(order: Order, parcels: dict[str, Shipment]) -> Decision:
    """Open a hold for each parcel newly in trouble, close those whose parcel is out of it."""
    before = {shipment.shipment_id: shipment for shipment in order.shipments}
    held = {h.detail: h for h in order.open_holds if h.reason == HoldReason.DELIVERY_EXCEPTION}
    facts: list[Happened] = []
    for shipment_id, after in parcels.items():
        hold = held.get(shipment_id)
        news = after.scan_at != before[shipment_id].scan_at or after.status != before[shipment_id].status
        if after.status in TROUBLE and news and hold is None:
            facts.append(_hold(shipment_id, after.scan_at, len(order.holds) + len(facts) + 1))
        elif after.status not in TROUBLE and hold is not None:
            facts.append(Happened("HoldReleased", {"hold_id": hold.hold_id}))
    return Decision(facts=tuple(facts))


def _hold(shipment_id: str, at: str, number: int) -> Happened:
    hold = Hold(f"t{number}", HoldReason.DELIVERY_EXCEPTION, at, "system", detail=shipment_id)
    return Happened("HoldOpened", {"hold": hold.to_dict()})
