"""What carriers tell of parcels, by webhook or when they are asked: the records, and who is asked. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan, as the carrier tells it. `status` is a word of `tracking.RANKS`, or empty for one that says
    nothing of its whereabouts; `at` is RFC 3339 with the carrier's own offset kept."""

    status: str
    at: str
    message: str = ""
    place: str = ""
    code: str = ""  # the carrier's own


@dataclass(frozen=True, slots=True)
class TrackingReport:
    """What a carrier tells of one parcel; `told_at` is the time of its last scan, as far as it is known."""

    carrier: str
    tracking_number: str
    scans: tuple[Scanned, ...]
    told_at: str = ""
    expected_on: str = ""  # a day (YYYY-MM-DD)


class Tracker(Protocol):
    """A carrier that is asked after several numbers. Raises Unavailable and Refused as a `Carrier` does."""

    def track_all(self, numbers: Sequence[str]) -> Mapping[str, TrackingReport]:
        """Reports by tracking number, with all scans that it knows of; what it does not know is left out."""
        ...
