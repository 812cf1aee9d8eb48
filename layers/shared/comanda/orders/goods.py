"""What an order's lines mean for the stock: reserve, allocate, give back. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from comanda.orders.decision import NOTHING, Decision, Move
from comanda.orders.facts import Happened
from comanda.orders.holdings import Pick, at_home, chosen, chosen_at, holdings, item
from comanda.orders.model import Line, Order


def missing(line: Line) -> int:
    """Units still to ship and not set aside yet."""
    return line.to_ship - line.reserved - line.allocated - line.backordered if line.tracked else 0


def reserving(order: Order) -> Decision:
    """Reserve what is still to ship and not set aside yet."""
    wanted = [(line, missing(line)) for line in order.lines]
    picked = [(line, n, at_home(line, n)) for line, n in wanted if n > 0]
    return _moving("StockReserved", picked, reserved=1)


def allocating(order: Order) -> Decision:
    """Turn reservations into allocations: the units now belong to this order for good."""
    held = [line for line in order.lines if line.reserved]
    picked = [(line, line.reserved, chosen(line, line.reserved, "reserved")) for line in held]
    return _moving("StockAllocated", picked, reserved=-1, allocated=1)


def deallocating(order: Order) -> Decision:
    """Allocations of what nobody has paid for any more wait for their money again, as they did before."""
    held = [line for line in order.lines if line.allocated]
    picked = [(line, line.allocated, chosen(line, line.allocated, "allocated")) for line in held]
    return _moving("StockDeallocated", picked, reserved=1, allocated=-1)


def releasing(order: Order) -> Decision:
    """Give back exactly what is set aside and not shipped."""
    held = [line for line in order.lines if line.reserved or line.allocated]
    if not held:
        return NOTHING
    lines = [{"line_id": line.line_id, "quantity": line.reserved + line.allocated} for line in held]
    moves = tuple(
        Move(place.sku, place.location, -place.reserved, -place.allocated, shard=place.shard)
        for line in held
        for place in holdings(line)
    )
    return Decision(facts=(Happened("StockReleased", {"lines": lines}),), moves=moves)


def writing_off(order: Order) -> Decision:
    """Units of an ended order that nobody puts back on the shelf: they leave the stock for good."""
    held = [line for line in order.lines if line.reserved or line.allocated]
    if not held:
        return NOTHING
    lines = [
        {"line_id": line.line_id, "sku": line.sku, "quantity": line.reserved + line.allocated}
        for line in held
    ]
    moves = tuple(
        Move(
            place.sku,
            place.location,
            -place.reserved,
            -place.allocated,
            -(place.reserved + place.allocated),
            place.shard,
        )
        for line in held
        for place in holdings(line)
    )
    return Decision(facts=(Happened("StockWrittenOff", {"lines": lines}),), moves=moves)


def taking_again(before: Order, *, written_off: bool) -> tuple[Move, ...]:
    """The very units that an order held, where they lay; those `written_off` come back to the shelf."""
    return tuple(
        Move(
            place.sku,
            place.location,
            place.reserved,
            place.allocated,
            place.reserved + place.allocated if written_off else 0,
            place.shard,
        )
        for line in before.lines
        if line.reserved or line.allocated
        for place in holdings(line)
    )


def coming_back(line: Line, told: dict[str, Any]) -> tuple[Move, ...]:
    """Units that had left in a parcel, as its fact tells, lie where they were taken and stay allocated."""
    picks = told.get("from") or at_home(line, told["quantity"])
    return tuple(
        Move(sku, location, allocated=units, on_hand=units, shard=shard)
        for sku, location, shard, units in picks
    )


def expiring(order: Order) -> Decision:
    """Give back what waited for money that did not come, and the place in the queue for what is to come
    in; what is allocated was paid for and stays."""
    held = [line for line in order.lines if line.reserved or line.backordered]
    picked = [(line, line.reserved, chosen(line, line.reserved, "reserved")) for line in held]
    return _moving("ReservationExpired", picked, reserved=-1, visibility="customer")


def leaving(
    taken: Iterable[tuple[Line, int]], of: Mapping[str, Sequence[tuple[str, int]]]
) -> tuple[list[dict[str, object]], tuple[Move, ...]]:
    """Allocated units that leave in a parcel: how the fact names them, and what it does to the stock. `of`
    says from which locations how many units of a line (by its id) are to leave."""
    picked = [
        (line, n, chosen_at(line, of.get(line.line_id) or [(line.location, n)], "allocated"))
        for line, n in taken
        if line.tracked
    ]
    moves = tuple(
        Move(sku, location, allocated=-units, on_hand=-units, shard=shard)
        for _, _, picks in picked
        for sku, location, shard, units in picks
    )
    return [item(line, n, picks) for line, n, picks in picked], moves


def increase(before: Order, after: Order) -> Decision:
    """Reserve the units that an edit added to lines, and no others."""
    known = {line.line_id: line.to_ship for line in before.lines}
    added = [(line, line.to_ship - known.get(line.line_id, 0)) for line in after.lines if line.tracked]
    picked = [(line, n, at_home(line, n)) for line, n in added if n > 0]
    return _moving("StockReserved", picked, reserved=1)


def surplus(before: Order, after: Order) -> Decision:
    """Give back what the lines of `before` hold beyond what `after` still has to ship: what they only wait
    for first, then reservations."""
    told: dict[str, list[dict[str, object]]] = {"reserved": [], "allocated": []}
    moves: list[Move] = []
    for line in before.lines:
        for column, units in _too_much(line, after.line(line.line_id)).items():
            if column == "backordered":
                told.setdefault(column, []).append({"line_id": line.line_id, "quantity": units})
                continue
            picks = chosen(line, units, column)
            told[column].append(item(line, units, picks))
            own = (-1, 0) if column == "reserved" else (0, -1)
            moves += [Move(sku, where, own[0] * n, own[1] * n, shard=shard) for sku, where, shard, n in picks]
    return (
        Decision(facts=(Happened("UnitsReleased", told),), moves=tuple(moves))
        if any(told.values())
        else NOTHING
    )


def _too_much(line: Line, stays: Line | None) -> dict[str, int]:
    """How many waiting, reserved and allocated units of a line are free after an edit."""
    held = line.backordered + line.reserved + line.allocated
    over = max(held - (stays.to_ship if stays else 0), 0)
    waiting = min(line.backordered, over)
    reserved = min(line.reserved, over - waiting)
    found = {"backordered": waiting, "reserved": reserved, "allocated": over - waiting - reserved}
    return {column: units for column, units in found.items() if units}


def _moving(
    fact: str,
    picked: list[tuple[Line, int, list[Pick]]],
    *,
    reserved: int,
    allocated: int = 0,
    visibility: str = "internal",
) -> Decision:
    if not picked:
        return NOTHING
    moves = tuple(
        Move(sku, location, reserved * units, allocated * units, shard=shard)
        for _, _, picks in picked
        for sku, location, shard, units in picks
    )
    lines = [item(line, n, picks) for line, n, picks in picked]
    return Decision(facts=(Happened(fact, {"lines": lines}, visibility),), moves=moves)
