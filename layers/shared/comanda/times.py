"""Times as they are stored and sent: RFC 3339 in UTC, milliseconds, so that text order is time order."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def stamp(moment: datetime) -> str:
    """`2026-11-21T18:04:05.123Z`. Refuses a naive moment (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The moment that an RFC 3339 text names, in UTC."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError("a time without an offset")
    return parsed.astimezone(UTC)


def later(text: str, seconds: int) -> str:
    """The stamp `seconds` after the stamp `text`."""
    return stamp(moment(text) + timedelta(seconds=seconds))


def shop_day(now: datetime, time_zone: str) -> str:
    """The day it is in a time zone, `2026-11-21`."""
    return now.astimezone(ZoneInfo(time_zone)).date().isoformat()
