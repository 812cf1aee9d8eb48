"""What a phone sends."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from comanda.errors import Forbidden
from comanda.orders.wire import Body
from comanda.picking.judge import Given
from comanda.picking.short import Lacking
from comanda.picking.take import Wish

# As a phone makes them: UUIDs, or whatever else cannot be mistaken for a part of a key.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Units = Annotated[int, Field(ge=1, le=100_000, strict=True)]


class WaveBody(Body):
    """`numbers` of delivery orders go with `order`; `location` and `carrier` narrow either of the others."""

    wave_id: Id
    by: Literal["location", "order", "carrier"]
    location: Name | None = None
    carrier: Name | None = None
    numbers: Annotated[list[Name], Field(min_length=1, max_length=40)] | None = None
    most: Annotated[int, Field(ge=1, le=40, strict=True)] | None = None

    def wish(self) -> Wish:
        return Wish(
            self.wave_id,
            self.by,
            self.location or "",
            self.carrier or "",
            tuple(self.numbers or ()),
            self.most or 0,
        )


class ScanBody(Body):
    scan_id: Id
    code: Name
    stop_id: Annotated[str, StringConstraints(max_length=300)] | None = None
    quantity: Units = 1
    at: Annotated[str, StringConstraints(max_length=40)] = ""

    def given(self) -> Given:
        return Given(self.scan_id, self.code, self.stop_id or "", self.quantity, self.at)


class ScansBody(Body):
    scans: Annotated[list[ScanBody], Field(min_length=1, max_length=200)]


class ShortBody(Body):
    """What becomes of it is the shop's to decide: a `substitute` is refused."""

    short_id: Id
    stop_id: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    quantity: Units
    reason: Literal["missing", "damaged", "misplaced"]
    substitute: Name | None = None

    def lacking(self) -> Lacking:
        if self.substitute:
            raise Forbidden("what becomes of units that are not found is the shop's to decide")
        return Lacking(self.short_id, self.stop_id, self.quantity, self.reason)


class UndoBody(Body):
    scan_id: Id
    undo_id: Id
