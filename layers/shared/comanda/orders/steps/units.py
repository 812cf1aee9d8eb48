"""How facts about stock change the lines of an order."""

from dataclasses import replace

from comanda.orders.facts import Data, Fact
from comanda.orders.holdings import moved
from comanda.orders.model import Line, Order
from comanda.times import later


def reserved(order: Order, data: Data, fact: Fact) -> Order:
    after = lines_moved(order, data["lines"], reserved=1)
    return kept_for_money(_waiting(after, data["lines"]), fact)


def _waiting(order: Order, told: list[Data]) -> Order:
    """Units that were sold beyond the stock."""
    waiting = {item["line_id"]: item for item in told if item.get("waiting")}
    lines = tuple(
        replace(
            line,
            backordered=line.backordered + waiting[line.line_id]["waiting"],
            promised_at=waiting[line.line_id]["promised_at"],
        )
        if line.line_id in waiting
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def come_in(order: Order, data: Data, fact: Fact) -> Order:
    """What a line waited for is here."""
    after = lines_moved(order, data["lines"], reserved=1)
    return kept_for_money(counted(after, data["lines"], "backordered", -1), fact)


def promised_anew(order: Order, data: Data, fact: Fact) -> Order:
    """What lines wait for is to come on another day."""
    days = {item["line_id"]: item["promised_at"] for item in data["lines"]}
    lines = (replace(line, promised_at=days.get(line.line_id, line.promised_at)) for line in order.lines)
    return replace(order, lines=tuple(lines))


def given_up(order: Order, data: Data, fact: Fact) -> Order:
    """The money did not come in time: the units are free again, the order stays."""
    after = lines_moved(order, data["lines"], reserved=-1)
    after = replace(after, lines=tuple(replace(line, backordered=0) for line in after.lines))
    return replace(after, reserved_until="", reservation="expired")


def allocated(order: Order, data: Data, fact: Fact) -> Order:
    return lines_moved(order, data["lines"], reserved=-1, allocated=1)


def deallocated(order: Order, data: Data, fact: Fact) -> Order:
    """Units of an order whose money came back wait for it anew."""
    return kept_for_money(lines_moved(order, data["lines"], reserved=1, allocated=-1), fact)


def released(order: Order, data: Data, fact: Fact) -> Order:
    return replace(
        order, lines=tuple(replace(line, reserved=0, allocated=0, held=()) for line in order.lines)
    )


def kept_for_money(order: Order, fact: Fact) -> Order:
    """Units that are set aside wait for their money from this moment on."""
    seconds = order.terms.hold_seconds
    return replace(order, reserved_until=later(fact.at, seconds) if seconds else "", reservation="")


def lines_moved(order: Order, told: list[Data], *, reserved: int = 0, allocated: int = 0) -> Order:
    """The lines after units were set aside or given back."""
    items = {item["line_id"]: item for item in told}
    lines = tuple(
        moved(line, items[line.line_id], reserved=reserved, allocated=allocated)
        if line.line_id in items
        else line
        for line in order.lines
    )
    return replace(order, lines=lines)


def counted(order: Order, told: list[Data], counter: str, sign: int) -> Order:
    """The lines after units came to a counter, or left it."""
    more = {item["line_id"]: sign * item["quantity"] for item in told}
    lines = tuple(_more(line, counter, more.get(line.line_id, 0)) for line in order.lines)
    return replace(order, lines=lines)


def _more(line: Line, counter: str, units: int) -> Line:
    return replace(line, **{counter: getattr(line, counter) + units}) if units else line
