"""Selecting what is new: nothing lost, nothing twice, whatever moves while we look."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.exports.index import Entry
from comanda.exports.model import Wanted
from comanda.exports.select import (
    EVERYTHING,
    OVERLAP_SECONDS,
    accepted,
    candidates,
    changed_since,
    covered,
    goes_on,
)
from comanda.orders.vocabulary import Lifecycle
from comanda.times import later
from tests.unit.exports.made import exported, order

NOW = "2026-11-21T18:00:00.000Z"
NEW = Wanted("new")

pytestmark = pytest.mark.capability("A18")


def at(seconds: int) -> str:
    return later(NOW, seconds)


class MovingIndex:
    """An index whose orders move while they are read: `meanwhile` runs before each entry."""

    def __init__(self, **times: int) -> None:
        self.times = {order_id: at(seconds) for order_id, seconds in times.items()}
        self.meanwhile: Callable[[], None] = lambda: None

    def updated(self, after: str, until: str = "9") -> Iterator[Entry]:
        position = after
        while True:
            self.meanwhile()
            following = sorted(Entry(f"{when}#{one}", one) for one, when in self.times.items())
            found = next((entry for entry in following if position < entry.position < until), None)
            if found is None:
                return
            position = found.position
            yield found

    created = updated


def test_old_and_recent_orders_come_in_order_each_once() -> None:
    index = MovingIndex(a=-9000, b=-5000, c=-60, d=-5)
    assert [entry.order_id for entry in changed_since(index, "", NOW)] == ["a", "b", "c", "d"]


def test_it_goes_on_from_shortly_before_the_cursor() -> None:
    index = MovingIndex(a=-9000, b=-5000 - OVERLAP_SECONDS + 1, c=-60)
    assert [entry.order_id for entry in changed_since(index, at(-5000), NOW)] == ["b", "c"]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(-20, 20)), max_size=6),
    st.lists(st.integers(-8000, 0), min_size=6, max_size=6),
)
def test_orders_that_change_meanwhile_are_taken_once_or_left_to_the_next_batch(
    moves: list[tuple[int, int]], starts: list[int]
) -> None:
    """A move happens now, give or take a clock: the order then lies at the recent end."""
    index = MovingIndex(**{f"o{number}": seconds for number, seconds in enumerate(starts)})
    moved = set()
    waiting = list(moves)

    def move() -> None:
        if waiting:
            number, skew = waiting.pop()
            index.times[f"o{number}"] = at(skew)
            moved.add(f"o{number}")

    index.meanwhile = move
    taken = [entry.order_id for entry in changed_since(index, "", NOW)]
    index.meanwhile = lambda: None
    assert len(taken) == len(set(taken))
    left = set(index.times) - set(taken)
    assert left <= moved
    cursor = covered(NEW, None, NOW)
    assert left <= {entry.order_id for entry in changed_since(index, cursor, at(60))}


def test_given_orders_are_taken_as_given_but_once() -> None:
    wanted = Wanted("all", ("b", "a", "b"))
    assert [entry.order_id for entry in candidates(wanted, EVERYTHING, MovingIndex(), "", NOW)] == ["b", "a"]


def test_how_far_a_selection_has_looked() -> None:
    everything = Wanted("all")
    old, recent = Entry(f"{at(-5000)}#a", "a"), Entry(f"{at(-5)}#b", "b")
    assert covered(NEW, None, NOW) == NOW
    assert covered(NEW, old, NOW) == at(-5000)
    assert covered(NEW, recent, NOW) == at(-OVERLAP_SECONDS)  # the recent end is not done before its end
    assert covered(everything, recent, NOW) == recent.position
    assert covered(everything, None, NOW) == ""


def test_another_batch_goes_on_only_where_it_gets_further() -> None:
    old, recent = Entry(f"{at(-5000)}#a", "a"), Entry(f"{at(-5)}#b", "b")
    cases = [
        (NEW, None, "", True, False),
        (NEW, old, "", False, True),
        (NEW, old, at(-5001), False, True),
        (NEW, old, at(-4990), False, False),
        (NEW, old, at(-4990), True, True),
        (NEW, recent, at(-5000), True, True),
        (NEW, recent, at(-5000), False, False),
        (Wanted("all"), recent, at(-5000), False, True),
    ]
    for wanted, last, cursor, found, expected in cases:
        assert goes_on(wanted, last, cursor, NOW, found=found) is expected, (wanted, last, cursor, found)


def test_acceptance_is_judged_on_the_order() -> None:
    known = order(version=3, exported=(exported(3),))
    assert not accepted(known, NEW, EVERYTHING, "erp")
    assert accepted(known, Wanted("all"), EVERYTHING, "erp")
    assert accepted(known, NEW, EVERYTHING, "another")
    assert not accepted(order(lifecycle=Lifecycle.CANCELLED), Wanted("all"), EVERYTHING, "erp")
