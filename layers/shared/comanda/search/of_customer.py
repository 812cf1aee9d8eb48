"""The orders of one customer, newest first; which they are tells the mark that the stream keeps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from comanda.dynamo.batch import get_many
from comanda.dynamo.packed import body_of
from comanda.orders.model import Order
from comanda.search.store import SearchStore
from comanda.search.words import customer_mark

POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w-]{1,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some orders of a history; `next` is the position to go on behind, empty at the end."""

    orders: tuple[Order, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class CustomerOrders:
    """`table` is the Orders table."""

    tokens: SearchStore
    table: str

    def newest(self, customer_id: str, *, limit: int, behind: str = "") -> Chapter:
        """At most `limit` orders behind a position, as they are now (without ledger and shipments)."""
        mark = customer_mark(customer_id)
        found = self.tokens.exactly(mark, newest=behind, oldest="", descending=True)
        positions = list(islice((one for one in found if one != behind), limit + 1))
        orders = [order for order in self._read(positions[:limit]) if order.customer_id == customer_id]
        more = len(positions) > limit
        return Chapter(tuple(orders), positions[limit - 1] if more else "")

    def ids(self, customer_id: str) -> Iterator[str]:
        """The ids of all orders that are marked as this customer's now, newest first."""
        mark = customer_mark(customer_id)
        found = self.tokens.exactly(mark, newest="", oldest="", descending=True, consistent=True)
        return (position.partition("#")[2] for position in found)

    def _read(self, positions: Sequence[str]) -> list[Order]:
        ids = [position.partition("#")[2] for position in positions]
        found = get_many({self.table: [(order_id, "ORDER") for order_id in ids]})[self.table]
        return [Order.from_parts(body_of(found[order_id]), [], []) for order_id in ids if order_id in found]
