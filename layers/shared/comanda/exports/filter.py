"""A staff filter as a judgement of orders: dates, axes, method, channel, label, flags; `not.` negates."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from comanda.errors import Invalid
from comanda.exports.select import Filter
from comanda.orders.derive import label
from comanda.orders.model import Order
from comanda.orders.vocabulary import (
    Channel,
    Fulfilment,
    HoldReason,
    Label,
    Lifecycle,
    Method,
    Payment,
    Returns,
)
from comanda.times import moment, stamp

type Values = Callable[[Order], Iterable[str]]

FLAGS = ("true", "false")
# What each key looks at, and the values it knows.
KEYS: dict[str, tuple[Values, frozenset[str]]] = {
    "lifecycle": (lambda order: (order.lifecycle,), frozenset(Lifecycle)),
    "payment": (lambda order: (order.payment,), frozenset(Payment)),
    "fulfilment": (lambda order: (order.fulfilment,), frozenset(Fulfilment)),
    "returns": (lambda order: (order.returns,), frozenset(Returns)),
    "method": (lambda order: (order.method,), frozenset(Method)),
    "channel": (lambda order: (order.channel,), frozenset(Channel)),
    "label": (lambda order: (label(order) or "",), frozenset(Label)),
    "verified": (lambda order: (FLAGS[not order.verified],), frozenset(FLAGS)),
    "hold": (lambda order: [hold.reason for hold in order.open_holds], frozenset(HoldReason)),
}
DATES = ("created_from", "created_to", "month")


def understood(filter: dict[str, Any], now: str, zone: tzinfo) -> Filter:
    """The filter, ready to use. Raises Invalid with the place of what it does not understand."""
    tests = [_test(key, value) for key, value in filter.items() if key not in DATES]
    start, until = _range(filter, moment(now).astimezone(zone))
    return Filter(
        start, until, lambda order: start <= order.created_at < until and all(t(order) for t in tests)
    )


def _test(key: str, value: Any) -> Callable[[Order], bool]:
    name = key.removeprefix("not.")
    if name not in KEYS:
        raise Invalid.at(f"/filter/{key}", f"one of: {', '.join((*KEYS, *DATES))}")
    values, known = KEYS[name]
    wanted = {str(one).lower() for one in (value if isinstance(value, list) else [value])}
    if not wanted or wanted - known:
        raise Invalid.at(f"/filter/{key}", f"one or several of: {', '.join(sorted(known))}")
    if name != key:
        return lambda order: wanted.isdisjoint(values(order))
    return lambda order: not wanted.isdisjoint(values(order))


def _range(filter: dict[str, Any], now: datetime) -> tuple[str, str]:
    """First moment of the range and the first one behind it, as stamps."""
    start, until = "", "9"
    if "month" in filter:
        start, until = _month("/filter/month", str(filter["month"]), now)
    if "created_from" in filter:
        start = max(start, _moment("/filter/created_from", str(filter["created_from"]), now, end=False))
    if "created_to" in filter:
        until = min(until, _moment("/filter/created_to", str(filter["created_to"]), now, end=True))
    return start, until


def _month(pointer: str, text: str, now: datetime) -> tuple[str, str]:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise Invalid.at(pointer, "a month is written 2026-11")
    first = datetime(int(text[:4]), int(text[5:]), 1, tzinfo=now.tzinfo)
    following = (first + timedelta(days=32)).replace(day=1)
    return stamp(first), stamp(following)


def _moment(pointer: str, text: str, now: datetime, *, end: bool) -> str:
    """A day of the shop's calendar (`2026-11-21`, `today`, `-30d`) from its start to its end, or a moment."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = re.fullmatch(r"-(\d{1,4})d", text)
    if text == "today" or days:
        day = today - timedelta(days=int(days[1]) if days else 0)
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = _read(pointer, text).replace(tzinfo=now.tzinfo)
    else:
        given = _read(pointer, text)
        return stamp(given if given.tzinfo else given.replace(tzinfo=now.tzinfo))
    return stamp(day + timedelta(days=1)) if end else stamp(day)


def _read(pointer: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid.at(pointer, "a date is written 2026-11-21, today, -30d, or as RFC 3339") from error
