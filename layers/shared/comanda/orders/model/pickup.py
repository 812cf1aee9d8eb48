"""What waits at the counter for its customer, and who has come for it."""

from dataclasses import dataclass

from comanda.orders.model.shipment import ShipmentLine
from comanda.orders.record import Record


@dataclass(frozen=True, slots=True)
class HandOver(Record):
    """Goods that somebody has taken with them; `name` is the personal text with who it was."""

    hand_over_id: str
    at: str
    lines: tuple[ShipmentLine, ...]
    name: str = ""
    by_code: bool = False  # they showed the code


@dataclass(frozen=True, slots=True)
class Pickup(Record):
    """`lines` are put aside and not handed over yet. The code itself is stored nowhere: `serial` and `mark`
    say which token it is made of."""

    serial: str
    mark: str
    point: str  # the way of delivery whose place it is
    ready_at: str
    lines: tuple[ShipmentLine, ...] = ()
    until: str = ""
    remind_at: str = ""
    reminded: bool = False
    overdue: str = "hold"  # what happens at `until`: hold | cancel | none
    late: bool = False  # that time is over, and it has happened
    shelf: str = ""  # where it lies, for the staff
    handed: tuple[HandOver, ...] = ()
