"""Any number of orders of a year, each made from its number: the new ones open, the old ones ended."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from comanda.orders.decision import Sealed
from comanda.orders.model import Hold, Order
from comanda.orders.vocabulary import Channel, Fulfilment, HoldReason, Lifecycle, Method, Payment
from comanda.times import stamp
from local.bench.canned_tables import order_of_three_lines

BEGIN = datetime(2025, 11, 22, tzinfo=UTC)
YEAR = timedelta(days=365)
MOVED = timedelta(days=15)  # within which an order's last change follows its placing
OPEN_SHARE, WAITING_SHARE = 0.01, 0.002  # of all orders: the newest are being worked on, or unverified
FIRST_NAMES, LAST_NAMES, SKUS = 150, 1_500, 400

P, F = Payment, Fulfilment
# lifecycle, payment, fulfilment, approved, how often; of orders that have ended and of those under way
ENDED = (
    (Lifecycle.CLOSED, P.PAID, F.DELIVERED, True, 880),
    (Lifecycle.CANCELLED, P.VOIDED, F.UNFULFILLED, False, 60),
    (Lifecycle.CANCELLED, P.REFUNDED, F.UNFULFILLED, True, 15),
    (Lifecycle.EXPIRED, P.PENDING, F.UNFULFILLED, False, 20),
    (Lifecycle.CLOSED, P.PARTIALLY_REFUNDED, F.DELIVERED, True, 22),
    (Lifecycle.CLOSED, P.OVERPAID, F.DELIVERED, True, 3),
)
UNDER_WAY = (
    (Lifecycle.PLACED, P.PENDING, F.UNFULFILLED, False, 25),
    (Lifecycle.PLACED, P.PAID, F.UNFULFILLED, True, 25),
    (Lifecycle.PLACED, P.PAID, F.PARTIALLY_SHIPPED, True, 10),
    (Lifecycle.PLACED, P.PAID, F.SHIPPED, True, 30),
    (Lifecycle.PLACED, P.AUTHORIZED, F.UNFULFILLED, False, 5),
    (Lifecycle.PLACED, P.PARTIALLY_PAID, F.UNFULFILLED, True, 5),
)
METHODS = ((Method.STRIPE, 60), (Method.BANK_TRANSFER, 30), (Method.ON_DELIVERY, 9), (Method.CHEQUE, 1))
CHANNELS = ((Channel.WEB, 95), (Channel.PHONE, 4), (Channel.IMPORT, 1))
HOLDS = ((None, 92), (HoldReason.FRAUD, 3), (HoldReason.ADDRESS, 3), (HoldReason.PAYMENT_MISMATCH, 2))


@dataclass(frozen=True, slots=True)
class Crowd:
    """`size` orders, oldest first. None has a wait or an effect: no sweep finds them."""

    size: int

    def order(self, number: int) -> Order:
        chance = random.Random(number)
        placed = BEGIN + YEAR * number / self.size
        age = (self.size - number) / self.size
        state = UNDER_WAY if age < OPEN_SHARE else ENDED
        lifecycle, payment, fulfilment, approved = _drawn(chance, state)
        hold = _drawn(chance, HOLDS)[0] if state is UNDER_WAY else None
        waiting = age < WAITING_SHARE and chance.random() < 0.3
        moved = placed + timedelta(minutes=chance.randrange(5, 20_000))
        bare = order_of_three_lines()
        lines = tuple(
            replace(line, sku=f"CAFE-{chance.randrange(SKUS):03d}", line_id=line.line_id)
            for line in bare.lines
        )
        return replace(
            bare,
            order_id=f"{number:08x}{chance.randrange(2**64):016x}",
            number=f"P-{number:07d}",
            created_at=stamp(placed),
            updated_at=stamp(moved),
            lifecycle=Lifecycle.AWAITING_VERIFICATION if waiting else lifecycle,
            payment=P.PENDING if waiting else payment,
            fulfilment=F.UNFULFILLED if waiting else fulfilment,
            approved=approved and not waiting,
            verified=not waiting and lifecycle != Lifecycle.EXPIRED,
            method=_drawn(chance, METHODS)[0],
            channel=_drawn(chance, CHANNELS)[0],
            holds=(Hold("h1", hold, stamp(placed), "system"),) if hold else (),
            lines=lines,
            customer_id=f"c{chance.randrange(max(1, self.size // 3)):012x}",
            personal={"contact": self.sealed(number).digest},
        )

    def sealed(self, number: int) -> Sealed:
        return Sealed(self.contact(number), "s" * 26)

    def contact(self, number: int) -> dict[str, Any]:
        """Names as unevenly spread as in life: the commonest are everywhere."""
        chance = random.Random(-number - 1)
        first, last, second = (
            _name(kind, min(int(chance.paretovariate(0.7)) - 1, most - 1))
            for kind, most in (("n", FIRST_NAMES), ("a", LAST_NAMES), ("a", LAST_NAMES))
        )
        return {
            "name": f"{first.title()} {last.title()} {second.title()}",
            "email": f"{first}.{last}{number}@example.com",
            "phone": f"+52{chance.randrange(10**9, 10**10)}",
        }


@cache
def _name(kind: str, rank: int) -> str:
    chance = random.Random(f"{kind}{rank}")
    return "".join(chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(3 + rank % 2))


def common_name() -> str:
    """The commonest last name."""
    return _name("a", 0)


def rare_name() -> str:
    return _name("a", LAST_NAMES // 2)


def _drawn(chance: random.Random, table: Any) -> Any:
    *_, chosen = (chance.choices(table, weights=[row[-1] for row in table])[0],)
    return chosen[:-1]
