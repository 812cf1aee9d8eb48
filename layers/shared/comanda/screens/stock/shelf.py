"""Changes of the shelf as forms ask for them: corrections, counts, transfers."""

from collections.abc import Callable
from dataclasses import dataclass

from comanda.errors import Invalid, Malformed
from comanda.idempotency.store import Request
from comanda.orders.backorder import Arrivals
from comanda.screens.house.asked import Asked
from comanda.settings.store import SettingsStore
from comanda.stock.adjust_stock import MOST_UNITS, Adjusted, Book, Correction, adjust_stock
from comanda.stock.transfer import Transfer, transfer_stock

LONGEST_REASON = 200
REASONS = ("count", "found", "damaged", "lost", "received", "returned", "sample")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the stock is kept and whom new units serve; see wiring."""

    book: Callable[[], Book]
    settings: Callable[[], SettingsStore]
    arrivals: Callable[[], Arrivals]

    @property
    def home(self) -> str:
        return str(self.settings().section("stock")[0].default_location)

    def locations(self) -> list[str]:
        """Every location that a product may be kept at, the usual one first."""
        found = self.settings().section("stock")[0]
        others = [place.code for place in found.locations if place.code != found.default_location]
        return [found.default_location, *others]

    def adjust(self, asked: Asked, sku: str) -> Adjusted:
        """Move by a difference. Raises Invalid, NotFound, OutOfStock, Busy."""
        return self._correct(
            asked, self._correction(asked, sku, whole(asked, "delta", -MOST_UNITS)), "adjust"
        )

    def count(self, asked: Asked, sku: str) -> Adjusted:
        """Set to what was counted; reservations stand. Raises as `adjust` does."""
        counted = whole(asked, "counted", 0)
        return self._correct(asked, self._correction(asked, sku, 0, counted), "count")

    def transfer(self, asked: Asked, sku: str) -> Adjusted:
        """Bring free units from one location to another. Raises as `adjust` does."""
        to, origin = asked.field("to"), asked.origin
        opens = to in self.locations()
        wish = Transfer(
            sku,
            whole(asked, "units", 1),
            asked.field("from"),
            to,
            reason(asked, "transfer"),
            self.home,
            opens,
        )
        request = _request(asked, "transfer", sku)
        return transfer_stock(wish, self.book(), actor=origin.actor, at=origin.at, request=request)

    def _correction(self, asked: Asked, sku: str, delta: int, counted: int | None = None) -> Correction:
        location = asked.field("location") or self.home
        opens = location in self.locations()
        return Correction(sku, delta, reason(asked, "count"), location, counted, self.home, opens)

    def _correct(self, asked: Asked, wish: Correction, what: str) -> Adjusted:
        """What comes in goes to those who wait for it; what time does not suffice for, the sweep serves."""
        origin = asked.origin
        request = _request(asked, what, wish.sku)
        done = adjust_stock(wish, self.book(), actor=origin.actor, at=origin.at, request=request)
        if done.result["delta"] > 0:
            self.arrivals().serve(wish.sku, more_time=lambda: True)
        return done


def whole(asked: Asked, name: str, least: int) -> int:
    """A whole number of a form. Raises Invalid at its field."""
    text = asked.field(name).replace("\u2212", "-")
    try:
        number = int(text)
    except ValueError:
        raise Invalid.at(f"/{name}", "takes a whole number") from None
    if not least <= number <= MOST_UNITS:
        raise Invalid.at(f"/{name}", f"takes a number from {least} to {MOST_UNITS}")
    return number


def reason(asked: Asked, otherwise: str) -> str:
    """Why, as chosen or typed. Raises Invalid at its field."""
    text = asked.field("reason") or otherwise
    if len(text) > LONGEST_REASON:
        raise Invalid.at("/reason", f"takes at most {LONGEST_REASON} characters")
    return text


def _request(asked: Asked, what: str, sku: str) -> Request:
    """A form sent twice counts once. Raises Malformed for one without its key."""
    if not asked.key:
        raise Malformed("the form came without its key")
    fields = {name: values for name, values in asked.form.items() if not name.startswith("_")}
    return Request.of(f"{asked.origin.actor}#screen-{what}#{sku}", asked.key, fields)
