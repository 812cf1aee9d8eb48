"""A discount code's use goes with its order: given back when it ends, taken again when it revives."""

from dataclasses import replace

import pytest

from comanda.links.issue import Links
from comanda.links.keys import Keys
from comanda.orders.consequences import Consequences
from comanda.orders.course import Course
from comanda.orders.model import CodeUse, Order
from comanda.orders.vocabulary import Lifecycle, Method
from comanda.origin import Origin
from comanda.settings.sections import PaymentMethod
from tests.fakes import FakeCodes, FakeTransaction
from tests.unit.orders.shop import TestShop

ORIGIN = Origin("system", "test", "2026-11-22T12:00:00.000Z")
USE = CodeUse("VERANO", "c-1", 3)


@pytest.fixture
def order() -> Order:
    return TestShop().place((("A", 1),), Method.BANK_TRANSFER, PaymentMethod(enabled=True), known=True)


def counted(before: Order, after: Order) -> int:
    codes = FakeCodes()
    links = Links(None, lambda: Keys("key"))  # type: ignore[arg-type]  # no link is issued
    rule = Consequences(links, codes).code_use_follows
    tx = FakeTransaction()
    for write in rule(Course(before, ORIGIN), after).also:
        write(tx)
    tx.commit()
    return codes.uses.get("VERANO", 0)


@pytest.mark.parametrize(
    ("was", "is_now", "by"),
    [
        (Lifecycle.PLACED, Lifecycle.CANCELLED, -1),
        (Lifecycle.AWAITING_VERIFICATION, Lifecycle.EXPIRED, -1),
        (Lifecycle.CANCELLED, Lifecycle.PLACED, 1),
        (Lifecycle.EXPIRED, Lifecycle.PLACED, 1),
        (Lifecycle.CANCELLED, Lifecycle.CANCELLED, 0),
        (Lifecycle.AWAITING_VERIFICATION, Lifecycle.PLACED, 0),
        (Lifecycle.PLACED, Lifecycle.CLOSED, 0),
    ],
)
@pytest.mark.capability("F21")
def test_a_use_is_counted_while_its_order_lives(
    order: Order, was: Lifecycle, is_now: Lifecycle, by: int
) -> None:
    used = replace(order, code_use=USE)
    assert counted(replace(used, lifecycle=was), replace(used, lifecycle=is_now)) == by


def test_an_order_without_a_counted_code_counts_nothing(order: Order) -> None:
    assert counted(order, replace(order, lifecycle=Lifecycle.CANCELLED)) == 0
