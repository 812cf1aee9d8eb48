"""Staff's filters over orders: dates, axes, method, channel, label, flags; `not.` negates. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from re import fullmatch
from typing import Any

from comanda.errors import Invalid
from comanda.orders import promised
from comanda.orders.derive import MARKS
from comanda.orders.index import ANY_HOLD, Traits
from comanda.orders.vocabulary import (
    Channel,
    Fulfilment,
    HoldReason,
    Label,
    Lifecycle,
    Method,
    Payment,
    Returns,
    Stage,
)
from comanda.times import moment, stamp

# What each key may be asked for; repeated values mean any of them.
KNOWN: dict[str, frozenset[str]] = {
    "lifecycle": frozenset(Lifecycle),
    "payment": frozenset(Payment),
    "fulfilment": frozenset(Fulfilment),
    "returns": frozenset(Returns),
    "method": frozenset(Method),
    "channel": frozenset(Channel),
    "label": frozenset(Label),
    "stage": frozenset(Stage),
    "verified": frozenset({"true", "false"}),
    "hold": frozenset(HoldReason) | {ANY_HOLD},
    "money": frozenset(MARKS),
    promised.KEY: promised.KNOWN,
}
OPEN = frozenset({"assigned", "tag"})  # names that the shop gives
ME = "me"
WHETHER_HELD = (frozenset({"true"}), frozenset({"false"}))  # on hold at all, or not
DATES = ("created_from", "created_to", "month")
BEGINNING, END = "", "9"  # sort before and behind every stamp


@dataclass(frozen=True, slots=True)
class Condition:
    key: str
    values: frozenset[str]
    negated: bool = False

    def fits(self, traits: Traits) -> bool:
        return self.values.isdisjoint(traits[self.key]) == self.negated


@dataclass(frozen=True, slots=True)
class Filter:
    """Orders placed from `created_from` on and before `created_until` that fit every condition."""

    created_from: str = BEGINNING
    created_until: str = END
    conditions: tuple[Condition | promised.Promised, ...] = ()

    def accepts(self, traits: Traits, created_at: str) -> bool:
        in_time = self.created_from <= created_at < self.created_until
        return in_time and all(condition.fits(traits) for condition in self.conditions)


def understand(given: Mapping[str, Any], now: str, zone: tzinfo, at: str = "/") -> Filter:
    """The filter that was asked for; days are days of the shop.

    Raises Invalid with every parameter that is not understood; `at` stands before its name.
    """
    errors: list[dict[str, str]] = []
    conditions: list[Condition | promised.Promised] = []
    clock = moment(now).astimezone(zone)
    for name, value in given.items():
        if name in DATES:
            continue
        try:
            conditions.append(_condition(name, value, clock))
        except (ValueError, OverflowError) as error:
            errors.append({"pointer": at + name, "detail": str(error)})
    start, until = _period(given, clock, at, errors)
    if errors:
        raise Invalid("the filter is not understood", errors=errors)
    return Filter(start, until, tuple(conditions))


def _condition(name: str, value: Any, now: datetime) -> Condition | promised.Promised:
    key = name.removeprefix("not.")
    if key == promised.KEY or name in promised.DAYS:
        return promised.promised(name, [str(one) for one in _several(value)], now)
    if key not in KNOWN and key not in OPEN:
        raise ValueError(f"one of: {', '.join((*KNOWN, *sorted(OPEN), *DATES, *promised.DAYS))}")
    wanted = frozenset(str(one).lower() for one in _several(value))
    if key == "hold" and wanted in WHETHER_HELD:
        held = wanted == {"true"}
        return Condition(key, frozenset({ANY_HOLD}), negated=(name != key) == held)
    if key in OPEN:
        return _named(key, value, negated=name != key)
    if not wanted or wanted - KNOWN[key]:
        raise ValueError(f"one or several of: {', '.join(sorted(KNOWN[key]))}")
    return Condition(key, wanted, negated=name != key)


def _named(key: str, value: Any, *, negated: bool) -> Condition:
    """Names are compared without case; of a tag, as it is written on orders."""
    given = [str(one).strip().casefold() for one in _several(value)]
    wanted = frozenset(given) - {""}
    if not wanted:
        raise ValueError("a name")
    return Condition(key, wanted, negated)


def whose(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The filter with `me` replaced by the names of who is asking."""
    found = dict(given)
    for key in ("assigned", "not.assigned"):
        if key in found:
            found[key] = [name for one in _several(found[key]) for name in (names if one == ME else (one,))]
    return found


def _period(
    given: Mapping[str, Any], now: datetime, at: str, errors: list[dict[str, str]]
) -> tuple[str, str]:
    """First moment of the range and the first one behind it, as stamps."""
    start, until = BEGINNING, END
    for name in DATES:
        if name not in given:
            continue
        try:
            first, behind = _range(name, _single(given[name]), now)
            start, until = max(start, first), min(until, behind)
        except (ValueError, OverflowError) as error:
            errors.append({"pointer": at + name, "detail": str(error)})
    return start, until


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _single(value: Any) -> str:
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise ValueError("once")
        return str(value[0])
    return str(value)


def _range(name: str, text: str, now: datetime) -> tuple[str, str]:
    if name == "month":
        return _month(text, now)
    if name == "created_from":
        return _moment(text, now), END
    return BEGINNING, _moment(text, now, end=True)


def _month(text: str, now: datetime) -> tuple[str, str]:
    if not fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text):
        raise ValueError("a month is written 2026-11")
    first = datetime(int(text[:4]), int(text[5:]), 1, tzinfo=now.tzinfo)
    following = (first + timedelta(days=32)).replace(day=1)
    return stamp(first), stamp(following)


def _moment(text: str, now: datetime, *, end: bool = False) -> str:
    """A day (`2026-11-21`, `today`, `-30d`) from its start, or to its end, or a moment."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = fullmatch(r"-(\d{1,4})d", text)
    if text == "today" or days:
        day = today - timedelta(days=int(days[1]) if days else 0)
    elif fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = _read(text).replace(tzinfo=now.tzinfo)
    else:
        given = _read(text)
        return stamp(given if given.tzinfo else given.replace(tzinfo=now.tzinfo))
    return stamp(day + timedelta(days=1)) if end else stamp(day)


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("a date is written 2026-11-21, today, -30d, or as RFC 3339") from error
