"""Imports, corrections and orders in any order: the figures always add up and never fall below zero."""

import os
from datetime import UTC, datetime
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.dynamo.transaction import Transaction
from comanda.errors import OutOfStock
from comanda.stock.adjust_stock import Book, Correction, adjust_stock
from comanda.stock.adjustments import AdjustmentStore
from comanda.stock.import_products import import_products
from comanda.stock.model import Move
from tests.functional.shop import level

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
NUMBERS = count(1)

STEPS = st.one_of(
    st.tuples(st.just("count"), st.integers(0, 30)),
    st.tuples(st.just("reserve"), st.integers(1, 12)),
    st.tuples(st.just("ship"), st.integers(1, 12)),
    st.tuples(st.just("correct"), st.integers(-12, 12).filter(bool)),
)


class Shelf:
    """What the figures have to be, by plain arithmetic."""

    def __init__(self, sku: str, first: int) -> None:
        self.sku = sku
        self.on_hand = self.counted = first
        self.reserved = 0

    def count(self, units: int) -> None:
        moved = units - self.counted
        report = import_products(
            f"sku,name_es,price,tax,stock\n{self.sku},Uno,1,0,{units}\n".encode(),
            store=wiring.stock(),
            currency="MXN",
            now=NOW,
            actor="staff:ana",
        )
        fits = self.on_hand - self.reserved + moved >= 0
        assert report.state == ("done" if fits else "refused")
        if fits:
            self.on_hand, self.counted = self.on_hand + moved, units

    def reserve(self, units: int) -> None:
        if self._taken(Move(self.sku, "main", reserved=units), units <= self.on_hand - self.reserved):
            self.reserved += units

    def ship(self, units: int) -> None:
        if self._taken(Move(self.sku, "main", reserved=-units, on_hand=-units), units <= self.reserved):
            self.reserved, self.on_hand = self.reserved - units, self.on_hand - units

    def correct(self, units: int) -> None:
        book = Book(
            wiring.stock(),
            AdjustmentStore(os.environ["JOBS_TABLE"]),
            wiring.keys_seen(),
            lambda: f"a{next(NUMBERS)}",
        )
        fits = self.on_hand - self.reserved + units >= 0
        try:
            asked = Correction(self.sku, units, "counted", "main")
            done = adjust_stock(asked, book, actor="staff:ana", at="2026-11-21T18:00:00.000Z")
        except OutOfStock:
            assert not fits
            return
        assert fits
        self.on_hand += units
        assert done.result["on_hand"] == self.on_hand

    def _taken(self, move: Move, fits: bool) -> bool:
        tx = Transaction()
        wiring.stock().write_moves(tx, [move])
        try:
            tx.commit()
        except OutOfStock:
            assert not fits
            return False
        assert fits
        return True


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 20), steps=st.lists(STEPS, min_size=4, max_size=10))
def test_figures_add_up_whatever_happens(clean, first, steps):
    shelf = Shelf(f"S{next(NUMBERS)}", 0)
    import_products(
        f"sku,name_es,price,tax,stock\n{shelf.sku},Uno,1,0,{first}\n".encode(),
        store=wiring.stock(),
        currency="MXN",
        now=NOW,
        actor="staff:ana",
    )
    shelf.on_hand = shelf.counted = first
    for kind, units in steps:
        getattr(shelf, kind)(units)
        assert level(shelf.sku) == {
            "on_hand": shelf.on_hand,
            "reserved": shelf.reserved,
            "allocated": 0,
            "available": shelf.on_hand - shelf.reserved,
        }
