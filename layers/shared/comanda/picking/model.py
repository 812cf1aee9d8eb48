"""A wave, the totes that it fills, and what its picker is told of. Pure; no prices, no people's data."""

from dataclasses import dataclass, field, replace

from comanda.orders.record import Record

OPEN, FINISHED, RELEASED = "open", "finished", "released"
CANCELLED, HELD, CHANGED = "cancelled", "held", "changed"  # kinds of alarms

type Units = dict[str, int]  # SKU → units of the article


@dataclass(frozen=True, slots=True)
class Share(Record):
    """A line of a delivery order in its tote. `each`: articles of one unit; `hand`: articles scanned into the
    tote. `wanted` and `counted` (picked or shipped units) are the order's when it was last looked at; `told`
    counts articles that the picker has told missing."""

    line_id: str
    sku: str
    name: str
    each: Units
    wanted: int
    counted: int
    barcode: str = ""
    hand: Units = field(default_factory=dict)
    short: Units = field(default_factory=dict)

    @property
    def units(self) -> int:
        """Whole units of the line that are in the tote: what the order counts as picked by this wave."""
        return min((self.hand.get(sku, 0) // each for sku, each in self.each.items()), default=0)


@dataclass(frozen=True, slots=True)
class Alarm(Record):
    """Something happened to an order while it is picked; `put_back` says what goes back onto the shelf:
    SKU, name and units."""

    alarm_id: str
    kind: str
    at: str
    put_back: tuple["PutBack", ...] = ()
    seen: bool = False


@dataclass(frozen=True, slots=True)
class PutBack(Record):
    line_id: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Tote(Record):
    """What a wave fetches for one delivery order. `quiet`: what changed last was the picker's own doing."""

    order_id: str
    delivery: int
    number: str
    location: str
    shares: tuple[Share, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    held: bool = False
    gone: bool = False
    quiet: bool = False

    @property
    def key(self) -> str:
        return tote_key(self.order_id, self.delivery)

    def share(self, line_id: str) -> Share | None:
        return next((one for one in self.shares if one.line_id == line_id), None)

    def having(self, share: Share) -> "Tote":
        """The tote with this share in the place of the line's one."""
        shares = (share if one.line_id == share.line_id else one for one in self.shares)
        return replace(self, shares=tuple(shares))


@dataclass(frozen=True, slots=True)
class Wave(Record):
    """`picker` is the person's id in the user pool, `name` what colleagues call them; `until` the end of the
    lease; `version` rises with everything that is done in it."""

    wave_id: str
    picker: str
    name: str
    by: str
    created_at: str
    until: str
    totes: tuple[str, ...]
    location: str = ""
    carrier: str = ""
    state: str = OPEN
    version: int = 1
    ended_at: str = ""
    ended_by: str = ""

    @property
    def open(self) -> bool:
        return self.state == OPEN

    def lapsed(self, at: str) -> bool:
        """Its lease is over: whoever wants the same goods may have them."""
        return self.open and self.until <= at


@dataclass(frozen=True, slots=True)
class Scan(Record):
    """What became of a scan, for good. `undone` is the id under which it was taken back."""

    scan_id: str
    outcome: str
    stop_id: str = ""
    quantity: int = 1
    at: str = ""  # by the phone's clock
    undone: str = ""


def tote_key(order_id: str, delivery: int) -> str:
    return f"{order_id}.{delivery}"


def stop_key(tote: str, line_id: str, sku: str) -> str:
    """The id of a stop: one article of one line in one tote."""
    return f"{tote}.{line_id}.{sku}"


def stop_parts(stop_id: str) -> tuple[str, str, str] | None:
    """The tote's key, the line's id and the SKU; None for what is no id of a stop."""
    parts = stop_id.split(".", 3)
    return (".".join(parts[:2]), parts[2], parts[3]) if len(parts) == 4 else None
