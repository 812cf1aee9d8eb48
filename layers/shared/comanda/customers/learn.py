"""Put where orders went into their customer's address book."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Protocol

from comanda.customers.model import Customer, address_id


class Book(Protocol):
    def learn(self, tx: Any, customer_id: str, place: dict[str, Any], at: str) -> None: ...


def learning(
    book: Book, customer: Customer, places: Iterable[dict[str, Any]], at: str
) -> tuple[Callable[[Any], None], ...]:
    """The writes that go with an order's own, at a time in UTC: one for each place that is not the
    customer's default already."""
    different = {address_id(place): place for place in places if place}
    different.pop(address_id(customer.address), None)
    return tuple(partial(_learn, book, customer.customer_id, place, at) for place in different.values())


def _learn(book: Book, customer_id: str, place: dict[str, Any], at: str, tx: Any) -> None:
    book.learn(tx, customer_id, place, at)
