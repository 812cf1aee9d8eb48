"""The books of the shelf: lost units leave what is on hand, found ones come back, each with a correction."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from comanda.fulfilment.short_pick.asked import ShortDesk
from comanda.orders.decision import Decision
from comanda.orders.facts import Origin
from comanda.orders.holdings import Pick
from comanda.orders.model import Order
from comanda.stock.model import Adjustment, Move


def corrected(
    order: Order, picks: Iterable[Pick], sign: int, why: str, desk: ShortDesk, origin: Origin
) -> Decision:
    """Change what is on hand by these units, and say so in the movements of the product: who, why, for which
    order. It holds only for the figures that were read: else the command is judged again."""
    sums: Counter[tuple[str, str, int]] = Counter()
    for sku, location, shard, units in picks:
        sums[sku, location, shard] += sign * units
    moves: list[Move] = []
    changes: Counter[tuple[str, str]] = Counter()
    there: dict[tuple[str, str], int] = {}
    for (sku, location, shard), units in sorted(sums.items()):
        levels = desk.stock.shelf(sku, location)[1]
        level = levels.get((location, shard))
        moves.append(
            Move(sku, location, on_hand=units, shard=shard, seen=level.on_hand if level else None, again=True)
        )
        changes[sku, location] += units
        there[sku, location] = sum(one.on_hand for spot, one in levels.items() if spot[0] == location)
    made = [
        Adjustment(desk.new_id(), *key, units, why, there[key] + units, origin.at, origin.actor, order.number)
        for key, units in sorted(changes.items())
    ]
    return Decision(moves=tuple(moves), also=tuple(_writing(desk, one) for one in made))


def _writing(desk: ShortDesk, made: Adjustment) -> Callable[[Any], None]:
    return lambda tx: desk.write(tx, made)
