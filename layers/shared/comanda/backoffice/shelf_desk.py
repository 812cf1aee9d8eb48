"""What staff ask of the shelf, and the desk that runs it for the routes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Reason
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.routes import StaffRoutes
from comanda.backoffice.shelf import LEAVE_MS, Shelf
from comanda.carts.store import CartStore
from comanda.idempotency.store import Request
from comanda.orders.backorder import Arrivals
from comanda.orders.wire import Body
from comanda.runtime.http import answer, idempotency_key
from comanda.settings.sections import Code, Stock
from comanda.settings.store import SettingsStore
from comanda.stock.adjust_stock import MOST_UNITS, Adjusted, Book, Correction
from comanda.stock.count_lines import MOST_BIN
from comanda.stock.import_counts import Counting
from comanda.stock.spread import MOST_SHARDS


class AdjustBody(Body):
    delta: Annotated[int, Field(strict=True, ge=-MOST_UNITS, le=MOST_UNITS)]
    reason: Reason
    location: Code | None = None


class CountBody(Body):
    counted: Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
    reason: Reason = "count"
    location: Code | None = None


class ThresholdBody(Body):
    """None: as the shop's setting `stock.low_stock` says."""

    units: Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)] | None


class BinBody(Body):
    """None or empty: in none."""

    bin: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_BIN)] | None
    location: Code | None = None


class BeyondBody(Body):
    """None: no more is sold than there is."""

    kind: Literal["backorder", "preorder"] | None
    promised_at: date | None = None


class TransferBody(Body):
    units: Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS)]
    origin: Annotated[Code, Field(alias="from")]
    to: Code
    reason: Reason = "transfer"


class SpreadBody(Body):
    shards: Annotated[int, Field(strict=True, ge=1, le=MOST_SHARDS)]
    location: Code | None = None


@dataclass(frozen=True, slots=True)
class ShelfDesk:
    """Runs the commands of the shelf for the routes: key, who asks, where."""

    routes: StaffRoutes
    book: Callable[[], Book]
    settings: Callable[[], SettingsStore]
    arrivals: Callable[[], Arrivals]
    order_list: Callable[[], OrderList]
    carts: Callable[[], CartStore]

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.book, self.settings, self.arrivals)

    def location(self, wanted: str | None = None) -> str:
        return wanted or self.rules().default_location

    def rules(self) -> Stock:
        return self.shelf.rules

    def counting(self, *, dry_run: bool) -> Counting:
        """Who imports counts now, and for which locations."""
        origin, known = self.routes.origin, self.shelf.locations()
        return Counting(self.book(), known[0], set(known), origin.actor, origin.at, dry_run)

    def request(self, sku: str, what: str, body: Body) -> Request:
        key = idempotency_key(self.routes.event)
        return Request.of(f"{self.routes.origin.actor}#{what}#{sku}", key, body.model_dump(mode="json"))

    def correct(self, asked: Correction, request: Request) -> Response[dict[str, Any]]:
        more_time = self.routes.time_left(LEAVE_MS)
        return told(self.shelf.correct(asked, self.routes.origin, request, more_time))


def told(done: Adjusted) -> Response[dict[str, Any]]:
    return answer(done.result, headers={"Idempotent-Replay": "true"} if done.replayed else {})
