"""Bodies of the staff commands."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, model_validator

from comanda.fulfilment.pick import Handful
from comanda.fulfilment.short_pick import ShortPick, ShortUnits
from comanda.fulfilment.units import Wanted
from comanda.orders.promise import Meant, Promise
from comanda.orders.vocabulary import Label
from comanda.orders.wire import Body, Quantity, Sku
from comanda.times import stamp


def _moment(text: str) -> str:
    """A moment, or a day: its noon in UTC is on that day nearly everywhere."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("a date (2026-11-25) or a time with its offset") from error
    if len(text) == len("2026-11-25"):
        parsed = parsed.replace(hour=12, tzinfo=UTC)
    if parsed.tzinfo is None:
        raise ValueError("a time needs its offset from UTC")
    return stamp(parsed)


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
LineId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Tracking = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Carrier = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
PaymentId = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Moment = Annotated[str, AfterValidator(_moment), Field(max_length=40)]
WebAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^https?://\S+$", max_length=500)
]


def _tag(text: str) -> str:
    """A tag is one word in lower case: `Cliente VIP` becomes `cliente-vip`."""
    tag = re.sub(r"[^\w]+", "-", text.casefold()).strip("-")
    if not tag:
        raise ValueError("a tag has letters or digits")
    return tag


Tag = Annotated[str, StringConstraints(max_length=30), AfterValidator(_tag)]
Tags = Annotated[list[Tag], Field(max_length=20)]


class AssignBody(Body):
    """`to` names a salesperson or a team; `me` is who asks, null nobody."""

    to: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] | None


class QuoteBody(Body):
    """Until when the prices hold; a day counts to its noon in UTC."""

    expires_at: Moment


class TagBody(Body):
    add: Tags = []
    remove: Tags = []


class NothingBody(Body):
    """A command that needs no more words."""


class MeantBody(Body):
    """A line, by its id or by a SKU that is on one line only."""

    line_id: LineId | None = None
    sku: Sku | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.line_id or self.sku):
            raise ValueError("name the line by line_id or by sku")
        return self


class PromiseBody(Body):
    """`promised_at` is a day of the shop. Without lines all that wait are meant. `notify`: the customer is
    told."""

    promised_at: date
    lines: Annotated[list[MeantBody], Field(min_length=1, max_length=200)] | None = None
    notify: StrictBool = True

    def promise(self) -> Promise:
        meant = tuple(Meant(one.line_id or "", one.sku or "") for one in self.lines or ())
        return Promise(self.promised_at.isoformat(), meant, self.notify)


class RejectBody(Body):
    reason: Reason


class CancelBody(Body):
    """`reason` is a code (`out_of_stock`, `customer`, `duplicate` …) or words; words are kept as a note."""

    reason: Reason
    note: Note = ""
    restock: bool = True
    refund: bool = True


class HoldBody(Body):
    """`reason` is one of the kinds of holds or words; words make it a manual hold with that note."""

    reason: Reason
    note: Note = ""


class ReleaseHoldBody(Body):
    hold_id: LineId


class LabelBody(Body):
    label: Label


class UnitsBody(Body):
    """Units of one line."""

    line_id: LineId | None = None
    sku: Sku | None = None
    quantity: Quantity

    @model_validator(mode="after")
    def named(self) -> Self:
        if not self.line_id and not self.sku:
            raise ValueError("name the line by line_id or by sku")
        return self


class ResendMailBody(Body):
    """`mail` is the `effect_id` of one of the order's mails (`conversation`)."""

    mail: PaymentId


class UndoShipBody(Body):
    """One parcel, or all that left together with it (`consignment`)."""

    shipment_id: LineId | None = None
    consignment: LineId | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.shipment_id) == bool(self.consignment):
            raise ValueError("name a parcel by shipment_id, or a consignment")
        return self


class StepBody(Body):
    """Units of lines, of one delivery order by its number or of any; without lines all that there are."""

    lines: Annotated[list[UnitsBody], Field(min_length=1, max_length=200)] | None = None
    delivery: Annotated[int, Field(ge=1, le=10_000)] | None = None

    def handful(self) -> Handful:
        lines = tuple(Wanted(one.quantity, one.line_id or "", one.sku or "") for one in self.lines or ())
        return Handful(lines, self.delivery or 0)


class ShortUnitsBody(UnitsBody):
    """`article`: of a bundle, the SKU of the part that is not there; without it all of its parts."""

    article: Sku | None = None


class SubstituteBody(Body):
    """What takes the place of the units, all of them."""

    sku: Sku


class ShortPickBody(Body):
    """Units of lines that are not found, or broken, where a delivery order is to leave from."""

    lines: Annotated[list[ShortUnitsBody], Field(min_length=1, max_length=200)]
    reason: Literal["missing", "damaged", "misplaced"]
    delivery: Annotated[int, Field(ge=1, le=10_000)] | None = None
    policy: Literal["backorder", "refund", "substitute"] | None = None
    substitute: SubstituteBody | None = None
    note: Note = ""

    def short_pick(self) -> ShortPick:
        lines = tuple(
            ShortUnits(one.quantity, one.line_id or "", one.sku or "", one.article or "")
            for one in self.lines
        )
        instead = self.substitute.sku if self.substitute else ""
        return ShortPick(lines, self.reason, self.delivery or 0, self.policy, self.note, substitute=instead)


class UndoShortPickBody(Body):
    short_id: LineId
