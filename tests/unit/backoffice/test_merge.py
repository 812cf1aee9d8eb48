"""Partitions are merged completely and in order, within a budget that only postpones."""

from collections.abc import Callable, Sequence
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from comanda.backoffice.listing.merge import Budget, Hit, Merge, Page

Shelf = dict[str, list[str]]
READ = 4096


def fetching(shelf: Shelf, descending: bool) -> Callable[[str, str, int], Page]:
    def fetch(partition: str, after: str, limit: int) -> Page:
        rows = sorted(shelf[partition], reverse=descending)
        behind = [p for p in rows if not after or (p < after if descending else p > after)]
        hits = tuple(Hit(p, p.partition("#")[2], {"l": partition}) for p in behind[:limit])
        return Page(hits, len(behind) > limit, READ)

    return fetch


def each(work: Callable[[str], Page], names: Sequence[str]) -> list[Page]:
    return [work(name) for name in names]


def merge(shelf: Shelf, budget: int, start: str = "", *, descending: bool = True, wanted: int = 5) -> Merge:
    return Merge(
        sorted(shelf),
        fetching(shelf, descending),
        each,
        Budget(budget),
        start=start,
        wanted=wanted,
        descending=descending,
        accept=lambda hit: not hit.order_id.endswith("x"),
    )


positions = st.builds(
    lambda minute, order_id: f"2026-11-21T00:{minute:02d}#{order_id}",
    st.integers(0, 59),
    st.text("abx", min_size=1),
)
shelves = st.lists(st.sets(positions, max_size=30), min_size=1, max_size=6).map(
    lambda sets: {f"p{n}": sorted(chosen - set().union(*sets[:n])) for n, chosen in enumerate(sets)}
)


def expected(shelf: Shelf, *, descending: bool = True) -> list[str]:
    rows = sorted((p for rows in shelf.values() for p in rows), reverse=descending)
    return [position for position in rows if not position.endswith("x")]


@given(shelves, st.booleans(), st.integers(1, 20))
def test_everything_comes_once_and_in_order(shelf: Shelf, descending: bool, wanted: int) -> None:
    merged = merge(shelf, 10**9, descending=descending, wanted=wanted)
    assert [hit.position for hit in merged] == expected(shelf, descending=descending)
    assert merged.done


@given(shelves, st.integers(1, 7), st.integers(0, 6))
def test_pages_of_any_budget_make_up_the_whole(shelf: Shelf, size: int, budget: int) -> None:
    found: list[str] = []
    start, done = "", False
    while not done:
        merged = merge(shelf, budget * READ, start, wanted=size)
        found += [hit.position for hit in islice(merged, size)]
        done = merged.done
        assert done or not start or merged.boundary < start
        start = merged.boundary
    assert found == expected(shelf)


@given(shelves)
def test_a_raised_budget_goes_on_where_it_stopped(shelf: Shelf) -> None:
    merged = merge(shelf, 1, wanted=1)
    found = [hit.position for hit in merged]
    merged.budget.left = 10**9
    assert found + [hit.position for hit in merged] == expected(shelf)


def test_nothing_beyond_the_boundary_is_promised() -> None:
    shelf = {"p0": [f"2026-11-21T00:{m:02d}#a" for m in range(30)], "p1": ["2026-11-21T00:01#b"]}
    merged = merge(shelf, 2 * READ, wanted=2)
    assert [hit.position[-4:] for hit in merged] == ["29#a", "28#a"]
    assert (merged.boundary, merged.done) == ("2026-11-21T00:28#a", False)
