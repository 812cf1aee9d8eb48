"""What a caller names becomes units of work: each order or parcel once, no unit of goods lost or doubled."""

from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from comanda.backoffice.bulk.bulking import Bulking
from comanda.backoffice.bulk.model import CHUNK_UNITS, Outcome, Result, Tally, Unit
from comanda.backoffice.bulk.prepare import CHUNK_LINES, chunked, folded

NUMBERS = {"P-1": "o1", "P-2": "o2"}
AT = cast(Bulking, SimpleNamespace(ids_of=lambda numbers: {n: NUMBERS[n] for n in numbers if n in NUMBERS}))
ORDERS = st.sampled_from([{"order_id": "o1"}, {"order_id": "o2"}, {"number": "P-1"}, {"number": "P-9"}])
PARCELS = st.fixed_dictionaries(
    {}, optional={"carrier": st.sampled_from("ab"), "tracking_number": st.sampled_from("xy")}
)
LINES = st.fixed_dictionaries({"sku": st.sampled_from(["A", "B"]), "quantity": st.integers(1, 9)})


def joined(*parts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}


@given(st.lists(st.builds(joined, ORDERS, PARCELS, LINES), max_size=40))
def test_every_unit_of_goods_is_in_one_parcel(rows: list[dict[str, Any]]) -> None:
    units = folded(rows, AT)
    asked: Counter[tuple[str, str]] = Counter()
    for row in rows:
        asked[row.get("order_id") or NUMBERS.get(row["number"], ""), row["sku"]] += row["quantity"]
    packed: Counter[tuple[str, str]] = Counter()
    for unit in units:
        for line in unit.more["lines"]:
            packed[unit.order_id, line["sku"]] += line["quantity"]
    assert packed == asked
    assert len({unit.key for unit in units}) == len(units)


@given(st.lists(st.builds(joined, ORDERS), max_size=40))
def test_an_order_is_one_unit_however_often_and_however_it_is_named(rows: list[dict[str, Any]]) -> None:
    found = [unit.order_id for unit in folded(rows, AT) if unit.order_id]
    assert len(found) == len(set(found))
    assert set(found) == {row.get("order_id") or NUMBERS.get(row["number"], "") for row in rows} - {""}


def test_the_rest_of_an_order_covers_its_lines() -> None:
    line = {"order_id": "o1", "sku": "A", "quantity": 1}
    for rows in ([line, {"order_id": "o1"}], [{"order_id": "o1"}, line]):
        assert folded(rows, AT) == [Unit("o1", "o1")]


@given(st.lists(st.integers(0, CHUNK_LINES), max_size=250))
def test_chunks_keep_all_units_in_order_and_stay_small(sizes: list[int]) -> None:
    units = [Unit(str(n), "o", more={"lines": [{}] * size} if size else {}) for n, size in enumerate(sizes)]
    chunks = list(chunked(units))
    assert [unit for chunk in chunks for unit in chunk] == units
    for chunk in chunks:
        assert 0 < len(chunk) <= CHUNK_UNITS
        assert sum(len(unit.more.get("lines", ())) for unit in chunk) <= CHUNK_LINES


@given(st.lists(st.sampled_from(list(Outcome)), max_size=60), st.integers(0, 60))
def test_sums_of_parts_are_the_sums_of_the_whole(outcomes: list[Outcome], cut: int) -> None:
    results = [Result("o", outcome, problem={"type": outcome}) for outcome in outcomes]
    whole = Tally.of(results)
    assert Tally.of(results[:cut]) + Tally.of(results[cut:]) == whole
    assert whole.done + whole.failed == len(results)
    assert sum(whole.reasons.values()) == whole.failed
