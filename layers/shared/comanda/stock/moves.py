"""What a move of units writes, on which condition, and what its refusal says."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from comanda.dynamo.transaction import Refusal
from comanda.errors import OutOfStock
from comanda.stock.model import Move
from comanda.stock.rows import StockRow


def summed(moves: Iterable[Move]) -> list[Move]:
    """One move per SKU, location and shard, in a fixed order, so that two orders never lock crosswise."""
    sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for move in moves:
        for i, amount in enumerate((move.reserved, move.allocated, move.on_hand)):
            sums[move.sku, move.location, move.shard][i] += amount
    return [
        Move(sku, location, counts[0], counts[1], counts[2], shard)
        for (sku, location, shard), counts in sorted(sums.items())
    ]


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
    return condition


def sold_out(move: Move) -> Refusal:
    def refusal(item: dict[str, Any] | None) -> OutOfStock:
        available = int(item["available"]["N"]) if item else 0
        line = {"sku": move.sku, "requested": -move.available, "available": max(available, 0)}
        return OutOfStock(
            f"{move.sku}: {line['requested']} wanted, {line['available']} available", lines=[line]
        )

    return refusal
