"""What a move of units writes, on which condition, and what its refusal says."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from comanda.dynamo.transaction import Refusal, RevisionMoved
from comanda.errors import OutOfStock
from comanda.stock.model import Move
from comanda.stock.rows import StockRow


def summed(moves: Iterable[Move]) -> list[Move]:
    """One move per SKU, location and shard, in a fixed order, so that two orders never lock crosswise."""
    sums: dict[tuple[str, str, int], Move] = {}
    for move in moves:
        key = (move.sku, move.location, move.shard)
        known = sums.get(key)
        sums[key] = _together(known, move) if known else move
    return [move for _, move in sorted(sums.items())]


def _together(one: Move, other: Move) -> Move:
    return replace(
        one,
        reserved=one.reserved + other.reserved,
        allocated=one.allocated + other.allocated,
        on_hand=one.on_hand + other.on_hand,
        seen=one.seen if other.seen is None else other.seen,
        again=one.again or other.again,
    )


def written(move: Move) -> list[Any]:
    """What the row's counters are changed by."""
    columns = (
        (StockRow.on_hand, move.on_hand),
        (StockRow.reserved, move.reserved),
        (StockRow.allocated, move.allocated),
        (StockRow.available, move.available),
    )
    return [column.add(amount) for column, amount in columns if amount]


def allowed(move: Move) -> Any:
    """Nothing may fall below zero: neither what is available nor what is set aside."""
    condition = StockRow.available >= -move.available if move.available < 0 else StockRow.pk.exists()
    for column, amount in (
        (StockRow.reserved, move.reserved),
        (StockRow.allocated, move.allocated),
        (StockRow.on_hand, move.on_hand),
    ):
        if amount < 0:
            condition &= column >= -amount
    if move.seen is not None:
        condition &= StockRow.on_hand == move.seen
    return condition


def sold_out(move: Move) -> Refusal:
    def refusal(item: dict[str, Any] | None) -> Exception:
        if move.again:
            return RevisionMoved("the stock moved in the meantime")
        available = int(item["available"]["N"]) if item else 0
        line = {"sku": move.sku, "requested": -move.available, "available": max(available, 0)}
        return OutOfStock(
            f"{move.sku}: {line['requested']} wanted, {line['available']} available", lines=[line]
        )

    return refusal
