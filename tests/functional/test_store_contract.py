"""What the order store promises, held against the real one on moto and the fake one of other tests alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from comanda import wiring
from comanda.canonical import canonical
from comanda.dynamo.transaction import MOST_ACTIONS, AlreadyDone, RevisionMoved
from comanda.errors import Invalid, OutOfStock
from comanda.orders import goods
from comanda.orders.course import Course
from comanda.orders.decision import Decision, Effect, Sealed
from comanda.orders.evolve import replay
from comanda.orders.facts import Happened, broken_link
from comanda.orders.model import Order
from comanda.stock.model import Move
from comanda.times import later
from tests.examples import AT, ORIGIN, a_hold, a_line, a_shipment, an_entry, an_order
from tests.fakes import FakeOrders, FakeStockBook
from tests.functional.shop import level as real_level
from tests.functional.shop import stock_product

UNITS = {"A": 5, "B": 3}
ORDER = an_order(lines=(a_line("l1", "A", 2), a_line("l2", "B", 1), a_line("l3", "A", 1)))


@dataclass
class Store:
    """A store under test, with a look at the stock beside it."""

    orders: Any
    level: Callable[[str], dict[str, int]]


def real() -> Store:
    for sku, units in UNITS.items():
        stock_product(sku, units=units)
    return Store(wiring.orders(), real_level)


def fake() -> Store:
    book = FakeStockBook(**UNITS)
    names = ("on_hand", "reserved", "allocated", "available")
    return Store(FakeOrders(book), lambda sku: {name: getattr(book.level(sku), name) for name in names})


@pytest.fixture(params=[real, fake], ids=["real", "fake"])
def store(request: pytest.FixtureRequest, clean: None) -> Store:
    made: Store = request.param()
    return made


def placing(order: Order = ORDER) -> Course:
    return Course(None, ORIGIN).add(Decision(facts=(Happened("OrderPlaced", {"order": order.to_dict()}),)))


def placed(store: Store) -> Order:
    """An order that holds its stock, as stored."""
    course = placing()
    written: Order = store.orders.write(course.add(goods.reserving(course.after)))
    return written


def loaded(store: Store) -> Any:
    found = store.orders.load("o1")
    assert found
    return found


def seen(store: Store) -> tuple[Any, ...]:
    """Everything that a refused write must leave alone."""
    return loaded(store), list(store.orders.facts("o1")), store.level("A"), store.level("B")


def test_an_unknown_order_is_none(store: Store) -> None:
    assert store.orders.load("nobody") is None


def test_what_is_written_is_loaded_and_its_history_folds_to_it(store: Store) -> None:
    written = placed(store)
    assert loaded(store).order == written
    facts = list(store.orders.facts("o1"))
    assert [fact.type for fact in facts] == ["OrderPlaced", "StockReserved"]
    assert broken_link(facts) is None
    assert replace(replay(facts), revision=1) == written
    assert canonical(replay(facts).to_dict() | {"revision": 1}) == canonical(written.to_dict())


def test_the_same_sku_on_two_lines_is_taken_as_one(store: Store) -> None:
    placed(store)
    assert store.level("A") == {"on_hand": 5, "reserved": 3, "allocated": 0, "available": 2}
    assert store.level("B") == {"on_hand": 3, "reserved": 1, "allocated": 0, "available": 2}


def test_what_is_short_is_refused_with_its_lines_and_nothing_is_written(store: Store) -> None:
    big = replace(ORDER, lines=(a_line("l1", "A", 4), a_line("l2", "B", 9), a_line("l3", "A", 2)))
    course = placing(big)
    with pytest.raises(OutOfStock) as refused:
        store.orders.write(course.add(goods.reserving(course.after)))
    assert refused.value.extra["lines"] == [
        {"sku": "A", "requested": 6, "available": 5},
        {"sku": "B", "requested": 9, "available": 3},
    ]
    assert store.orders.load("o1") is None
    assert (store.level("A")["available"], store.level("B")["available"]) == (5, 3)


def test_an_order_is_born_once(store: Store) -> None:
    placed(store)
    before = seen(store)
    course = placing(replace(ORDER, locale="en"))
    with pytest.raises(RevisionMoved):
        store.orders.write(course.add(goods.reserving(course.after)))
    assert seen(store) == before


def approved(order: Order, *more: Decision) -> Course:
    course = Course(order, ORIGIN).add(Decision(facts=(Happened("OrderApproved", {}),)))
    for decision in more:
        course.add(decision)
    return course


def test_only_the_first_of_two_writers_is_heard(store: Store) -> None:
    old = placed(store)
    first = store.orders.write(approved(old))
    assert (first.revision, first.version) == (2, 3)
    before = seen(store)
    with pytest.raises(RevisionMoved):
        store.orders.write(approved(old, goods.allocating(old)))
    assert seen(store) == before


def test_an_effect_of_the_outside_counts_once(store: Store) -> None:
    old = placed(store)
    charge = Decision(
        facts=(Happened("PaymentCaptured", {"entry": an_entry("capture").to_dict()}),), identities=("ch_1",)
    )
    paid = store.orders.write(Course(old, ORIGIN).add(charge))
    assert store.orders.seen("o1", "ch_1")
    assert not store.orders.seen("o1", "ch_2")
    before = seen(store)
    with pytest.raises(AlreadyDone):
        store.orders.write(Course(paid, ORIGIN).add(charge))
    with pytest.raises(AlreadyDone):  # even when the revision has moved, and even when stock is short
        store.orders.write(Course(old, ORIGIN).add(charge + Decision(moves=(Move("A", "main", 9),))))
    assert seen(store) == before


def test_a_moved_revision_comes_before_what_is_short(store: Store) -> None:
    old = placed(store)
    store.orders.write(approved(old))
    with pytest.raises(RevisionMoved):
        store.orders.write(approved(old, Decision(moves=(Move("A", "main", 9),))))


@pytest.mark.parametrize(
    "move",
    [Move("A", "main", reserved=-4), Move("A", "main", allocated=-1), Move("B", "main", on_hand=-4)],
)
def test_nothing_is_given_back_or_shipped_that_is_not_held(store: Store, move: Move) -> None:
    old = placed(store)
    before = seen(store)
    with pytest.raises(OutOfStock):
        store.orders.write(approved(old, Decision(moves=(move,))))
    assert seen(store) == before


def test_units_of_an_unknown_product_are_short(store: Store) -> None:
    with pytest.raises(OutOfStock) as refused:
        store.orders.write(placing().add(Decision(moves=(Move("Z", "main", reserved=1),))))
    assert refused.value.extra["lines"] == [{"sku": "Z", "requested": 1, "available": 0}]


def test_effects_texts_ledger_and_parcels_lie_beside_the_order(store: Store) -> None:
    old = placed(store)
    claimed_until = later(AT, 30)
    more = Decision(
        facts=(
            Happened("PaymentCaptured", {"entry": an_entry("capture").to_dict()}),
            Happened("HoldOpened", {"hold": a_hold().to_dict()}),
            Happened("LinesShipped", {"shipment": a_shipment(("l1", "A", 1)).to_dict(), "taken": []}),
        ),
        effects=(
            Effect("mail-x", "mail", {"event": "x"}),
            Effect("pay-1", "payment.start", {"amount": 1}, claimed_until),
        ),
        personal={"contact": Sealed({"email": "ana@example.com"}, "salt"), "comment": Sealed("hola ñ", "s")},
    )
    after = store.orders.write(Course(old, ORIGIN).add(more))
    found = loaded(store)
    assert found.order == after
    assert found.personal == {"contact": {"email": "ana@example.com"}, "comment": "hola ñ"}
    assert [(e.effect_id, e.kind, e.state, e.data, e.due_at) for e in found.effects] == [
        ("mail-x", "mail", "wanted", {"event": "x"}, later(AT, 120)),
        ("pay-1", "payment.start", "claimed", {"amount": 1}, claimed_until),
    ]
    assert found.effects[1].lease_until == claimed_until
    assert [entry.entry_id for entry in found.order.ledger] == ["stripe:capture:ch_1"]
    assert store.orders.by_tracking("jd 0001") == ["o1"]
    assert store.orders.by_tracking("jd 0002") == []
    assert replace(replay(store.orders.facts("o1")), revision=2) == after


def test_more_than_one_transaction_takes_is_refused_before_anything_is_sent(clean: None) -> None:
    stock_product("A", units=1)
    moves = tuple(
        Move(f"S{n}", "main", reserved=1) for n in range(MOST_ACTIONS - 1)
    )  # beside the order and its facts
    with pytest.raises(Invalid):
        wiring.orders().write(placing().add(Decision(moves=moves)))
    assert wiring.orders().load("o1") is None
