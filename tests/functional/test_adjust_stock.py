"""Correcting stock and reading it, on the tables as the template makes them."""

import os
from itertools import count

import pytest

from comanda import wiring
from comanda.dynamo.transaction import Transaction
from comanda.errors import IdempotencyKeyReused, Invalid, NotFound, OutOfStock
from comanda.idempotency.store import Request
from comanda.stock.adjust_stock import Book, Correction, adjust_stock
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.model import Move
from comanda.stock.stock_of import stock_of
from tests.functional.shop import level, stock_product

AT = "2026-11-21T18:00:00.000Z"


@pytest.fixture
def book(aws) -> Book:
    numbers = count(1)
    store = AdjustmentStore(os.environ["JOBS_TABLE"])
    return Book(wiring.stock(), store, wiring.keys_seen(), lambda: f"adj{next(numbers)}")


def correct(book: Book, delta: int, sku: str = "CAFE-1", request: Request | None = None, at: str = AT):
    asked = Correction(sku, delta, "two broken", "main")
    return adjust_stock(asked, book, actor="staff:ana", at=at, request=request)


def move(**counts: int) -> None:
    tx = Transaction()
    wiring.stock().write_moves(tx, [Move("CAFE-1", "main", **counts)])
    tx.commit()


def test_a_correction_moves_the_figures_and_keeps_who_and_why(book):
    stock_product(units=10)
    move(reserved=3)
    done = correct(book, -2)
    assert done.replayed is False
    assert done.result == {
        "adjustment_id": "adj1",
        "sku": "CAFE-1",
        "location": "main",
        "delta": -2,
        "reason": "two broken",
        "on_hand": 8,
        "at": AT,
        "actor": "staff:ana",
        "cause": "",
    }
    assert level() == {"on_hand": 8, "reserved": 3, "allocated": 0, "available": 5}
    assert [made.to_dict() for made in book.adjustments.latest("CAFE-1", 5)] == [done.result]


def test_stock_is_never_corrected_below_what_orders_hold(book):
    stock_product(units=10)
    move(reserved=3)
    move(reserved=-2, allocated=2)
    with pytest.raises(OutOfStock) as caught:
        correct(book, -8)
    assert caught.value.extra["lines"] == [{"sku": "CAFE-1", "requested": 8, "available": 7}]
    assert level() == {"on_hand": 10, "reserved": 1, "allocated": 2, "available": 7}
    assert book.adjustments.latest("CAFE-1", 5) == []
    correct(book, -7)
    assert level() == {"on_hand": 3, "reserved": 1, "allocated": 2, "available": 0}


def test_a_replay_answers_as_the_first_time_and_moves_nothing(book):
    stock_product(units=10)
    request = Request.of("adjust#staff:ana", "key-1", {"delta": 5})
    first = correct(book, 5, request=request)
    move(on_hand=-1)
    again = correct(book, 5, request=request)
    assert (again.replayed, again.result) == (True, first.result)
    assert level()["on_hand"] == 14
    with pytest.raises(IdempotencyKeyReused):
        correct(book, 6, request=Request.of("adjust#staff:ana", "key-1", {"delta": 6}))
    assert level()["on_hand"] == 14


def test_two_corrections_at_once_both_count_and_the_ledger_adds_up(book, monkeypatch):
    stock_product(units=10)
    commit = Transaction.commit

    def other_first(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        correct(book, -4)
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", other_first)
    assert correct(book, 1, at="2026-11-21T18:00:01.000Z").result["on_hand"] == 7
    assert level()["on_hand"] == 7
    history = book.adjustments.latest("CAFE-1", 5)
    assert [(made.delta, made.on_hand) for made in history] == [(1, 7), (-4, 6)]


def test_the_same_key_at_once_moves_once(book, monkeypatch):
    stock_product(units=10)
    request = Request.of("adjust#staff:ana", "key-1", {"delta": 5})
    commit = Transaction.commit

    def same_first(tx: Transaction) -> None:
        monkeypatch.setattr(Transaction, "commit", commit)
        correct(book, 5, request=request)
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", same_first)
    assert correct(book, 5, request=request).replayed is True
    assert level()["on_hand"] == 15


def test_what_cannot_be_corrected_is_refused(book):
    stock_product(units=None)
    with pytest.raises(NotFound):
        correct(book, 1)
    with pytest.raises(NotFound):
        correct(book, 1, sku="NOPE")
    for delta in (0, 10_000_001):
        with pytest.raises(Invalid):
            correct(book, delta)


def test_staff_see_figures_last_count_and_corrections(book):
    stock_product(units=10)
    move(reserved=3)
    correct(book, 2)
    found = stock_of("CAFE-1", store=book.stock, adjustments=book.adjustments)
    assert found["locations"] == [
        {"location": "main", "shards": 1, "counted": None, "bin": None}
        | {"on_hand": 12, "reserved": 3, "allocated": 0, "available": 9}
    ]
    assert (found["names"]["es"], found["tracked"]) == ("Café CAFE-1", True)
    assert [made["delta"] for made in found["adjustments"]] == [2]


def test_a_product_whose_stock_is_not_counted_has_no_figures(book):
    stock_product(units=None)
    found = stock_of("CAFE-1", store=book.stock, adjustments=book.adjustments)
    assert (found["tracked"], found["locations"]) == (False, [])
    with pytest.raises(NotFound):
        stock_of("NOPE", store=book.stock, adjustments=book.adjustments)
