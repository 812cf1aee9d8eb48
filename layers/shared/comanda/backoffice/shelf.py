"""Corrections, counts and transfers of the shelf, for the staff API and the back office alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from comanda.idempotency.store import Request
from comanda.orders.backorder import Arrivals
from comanda.orders.facts import Origin
from comanda.settings.sections import Stock
from comanda.settings.store import SettingsStore
from comanda.stock.adjust_stock import Adjusted, Book, Correction, adjust_stock
from comanda.stock.transfer import Transfer, transfer_stock

LEAVE_MS = 4_000  # of the function's time, to finish what is being written and answer


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the stock is kept and whom new units serve; see wiring."""

    book: Callable[[], Book]
    settings: Callable[[], SettingsStore]
    arrivals: Callable[[], Arrivals]

    @property
    def rules(self) -> Stock:
        found: Stock = self.settings().section("stock")[0]
        return found

    def locations(self) -> list[str]:
        """Every location that a product may be kept at, the usual one first."""
        rules = self.rules
        others = (place.code for place in rules.locations)
        return list(dict.fromkeys([rules.default_location, *others]))

    def correct(
        self, wish: Correction, origin: Origin, request: Request, more_time: Callable[[], bool]
    ) -> Adjusted:
        """A correction or a count; without a location it is made at the usual one. What comes in goes to
        those who wait for it; whom time does not suffice for, the sweep serves.

        Raises Invalid, NotFound, OutOfStock, IdempotencyKeyReused, Busy; nothing is written then.
        """
        rules = self.rules
        home, where = rules.default_location, wish.location or rules.default_location
        wish = replace(wish, location=where, home=home, opens=where in self.locations()[1:])
        done = adjust_stock(wish, self.book(), actor=origin.actor, at=origin.at, request=request)
        if done.result["delta"] > 0:
            self.arrivals().serve(wish.sku, more_time=more_time)
        return done

    def transfer(self, wish: Transfer, origin: Origin, request: Request) -> Adjusted:
        """Free units from one location to another. Raises as `correct` does."""
        known = self.locations()
        wish = replace(wish, home=known[0], opens=wish.to in known[1:])
        return transfer_stock(wish, self.book(), actor=origin.actor, at=origin.at, request=request)
