"""How often a batch is tried, and how long it rests in between."""

from datetime import datetime

from comanda.times import moment

MOST_ATTEMPTS = 6
PAUSES = (5, 30, 120, 600, 900)  # seconds before the next attempt


def pause_after(attempts: int) -> int:
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def seconds_until(due: str, now: datetime) -> int:
    """Whole seconds until the stamp `due`, rounded up; 0 when it is past or empty."""
    if not due:
        return 0
    left = (moment(due) - now).total_seconds()
    return max(0, int(left) + 1) if left > 0 else 0
