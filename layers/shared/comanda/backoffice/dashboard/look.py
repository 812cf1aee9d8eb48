"""The start page's facts in bounded reads: what is worked out from many orders is kept a minute for all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.dashboard.ages import Ages, ages, on_trust, unpaid, unshipped
from comanda.backoffice.dashboard.compare import (
    SPAN,
    Against,
    Money,
    against_the_usual,
    by_hours_of,
    money,
    utc_days,
)
from comanda.backoffice.dashboard.health import Health, Sources, health
from comanda.backoffice.dashboard.kept import Keeping
from comanda.backoffice.listing.page import OrderList
from comanda.figures.book import Book
from comanda.orders.vocabulary import Stage
from comanda.settings.sections import Shop

ORDERED = frozenset({Stage.ORDER})


@dataclass(frozen=True, slots=True)
class Start:
    """`at`: when the figures were worked out. `complete`: no day is missing yet. `more`: labels that
    have more orders than were counted. `on_trust`: to be sent before they are paid. `stuck`: parcels that
    nobody scans, up to MOST_COUNTED."""

    at: str
    complete: bool
    today: Against
    money: Money
    labels: dict[str, int]
    more: frozenset[str]
    unpaid: Ages
    unshipped: Ages
    on_trust: Ages
    health: Health
    stuck: int

    @property
    def empty(self) -> bool:
        """Whether the shop has not had an order of late."""
        waits = self.stuck or self.unpaid.total or self.unshipped.total or any(self.labels.values())
        return not (waits or self.today.orders or any(self.money.of_last(SPAN)))


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Where its facts come from; see wiring. `stuck` counts parcels."""

    book: Book
    orders: Callable[[], OrderList]
    keeping: Keeping
    sources: Sources
    shop: Callable[[], Shop]
    stuck: Callable[[], int]

    def look(self, now: datetime) -> Start:
        shop = self.shop()
        zone = ZoneInfo(shop.time_zone)
        orders = self.orders()
        counted = orders.counts()
        kept, at = self.keeping.fresh(lambda: self._worked_out(now, zone, shop.currency, orders), now)
        return Start(
            at=at,
            complete=not kept["missing"],
            today=Against.from_dict(kept["today"]),
            money=Money.from_dict(kept["money"]),
            labels=counted.numbers,
            more=counted.more,
            unpaid=Ages.from_dict(kept["unpaid"]),
            unshipped=Ages.from_dict(kept["unshipped"]),
            health=health(self.sources, now),
            on_trust=Ages.from_dict(kept.get("on_trust", {})),  # an earlier release worked out none
            stuck=int(kept.get("stuck", 0)),
        )

    def _worked_out(self, now: datetime, zone: ZoneInfo, currency: str, orders: OrderList) -> dict[str, Any]:
        signatures = list(orders.registry.signatures("state"))
        found = self.book.read(utc_days(now, zone), now)
        hours = by_hours_of(zone, found.sums)
        return {
            "missing": list(found.missing),
            "today": against_the_usual(hours, now, zone, currency).to_dict(),
            "money": money(hours, now.astimezone(zone).date(), currency).to_dict(),
            "unpaid": ages(signatures, unpaid, orders.index, now, zone).to_dict(),
            "unshipped": ages(signatures, unshipped, orders.index, now, zone).to_dict(),
            "on_trust": ages(signatures, on_trust, orders.index, now, zone, ORDERED).to_dict(),
            "stuck": self.stuck(),
        }
