"""What an order's lines mean for the stock: reserve, allocate, give back. Pure."""

from comanda.orders.decision import NOTHING, Decision, Move
from comanda.orders.facts import Happened
from comanda.orders.model import Line, Order


def reserving(order: Order) -> Decision:
    """Reserve what is still to ship and not set aside yet."""
    missing = [(line, line.to_ship - line.reserved - line.allocated) for line in order.lines if line.tracked]
    return _moving("StockReserved", [(line, n) for line, n in missing if n > 0], reserved=1)


def allocating(order: Order) -> Decision:
    """Turn reservations into allocations: the units now belong to this order for good."""
    return _moving("StockAllocated", [(line, line.reserved) for line in order.lines if line.reserved], -1, 1)


def releasing(order: Order) -> Decision:
    """Give back exactly what is set aside and not shipped."""
    held = [line for line in order.lines if line.reserved or line.allocated]
    if not held:
        return NOTHING
    fact = Happened(
        "StockReleased", {"lines": [_item(line, line.reserved + line.allocated) for line in held]}
    )
    moves = (
        Move(line.sku, line.location, reserved=-line.reserved, allocated=-line.allocated) for line in held
    )
    return Decision(facts=(fact,), moves=tuple(moves))


def expiring(order: Order) -> Decision:
    """Give back what waited for money that did not come; what is allocated was paid for and stays."""
    held = [line for line in order.lines if line.reserved]
    fact = Happened(
        "ReservationExpired", {"lines": [_item(line, line.reserved) for line in held]}, "customer"
    )
    moves = tuple(Move(line.sku, line.location, reserved=-line.reserved) for line in held)
    return Decision(facts=(fact,), moves=moves)


def _moving(fact: str, amounts: list[tuple[Line, int]], reserved: int, allocated: int = 0) -> Decision:
    if not amounts:
        return NOTHING
    moves = (
        Move(line.sku, line.location, reserved=reserved * n, allocated=allocated * n) for line, n in amounts
    )
    lines = [_item(line, n) for line, n in amounts]
    return Decision(facts=(Happened(fact, {"lines": lines}),), moves=tuple(moves))


def _item(line: Line, quantity: int) -> dict[str, int | str]:
    return {"line_id": line.line_id, "quantity": quantity}
