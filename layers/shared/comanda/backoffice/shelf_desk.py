"""What staff ask of the shelf, and the desk that runs it for the routes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import Field, StringConstraints

from comanda.backoffice.bodies import Reason
from comanda.backoffice.listing.page import OrderList
from comanda.backoffice.routes import StaffRoutes
from comanda.carts.store import CartStore
from comanda.idempotency.store import Request
from comanda.orders.backorder import Arrivals
from comanda.orders.wire import Body
from comanda.runtime.http import answer, idempotency_key
from comanda.settings.sections import Code, Stock
from comanda.settings.store import SettingsStore
from comanda.stock.adjust_stock import MOST_UNITS, Adjusted, Book, Correction, adjust_stock
from comanda.stock.count_lines import MOST_BIN
from comanda.stock.import_counts import Counting
from comanda.stock.spread import MOST_SHARDS

LEAVE_MS = 4_000  # what an import leaves of the time a function has, to finish its transaction and answer


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

    def location(self, wanted: str | None = None) -> str:
        return wanted or self.rules().default_location

    def rules(self) -> Stock:
        found: Stock = self.settings().section("stock")[0]
        return found

    def known(self, location: str) -> bool:
        """Whether the settings name it beside the default one: a product may come to be kept there."""
        return location in {place.code for place in self.settings().section("stock")[0].locations}

    def counting(self, *, dry_run: bool) -> Counting:
        """Who imports counts now, and for which locations."""
        rules, origin = self.rules(), self.routes.origin
        known = {rules.default_location, *(place.code for place in rules.locations)}
        return Counting(self.book(), rules.default_location, known, origin.actor, origin.at, dry_run)

    def request(self, sku: str, what: str, body: Body) -> Request:
        key = idempotency_key(self.routes.event)
        return Request.of(f"{self.routes.origin.actor}#{what}#{sku}", key, body.model_dump(mode="json"))

    def correct(self, asked: Correction, request: Request) -> Response[dict[str, Any]]:
        """A correction or a count; what comes in goes to those who wait for it."""
        asked = replace(asked, home=self.location(), opens=self.known(asked.location))
        origin = self.routes.origin
        done = adjust_stock(asked, self.book(), actor=origin.actor, at=origin.at, request=request)
        if done.result["delta"] > 0:
            self.arrivals().serve(asked.sku, more_time=self.routes.time_left(LEAVE_MS))
        return told(done)


def told(done: Adjusted) -> Response[dict[str, Any]]:
    return answer(done.result, headers={"Idempotent-Replay": "true"} if done.replayed else {})
