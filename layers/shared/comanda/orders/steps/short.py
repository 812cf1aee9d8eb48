"""How facts about units that were not found on their shelf change an order."""

from dataclasses import replace

from comanda.orders.delivery_counts import at_hand, taken_off
from comanda.orders.edits.outcome import Outcome, applied
from comanda.orders.facts import Data, Fact
from comanda.orders.model import Line, Order
from comanda.orders.steps import units


def short_picked(order: Order, data: Data, fact: Fact) -> Order:
    """Units that could not be had where they were to lie: others are set aside in their place, or wait."""
    after = units.lines_moved(order, data["taken"], allocated=-1)
    after = taken_off(at_hand(after, data.get("picked", ()), picked=-1), data["of"], 1)
    after = units.lines_moved(after, data.get("found", []), reserved=1)
    after = _waiting(after, data.get("waiting", []), 1)
    after = applied(after, Outcome.from_dict(data["outcome"])) if "outcome" in data else after
    after = units.lines_moved(after, data.get("added", []), reserved=1)
    return replace(after, personal=after.personal | data.get("personal", {}))


def found_after_all(order: Order, data: Data, fact: Fact) -> Order:
    """They lie there: what had taken their place is free again."""
    after = applied(order, Outcome.from_dict(data["was"])) if "was" in data else order
    after = units.lines_moved(after, data.get("found", []), allocated=-1)
    after = _waiting(after, data.get("waiting", []), -1)
    after = units.lines_moved(after, data["taken"], allocated=1)
    return taken_off(after, data["of"], -1)


def _waiting(order: Order, told: list[Data], sign: int) -> Order:
    """Units that wait for stock; the day they are promised for is that of all that the line waits for."""
    items = {item["line_id"]: item for item in told}
    lines = tuple(
        _waits(line, items[line.line_id], sign) if line.line_id in items else line for line in order.lines
    )
    return replace(order, lines=lines)


def _waits(line: Line, told: Data, sign: int) -> Line:
    day = told["promised_at"] if sign > 0 else told["before"]
    return replace(line, backordered=line.backordered + sign * told["quantity"], promised_at=day)
