"""`POST /admin/bulk` and the parameters of its actions."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from comanda.backoffice.bodies import Carrier, LineId, Moment, Reason, Tracking
from comanda.backoffice.bodies_cheques import Day
from comanda.orders.wire import Body, Named, Quantity, Short, Sku

HAND_OVER = "hand-over"  # the one paper that finds its orders by itself
DAYS_BACK = 31  # so far it looks for them: all that changed since the day is read
MOST_IDS = 5_000
MOST_ROWS = 2_000


def _without_fractions(value: Any) -> Any:
    """Nothing that a job is told has a fraction; money is in minor units."""
    if isinstance(value, float):
        raise ValueError("numbers are whole")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _without_fractions(part)
    return value


def first_day(today: str) -> str:
    """The earliest day whose hand-over list finds its orders by itself; days are the shop's, `2026-11-21`."""
    return (date.fromisoformat(today) - timedelta(days=DAYS_BACK)).isoformat()


type Told = Annotated[dict[str, Any], AfterValidator(_without_fractions)]


class BulkBody(Body):
    """Either `ids`, or a `filter` as the list takes it, or the rows of `ship`. `preview` changes nothing."""

    action: Named
    ids: Annotated[list[Named], Field(min_length=1, max_length=MOST_IDS)] | None = None
    filter: Annotated[Told, Field(min_length=1, max_length=40)] | None = None
    params: Told = {}
    preview: bool = False


class PaidParams(Body):
    """Of each order all that is due; `reference` is the bank's, the same for all."""

    reference: Short = ""
    notify: bool = True


class ShipRow(Body):
    """One line of a list from the warehouse: units of a SKU, or without one the rest of the order."""

    order_id: Named | None = None
    number: Named | None = None
    sku: Sku | None = None
    line_id: LineId | None = None
    quantity: Quantity | None = None
    carrier: Carrier | None = None
    tracking_number: Tracking | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.order_id) == bool(self.number):
            raise ValueError("name the order by order_id or by number")
        if bool(self.sku or self.line_id) != bool(self.quantity):
            raise ValueError(
                "units take a sku (or line_id) and a quantity; without both all that is left goes"
            )
        return self


class ShipParams(Body):
    """`carrier` and `tracking_number` stand for rows that have none, and for whole orders. Without any
    number the order's own is the parcel's reference."""

    carrier: Carrier | None = None
    tracking_number: Tracking | None = None
    notify: bool = True
    expected_at: Moment | None = None
    rows: Annotated[list[ShipRow], Field(min_length=1, max_length=MOST_ROWS)] | None = None


class PrintParams(Body):
    """Which paper of each order, or which list of all; without a format the shop's, without a language each
    order's own or, of a list, the shop's people's. `day`: whose parcels are handed over, else today's; of one
    `carrier` or from one `location`, else of all. Such a list needs no orders: then all of the day are on it.
    Labels are as their carriers made them: a PDF of those that are PDF or a picture, or those in ZPL."""

    kind: Literal["order", "packing-slip", "receipt", "pickup-slip", "pick-list", "hand-over", "labels"]
    format: Literal["letter", "a4", "thermal", "pdf", "zpl"] | None = None
    lang: Literal["es", "en"] | None = None
    day: Day | None = None
    carrier: Carrier | None = None
    location: Named | None = None

    @field_validator("format")
    @classmethod
    def _for_the_kind(cls, format: str | None, told: ValidationInfo) -> str | None:
        of_labels = told.data.get("kind") == "labels"
        if of_labels and format not in (None, "pdf", "zpl"):
            raise ValueError("labels are printed as pdf or zpl")
        if not of_labels and format in ("pdf", "zpl"):
            raise ValueError("papers are printed as letter, a4 or thermal")
        return format

    @model_validator(mode="after")
    def _of_a_day(self) -> Self:
        if (self.day or self.carrier or self.location) and self.kind != "hand-over":
            raise ValueError("only a hand-over list is of a day, a carrier or a location")
        return self


class ReleaseParams(Body):
    """`reason` picks the holds of one kind; without it all open holds are released."""

    reason: Reason | None = None


class ExportParams(Body):
    """To a destination, or without one as a file to download."""

    destination: Named | None = None
    profile: Literal["orders", "lines"] | None = None
    mode: Literal["new", "all"] = "all"
    format: Literal["machine", "spreadsheet"] | None = None
