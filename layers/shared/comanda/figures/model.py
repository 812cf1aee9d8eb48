"""What one order adds to the shop's figures, hour by hour. Pure.

Hours and days are those of UTC, so that a shop may change its time zone. An order counts at the moment it was
placed, once the merchant knows of it; one that was never confirmed does not. Money counts at the moment it
moved. Store credit and gift cards are no money that comes or goes: they were paid for before.
"""

from collections.abc import Iterable, Mapping

from comanda.orders.model import Entry, Order
from comanda.orders.vocabulary import UNPLACED, Lifecycle
from comanda.times import moment

# `<hour>.<kind>` or `<hour>.<kind>.<currency>` → orders, or minor units; for the ledger's lines
# `<hour>.l.<kind of entry>.<method>.<provider>.<currency>`, store credit among them
type Sums = dict[str, int]

ORDERS, WORTH, MONEY_IN, MONEY_OUT, FEES, LINES = "n", "v", "i", "o", "f", "l"
UNKNOWN = UNPLACED | {Lifecycle.AWAITING_VERIFICATION, Lifecycle.EXPIRED}
MOVED = ("ok", "foreign")  # foreign: money in another currency than the order's is money too
DIRECTIONS = {"capture": MONEY_IN, "refund": MONEY_OUT, "dispute": MONEY_OUT, "fee": FEES}


def of_order(order: Order, day: str) -> Sums:
    """What an order, with its ledger, adds to a day (`2026-11-22`, UTC)."""
    return added([_placing(order, day), *(of_entry(entry, day) for entry in order.ledger)])


def of_entry(entry: Entry, day: str) -> Sums:
    """What a line of the ledger adds to a day: to its money, unless it is credit, and to its lines."""
    counts = entry.kind in DIRECTIONS and entry.status in MOVED
    if not counts or day_of(entry.at) != day or not entry.amount:
        return {}
    hour = _hour(entry.at)
    told = f"{entry.kind}.{entry.method}.{entry.provider}.{entry.currency}"
    sums = {f"{hour}.{LINES}.{told}": entry.amount}
    if not entry.wallet:
        sums[f"{hour}.{DIRECTIONS[entry.kind]}.{entry.currency}"] = entry.amount
    return sums


def added(parts: Iterable[Mapping[str, int]]) -> Sums:
    """The sum of several; what comes to nothing is left out."""
    whole: Sums = {}
    for part in parts:
        for name, number in part.items():
            whole[name] = whole.get(name, 0) + number
    return {name: number for name, number in sorted(whole.items()) if number}


def day_of(at: str) -> str:
    """The UTC day of a time."""
    return moment(at).date().isoformat()


def _placing(order: Order, day: str) -> Sums:
    if order.lifecycle in UNKNOWN or day_of(order.created_at) != day:
        return {}
    hour = _hour(order.created_at)
    return {f"{hour}.{ORDERS}": 1, f"{hour}.{WORTH}.{order.currency}": order.totals.total}


def _hour(at: str) -> str:
    return f"{moment(at).hour:02d}"
