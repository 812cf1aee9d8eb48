"""Body of `ship`: one parcel, or several that leave together."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from comanda.backoffice.bodies import Carrier, LineId, Moment, Tracking, UnitsBody, WebAddress
from comanda.errors import Invalid
from comanda.fulfilment.consign import MOST_PARCELS, Consignment
from comanda.fulfilment.ship import Parcel
from comanda.fulfilment.units import Wanted
from comanda.orders.wire import Body
from comanda.settings.sections import Box

Grams = Annotated[int, Field(ge=1, le=2_000_000)]
Millimetres = Annotated[int, Field(ge=1, le=20_000)]
Lines = Annotated[list[UnitsBody], Field(min_length=1, max_length=200)]
OF_ONE = (
    "lines",
    "tracking_number",
    "expected_at",
    "tracking_url",
)  # what each of several parcels has itself


class ParcelBody(Body):
    """One of several parcels. Without `lines` it takes the rest of what can leave. `box` is the code of one
    of the shop's: its inner size counts where no size is given, its weight where the parcel's is not."""

    lines: Lines | None = None
    tracking_number: Tracking
    weight_grams: Grams | None = None
    length_mm: Millimetres | None = None
    width_mm: Millimetres | None = None
    height_mm: Millimetres | None = None
    box: LineId | None = None
    expected_at: Moment | None = None
    tracking_url: WebAddress | None = None

    def parcel(self, carrier: str, box: Box | None) -> Parcel:
        sizes = {name: getattr(self, name) or getattr(box, name, 0) for name in SIZES}
        return Parcel(
            lines=wanted(self.lines or ()),
            carrier=carrier,
            tracking_number=self.tracking_number,
            expected_at=self.expected_at or "",
            tracking_url=self.tracking_url or "",
            weight_grams=self.weight_grams or 0,
            **sizes,
        )


SIZES = ("length_mm", "width_mm", "height_mm")


class ShipBody(Body):
    """Either `lines` and `tracking_number` of one parcel, or `parcels`. `delivery` is the number of a
    delivery order."""

    lines: Lines | None = None
    carrier: Carrier
    tracking_number: Tracking | None = None
    notify: bool = True
    expected_at: Moment | None = None
    tracking_url: WebAddress | None = None
    delivery: Annotated[int, Field(ge=1, le=10_000)] | None = None
    parcels: Annotated[list[ParcelBody], Field(min_length=1, max_length=MOST_PARCELS)] | None = None

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        if self.parcels is None:
            missing = [name for name in ("lines", "tracking_number") if not getattr(self, name)]
            _refuse(missing, "is required")
        else:
            given = [name for name in OF_ONE if getattr(self, name) is not None]
            _refuse(given, "each of the parcels has its own")
        return self

    @property
    def tracking_numbers(self) -> list[str]:
        several = [one.tracking_number for one in self.parcels or ()]
        return several or [self.tracking_number or ""]

    @property
    def names_a_box(self) -> bool:
        return any(one.box for one in self.parcels or ())

    def parcel(self) -> Parcel:
        """The one parcel."""
        return Parcel(
            lines=wanted(self.lines or ()),
            carrier=self.carrier,
            tracking_number=self.tracking_number or "",
            notify=self.notify,
            expected_at=self.expected_at or "",
            tracking_url=self.tracking_url or "",
            delivery=self.delivery or 0,
        )

    def consignment(self, boxes: Sequence[Box]) -> Consignment:
        """The several. Raises Invalid for a box that the shop has not."""
        known = {box.code: box for box in boxes}
        for index, one in enumerate(self.parcels or ()):
            if one.box and one.box not in known:
                raise Invalid.at(f"/parcels/{index}/box", "the shop has no such box")
        used = [known.get(one.box or "") for one in self.parcels or ()]
        return Consignment(
            parcels=tuple(
                one.parcel(self.carrier, box) for one, box in zip(self.parcels or (), used, strict=True)
            ),
            tares=tuple(box.tare_grams if box else 0 for box in used),
            notify=self.notify,
            delivery=self.delivery or 0,
        )


def wanted(lines: Sequence[UnitsBody]) -> tuple[Wanted, ...]:
    return tuple(Wanted(line.quantity, line.line_id or "", line.sku or "") for line in lines)


def _refuse(names: list[str], why: str) -> None:
    if names:
        errors: list[dict[str, Any]] = [{"pointer": f"/{name}", "detail": why} for name in names]
        raise Invalid("look at the fields that are named", errors=errors)
