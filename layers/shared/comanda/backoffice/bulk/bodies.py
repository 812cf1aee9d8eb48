"""`POST /admin/bulk` and the parameters of its actions."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from comanda.backoffice.bodies import Carrier, LineId, Moment, Reason, Tracking
from comanda.orders.wire import Body, Named, Quantity, Short, Sku

MOST_IDS = 5_000
MOST_ROWS = 2_000


class BulkBody(Body):
    """Either `ids`, or a `filter` as the list takes it, or the rows of `ship`. `preview` changes nothing."""

    action: Named
    ids: Annotated[list[Named], Field(min_length=1, max_length=MOST_IDS)] | None = None
    filter: Annotated[dict[str, Any], Field(min_length=1, max_length=40)] | None = None
    params: dict[str, Any] = {}
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


class ReleaseParams(Body):
    """`reason` picks the holds of one kind; without it all open holds are released."""

    reason: Reason | None = None


class ExportParams(Body):
    """To a destination, or without one as a file to download."""

    destination: Named | None = None
    profile: Literal["orders", "lines"] | None = None
    mode: Literal["new", "all"] = "all"
    format: Literal["machine", "spreadsheet"] | None = None
