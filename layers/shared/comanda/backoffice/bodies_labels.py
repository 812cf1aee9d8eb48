"""Bodies of the commands about shipping labels."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Carrier, LineId, UnitsBody
from comanda.fulfilment.carriers.port import Box
from comanda.fulfilment.labels.want import Buying, LabelParcel
from comanda.fulfilment.units import Wanted
from comanda.orders.wire import Body

Grams = Annotated[int, Field(ge=1, le=70_000)]
Millimetres = Annotated[int, Field(ge=0, le=5_000)]
Service = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Account = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class LabelParcelBody(Body):
    """A parcel: its weight with the box, its outer size. Without lines all that may leave is in it."""

    lines: Annotated[list[UnitsBody], Field(min_length=1, max_length=200)] | None = None
    weight_grams: Grams
    length_mm: Millimetres = 0
    width_mm: Millimetres = 0
    height_mm: Millimetres = 0

    def parcel(self) -> LabelParcel:
        box = Box(self.weight_grams, self.length_mm, self.width_mm, self.height_mm)
        lines = (Wanted(one.quantity, one.line_id or "", one.sku or "") for one in self.lines or ())
        return LabelParcel(box, tuple(lines))


class RatesBody(Body):
    parcels: Annotated[list[LabelParcelBody], Field(min_length=1, max_length=20)]
    delivery: Annotated[int, Field(ge=1, le=10_000)] | None = None


class BuyLabelBody(RatesBody):
    """`service` as `rates` names it; `account` sells it (as `rates` says), without it the one of the
    carrier's name or the first that is switched on. What is not said is as the settings have it. With
    `address_ok` an address is taken that the check finds unusable."""

    account: Account | None = None
    carrier: Carrier
    service: Service
    ship: bool | None = None
    notify: bool = True
    format: Literal["pdf", "zpl"] | None = None
    address_ok: bool = False

    def buying(self, account: str, *, ship: bool, form: Literal["pdf", "zpl"]) -> Buying:
        return Buying(
            account=account,
            carrier=self.carrier,
            service=self.service,
            parcels=tuple(one.parcel() for one in self.parcels),
            delivery=self.delivery or 0,
            ship=ship if self.ship is None else self.ship,
            notify=self.notify,
            format=self.format or form,
            address_ok=self.address_ok,
        )


class VoidLabelBody(Body):
    label_id: LineId


class ShipLabelBody(Body):
    """Ship the parcel of a label that was bought before."""

    label_id: LineId
    notify: bool | None = None
