"""Customers by name, telephone, company, tax id or e-mail, newest first; all of them without a word."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from comanda.backoffice.customers.answer import customer_row
from comanda.backoffice.customers.cursor import read_cursor, write_cursor
from comanda.backoffice.listing.typed import Typed
from comanda.canonical import digest
from comanda.customers.model import Customer
from comanda.customers.store import CustomerStore
from comanda.errors import Invalid
from comanda.orders.filters import Filter
from comanda.search.customer_words import ALL_MARKS, customer_words
from comanda.search.store import SearchStore, inverted
from comanda.search.words import typed_words

SPARE_READS = 60  # profiles that may be read beyond the page, where the tokens were behind


@dataclass(frozen=True, slots=True)
class CustomerList:
    tokens: SearchStore
    customers: CustomerStore


def find_customers(q: str, limit: int, cursor: str, at: CustomerList) -> dict[str, Any]:
    """`{items, next}`; a page that is not full still says where to go on. Raises Invalid."""
    words = typed_words(q)
    if q.strip() and not words:
        raise Invalid.at("/q", "holds no letter and no digit")
    of = digest(words)[:16]
    start = read_cursor(cursor, of)
    positions = _typed(words, start, at.tokens) if words else _all(start, at.tokens)
    found: list[Customer] = []
    last, reads = start, limit + SPARE_READS
    while len(found) < limit and (batch := list(islice(positions, min(limit - len(found), reads)))):
        reads -= len(batch)
        last = batch[-1]
        known = at.customers.many([position.partition("#")[2] for position in batch])
        found += [customer for customer in known if _fits(customer, words)]
    more = next(positions, None)
    items = [customer_row(customer) for customer in found]
    return {"items": items, "next": write_cursor(last, of) if more else None}


def _fits(customer: Customer, words: list[str]) -> bool:
    said = customer_words(customer)
    return not customer.merged_into and all(said.fit(word) for word in words)


def _typed(words: list[str], start: str, tokens: SearchStore) -> Iterator[str]:
    return (hit.position for hit in Typed(tokens, words, Filter(), start, descending=True))


def _all(start: str, tokens: SearchStore) -> Iterator[str]:
    lists = [tokens.exactly(mark, newest=start, oldest="", descending=True) for mark in ALL_MARKS]
    behind = inverted(start) if start else ""
    return (one for one in heapq.merge(*lists, key=inverted) if inverted(one) > behind)
