"""The start page as plain data."""

from datetime import date
from fractions import Fraction
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from comanda.backoffice.dashboard.compare import Against, Money
from comanda.backoffice.dashboard.look import Start
from comanda.orders.vocabulary import Label
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import Asked
from comanda.screens.house.chart import Column, chart
from comanda.screens.start.begin import Beginning
from comanda.screens.start.todo import SENT_ON_TRUST, WAITS_FOR_MONEY, WAITS_FOR_PARCEL, aged, labelled, tasks
from comanda.settings.store import SettingsStore

SPANS = (1, 7, 28)


def start_screen(asked: Asked, start: Start, settings: SettingsStore, beginning: Beginning) -> Screen:
    """An empty shop is told how to begin, any other how it goes."""
    if start.empty:
        return Screen("start/empty.html.j2", {"steps": beginning.steps(asked)})
    currency = settings.section("shop")[0].currency
    return Screen(
        "start/page.html.j2",
        {
            "start": start,
            "currency": currency,
            "tasks": tasks(asked, start),
            "difference": _difference(start.today),
            "hours": _hours(asked, start.today),
            "spans": [(days, *_amounts(start.money, days, currency)) for days in SPANS],
            "others": [(one.day, *_pair(one.come, one.gone, one.day)) for one in start.money.others],
            "days": _days(asked, start.money, currency),
            "labels": [_label(asked, start, code) for code in Label],
            "unpaid": aged(WAITS_FOR_MONEY, start.unpaid),
            "unshipped": aged(WAITS_FOR_PARCEL, start.unshipped),
            "on_trust": aged(SENT_ON_TRUST, start.on_trust),
            "hourly": list(zip(range(24), start.today.by_hour, _usual(start.today), strict=True)),
            "daily": [
                (_day(asked, one.day), *_pair(one.come, one.gone, currency))
                for one in reversed(start.money.days)
            ],
        },
    )


def _label(asked: Asked, start: Start, code: Label) -> tuple[str, str, str]:
    """Its word, how many orders have it as far as they were counted, and their list."""
    count, more = start.labels.get(code, 0), code in start.more
    told = (f"{asked.tongue.number(count)}+" if count else "") if more else asked.tongue.number(count)
    return asked.tongue.word("LABEL", code), told, labelled(code)


def _difference(today: Against) -> int | None:
    """Orders more or fewer than usual, in per cent; None where there is nothing to compare with."""
    if not today.weeks or not today.usual_orders:
        return None
    return round((today.orders - today.usual_orders) * 100 / today.usual_orders)


def _usual(today: Against) -> list[int]:
    return [round(Fraction(n, today.weeks)) if today.weeks else 0 for n in today.usual_by_hour]


def _hours(asked: Asked, today: Against) -> Markup:
    say, usual = asked.tongue.say, _usual(today)
    columns = [
        Column(
            f"{hour}:00",
            n,
            mark=Fraction(today.usual_by_hour[hour], today.weeks) if today.weeks else None,
            told=say("%(hour)s: %(n)s, usually %(usual)s", hour=f"{hour}:00", n=n, usual=usual[hour]),
        )
        for hour, n in enumerate(today.by_hour)
    ]
    told = say("Orders of each hour of today; the line is what is usual on this weekday.")
    return chart("hours", say("Orders by the hour"), told, columns, every=4)


def _days(asked: Asked, money: Money, currency: str) -> Markup:
    say, tongue = asked.tongue.say, asked.tongue
    columns = []
    for one in money.days:
        come, gone = _pair(one.come, one.gone, currency)
        day, values = _day(asked, one.day), {"come": tongue.money(come), "gone": tongue.money(gone)}
        told = say("%(day)s: %(come)s in, %(gone)s out", day=day, **values)
        columns.append(Column(day, one.come, one.gone, told=told))
    told = say("What came in, upwards, and what went out, downwards, day by day.")
    return chart("days", say("Money of 28 days"), told, columns, every=7)


def _amounts(money: Money, days: int, currency: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return _pair(*money.of_last(days), currency)


def _pair(come: int, gone: int, currency: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"amount": come, "currency": currency}, {"amount": gone, "currency": currency}


def _day(asked: Asked, day: str) -> str:
    return str(format_date(date.fromisoformat(day), "d MMM", locale=asked.tongue.code))
