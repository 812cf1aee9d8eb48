"""Stock: its levels, its corrections, and the orders served when it arrives."""

from functools import cache
from typing import TYPE_CHECKING

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from comanda.orders.backorder import Arrivals
    from comanda.stock.adjust_stock import Book
    from comanda.stock.store import StockStore


@cache
def stock() -> "StockStore":
    from comanda.stock.store import StockStore

    return StockStore(variable("STOCK_TABLE"))


@cache
def stock_book() -> "Book":
    """Where staff's corrections of stock are written."""
    from comanda.ids import new_id
    from comanda.stock.adjust_stock import Book
    from comanda.stock.adjustments import AdjustmentStore

    return Book(wiring.stock(), AdjustmentStore(variable("JOBS_TABLE")), wiring.keys_seen(), new_id)


@cache
def arrivals() -> "Arrivals":
    """Orders that wait for stock, served when it comes in."""
    from comanda.orders.backorder import Arrivals

    return Arrivals(wiring.desk(), wiring.stock(), wiring.now)
