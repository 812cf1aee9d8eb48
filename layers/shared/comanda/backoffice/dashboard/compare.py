"""Figures of UTC hours as the shop's days: today against the usual, and money of some weeks. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from comanda.figures.model import MONEY_IN, MONEY_OUT, ORDERS, WORTH, Sums
from comanda.orders.record import Record

WEEKS = 4  # of which the usual is the average
SPAN = 28  # days of money, today among them

type Hours = dict[tuple[date, int], dict[str, int]]  # day and hour of the shop → `n`, `v.MXN` …


@dataclass(frozen=True, slots=True)
class Against(Record):
    """Orders and their worth so far, beside the average of the same weekday up to the same time. `weeks`:
    how many weeks that is of; 0 for a shop younger than a week. `by_hour` and `usual_by_hour`: orders of the
    hours 0 to 23, the usual ones as the sum of those weeks."""

    orders: int = 0
    worth: int = 0
    weeks: int = 0
    usual_orders: int = 0
    usual_worth: int = 0
    by_hour: tuple[int, ...] = ()
    usual_by_hour: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved(Record):
    """Money that came and went on a day of the shop, in minor units."""

    day: str
    come: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Money(Record):
    """Money of 28 days, today last. `others` are the sums of all of them in other currencies (`day` is the
    currency)."""

    days: tuple[Moved, ...] = ()
    others: tuple[Moved, ...] = ()

    def of_last(self, days: int) -> tuple[int, int]:
        """In and out of so many days, today among them."""
        last = self.days[-days:]
        return sum(one.come for one in last), sum(one.gone for one in last)


def utc_days(now: datetime, zone: ZoneInfo) -> list[str]:
    """The UTC days that hold the shop's last 29 days, today among them."""
    first = now.astimezone(zone).date() - timedelta(days=SPAN)
    begins = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC).date()
    return [(begins + timedelta(days=n)).isoformat() for n in range((now.date() - begins).days + 1)]


def by_hours_of(zone: ZoneInfo, days: Mapping[str, Sums]) -> Hours:
    """The same figures by the shop's own day and hour; an hour belongs where it begins."""
    found: Hours = defaultdict(lambda: defaultdict(int))
    for day, sums in days.items():
        for name, number in sums.items():
            hour, _, kind = name.partition(".")
            begins = datetime.fromisoformat(day).replace(hour=int(hour), tzinfo=UTC).astimezone(zone)
            found[begins.date(), begins.hour][kind] += number
    return found


def against_the_usual(hours: Hours, now: datetime, zone: ZoneInfo, currency: str) -> Against:
    """Weeks before the shop's first order do not lower the average; of the running hour the usual has
    as much as has passed of it."""
    here = now.astimezone(zone)
    first = min((day for day, _ in hours), default=here.date())
    weeks = [here.date() - timedelta(weeks=n) for n in range(1, WEEKS + 1)]
    weeks = [day for day in weeks if day >= first]

    def usual(kind: str) -> tuple[int, ...]:
        return tuple(sum(_at(hours, day, hour, kind) for day in weeks) for hour in range(24))

    def until_now(by_hour: tuple[int, ...]) -> int:
        so_far = sum(by_hour[: here.hour]) + Fraction(by_hour[here.hour] * here.minute, 60)
        return round(so_far / len(weeks)) if weeks else 0

    worth = f"{WORTH}.{currency}"
    by_hour = tuple(_at(hours, here.date(), hour, ORDERS) for hour in range(24))
    return Against(
        orders=sum(by_hour),
        worth=sum(_at(hours, here.date(), hour, worth) for hour in range(24)),
        weeks=len(weeks),
        usual_orders=until_now(usual(ORDERS)),
        usual_worth=until_now(usual(worth)),
        by_hour=by_hour,
        usual_by_hour=usual(ORDERS),
    )


def money(hours: Hours, today: date, currency: str) -> Money:
    """Money that came and went in the shop's currency."""
    days = [today - timedelta(days=n) for n in reversed(range(SPAN))]
    moved: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for (day, _), kinds in hours.items():
        for kind, number in kinds.items():
            direction, _, code = kind.partition(".")
            if direction in (MONEY_IN, MONEY_OUT) and days[0] <= day <= today:
                moved[day, code][direction == MONEY_OUT] += number
    codes = sorted({code for _, code in moved} - {currency})
    return Money(
        tuple(Moved(day.isoformat(), *moved[day, currency]) for day in days),
        tuple(
            Moved(code, *map(sum, zip(*(moved[day, code] for day in days), strict=True))) for code in codes
        ),
    )


def _at(hours: Hours, day: date, hour: int, kind: str) -> int:
    return hours.get((day, hour), {}).get(kind, 0)
