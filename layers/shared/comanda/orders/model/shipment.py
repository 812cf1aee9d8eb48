"""Parcels on their way, and how they are found by their tracking number."""

from dataclasses import dataclass, field

from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class ShipmentLine(Record):
    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class RawScan(Record):
    """A scan as its carrier told it. `at` is UTC; `local` the time as it was written, with its offset. The
    words may name people: they are in no fact."""

    carrier: str
    status: str
    at: str
    local: str = ""
    place: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Shipment(Record):
    """One parcel on its way. `scan_*` is the greatest scan so far (terminal, time, rank)."""

    shipment_id: str
    carrier: str
    tracking_number: str
    lines: tuple[ShipmentLine, ...]
    shipped_at: str
    status: str = "shipped"
    tracking_url: str = ""
    expected_at: str = ""
    scan_terminal: bool = False
    scan_at: str = ""
    scan_rank: int = 0
    delivered_at: str = ""  # the last time the carrier said so; stays when the parcel comes back
    deliveries: tuple[int, ...] = ()  # the delivery orders it is of; empty: the only one
    consignment: str = ""  # the first parcel of the same `ship`; empty: it went alone
    label_id: str = ""  # the carrier's label bought for it; empty: none through us
    weight_grams: int = 0  # gross, packed; 0: not known
    length_mm: int = 0  # outside, of the packed parcel; 0: not known
    width_mm: int = 0
    height_mm: int = 0
    stuck_since: str = ""  # its last sign, once that was too long ago; empty again with the next scan
    scans: tuple[RawScan, ...] = field(default=(), compare=False)  # all of them, by time; beside the history

    @property
    def tracking_key(self) -> str:
        return tracking_key(self.tracking_number)


def tracking_key(number: str) -> str:
    """How a tracking number is looked up: people write it with spaces and in any case."""
    return "".join(number.split()).upper()
