"""Ask carriers after parcels that nothing was heard of for hours, whether or not they send webhooks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Protocol

from comanda.fulfilment.carriers.names import carrier_code
from comanda.fulfilment.carriers.port import CarrierError
from comanda.fulfilment.carriers.tracker import Tracker, TrackingReport
from comanda.fulfilment.reports import scans_of
from comanda.fulfilment.scan import Scanning
from comanda.fulfilment.tracking import TERMINAL
from comanda.orders.facts import Origin
from comanda.orders.model import Shipment, tracking_key
from comanda.runtime.observe import logger
from comanda.times import moment, stamp

QUIET = timedelta(hours=6)  # so long after the last scan, or the shipping, nobody is asked
OLDEST = timedelta(days=60)  # carriers forget parcels after that
PAGES = 4  # pages of orders in one run
# By carrier: how many numbers go into one question, and how many are asked after in one run.
LIMITS = {"fedex": (30, 120), "ups": (10, 40)}


class Cursor(Protocol):
    """Where the last run stopped among the orders on their way."""

    def read(self) -> str: ...

    def move(self, cursor: str) -> None: ...


@dataclass(slots=True)
class Asked:
    """`parcels` asked after, of which `news` had something new; `failed`: the carrier did not answer."""

    parcels: int = 0
    news: int = 0
    failed: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AskingAfter:
    """`trackers` are those whose keys the shop has; `on_their_way` gives the parcels of a page of orders that
    have some under way, and the cursor of the next (empty at the end)."""

    trackers: Callable[[], Mapping[str, Tracker]]
    on_their_way: Callable[[str], tuple[Iterable[Shipment], str]]
    scanning: Scanning
    cursor: Cursor
    now: Callable[[], datetime]

    def run(self, more_time: Callable[[], bool]) -> dict[str, Asked]:
        """Ask within every carrier's limits; the next run goes on where this one stopped."""
        trackers = self.trackers()
        if not trackers:
            return {}
        numbers = self._quiet(frozenset(trackers), more_time)
        found = {}
        for carrier in sorted(trackers):
            found[carrier] = asked = Asked()
            self._ask(carrier, trackers[carrier], numbers.get(carrier, []), asked, more_time)
        return found

    def _quiet(self, carriers: frozenset[str], more_time: Callable[[], bool]) -> dict[str, list[str]]:
        """Tracking numbers by carrier, from where the last run stopped, until a limit is reached."""
        found: dict[str, dict[str, str]] = {carrier: {} for carrier in carriers}
        cursor, begun = self.cursor.read(), self.now()
        for _ in range(PAGES):
            parcels, cursor = self.on_their_way(cursor)
            for parcel in parcels:
                carrier = carrier_code(parcel.carrier)
                if carrier in found and unheard_of(parcel, begun):
                    found[carrier].setdefault(parcel.tracking_key, parcel.tracking_number)
            full = any(len(found[carrier]) >= LIMITS[carrier][1] for carrier in carriers)
            if not cursor or full or not more_time():
                break
        self.cursor.move(cursor)
        return {carrier: list(numbers.values()) for carrier, numbers in found.items()}

    def _ask(
        self,
        carrier: str,
        tracker: Tracker,
        numbers: Sequence[str],
        asked: Asked,
        more_time: Callable[[], bool],
    ) -> None:
        at_once, most = LIMITS[carrier]
        for some in batched(numbers[:most], at_once, strict=False):
            if not more_time():
                return
            try:
                reports = tracker.track_all(some)
            except CarrierError as error:
                asked.failed = True
                logger.warning(
                    "a carrier does not answer", extra={"carrier": carrier, "reason": error.reason}
                )
                return
            asked.parcels += len(some)
            asked.news += sum(self._record(report) for report in reports.values())

    def _record(self, report: TrackingReport) -> bool:
        scans = scans_of(report)
        if not scans:
            return False
        at = stamp(self.now())
        origin = Origin(f"provider:{report.carrier}", f"asked:{tracking_key(report.tracking_number)}", at)
        return self.scanning.record(scans, origin).state == "applied"


def unheard_of(parcel: Shipment, now: datetime) -> bool:
    """Whether it is under way, and nothing was told of it for hours."""
    if not parcel.tracking_number or parcel.status in TERMINAL:
        return False
    last = moment(parcel.scan_at or parcel.shipped_at)
    return QUIET <= now - last <= OLDEST
