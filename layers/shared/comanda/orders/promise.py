"""Another day for what an order waits for: units that were sold before they are here."""

from collections.abc import Collection
from dataclasses import dataclass

from comanda.errors import Invalid, WrongState
from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.desk import Decide
from comanda.orders.facts import Happened
from comanda.orders.guards import check
from comanda.orders.lines import line_named
from comanda.orders.mails import mail
from comanda.orders.model import Line, Order

EVENT = "promise_changed"


@dataclass(frozen=True, slots=True)
class Meant:
    """A line, by its id or by a SKU that is on one line only."""

    line_id: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """`day` is a day of the shop (2026-12-24); no lines: all that wait. `notify` mails the customer."""

    day: str
    lines: tuple[Meant, ...] = ()
    notify: bool = True


def promising(asked: Promise, today: str) -> Decide:
    """Promise what waits for another day; the units keep their place in the queue.

    `today` is the shop's. Raises Invalid for a day that has passed and for lines that are not there,
    WrongState when a line waits for nothing (`line-waits-not`).
    """

    def decide(loaded: Loaded) -> Decision:
        order = loaded.order
        check("promise", order)
        if asked.day < today:
            raise Invalid.at("/promised_at", "a day that has not passed")
        moved = [line for line in _meant(order, asked.lines) if line.promised_at != asked.day]
        if not moved:
            return NOTHING
        told = [
            {"line_id": one.line_id, "promised_at": asked.day, "before": one.promised_at} for one in moved
        ]
        fact = Happened("PromiseChanged", {"lines": told}, "customer")
        named = mail(EVENT, str(order.facts + 1), lines=[one.line_id for one in moved], promised_at=asked.day)
        return Decision(facts=(fact,), effects=(named,) if asked.notify else ())

    return decide


def _meant(order: Order, named: tuple[Meant, ...]) -> list[Line]:
    """The lines in the order's own order, each once."""
    if not named:
        return [line for line in order.lines if line.backordered]
    found = [line_named(order, one.line_id, one.sku, f"/lines/{n}") for n, one in enumerate(named)]
    idle = [line.sku for line in found if not line.backordered]
    if idle:
        raise WrongState("line-waits-not", f"nothing of these lines waits for stock: {', '.join(idle)}")
    return [line for line in order.lines if line in found]


def overtaken(order: Order, line_ids: Collection[str], day: str) -> bool:
    """Whether what a mail would tell is no longer so: all of it has come in, or was promised anew."""
    waiting = (line for line in order.lines if line.line_id in line_ids and line.backordered)
    return not any(line.promised_at == day for line in waiting)
