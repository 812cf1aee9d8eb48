"""The ledger of a period, pure: what is shown line by line is what the totals say, on the same days."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.closing.ledger import (
    Filter,
    days_between,
    has_lines,
    in_hour,
    is_counted,
    lines_of,
    slots,
    totals,
    utc_days,
)
from comanda.closing.model import bounds
from comanda.figures.model import added, of_entry
from comanda.orders.model import Entry

pytestmark = pytest.mark.capability("F25")
ZONES = ("America/Mexico_City", "Europe/Madrid", "UTC")
START = datetime(2026, 3, 26, tzinfo=UTC)  # Madrid's clocks change within the days


class Order:
    def __init__(self, order_id: str, ledger: tuple[Entry, ...]) -> None:
        self.order_id, self.number, self.ledger = order_id, order_id.upper(), ledger


def entry(
    number: int, minutes: int, kind: str, method: str, currency: str, amount: int, **more: Any
) -> Entry:
    at = (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Entry(
        f"e-{number}", kind, method, "manual", amount, currency, more.pop("status", "ok"), at, **more
    )


def parts_of(orders: list[Order]) -> dict[str, list[tuple[str, dict[str, int]]]]:
    """What the projection writes of these orders, by UTC day."""
    found: dict[str, list[tuple[str, dict[str, int]]]] = {}
    for day in {one.at[:10] for order in orders for one in order.ledger}:
        for order in orders:
            sums = added(of_entry(one, day) for one in order.ledger)
            if sums:
                found.setdefault(day, []).append((order.order_id, sums))
    return found


ENTRIES = st.builds(
    entry,
    st.integers(0, 10**6), st.integers(0, 60 * 24 * 6),
    st.sampled_from(["capture", "refund", "dispute", "fee", "intent"]),
    st.sampled_from(["cheque", "bank_transfer"]), st.sampled_from(["MXN", "EUR"]), st.integers(0, 10**6),
    status=st.sampled_from(["ok", "foreign", "pending", "bounced"]), wallet=st.sampled_from(["", "c-1"]),
)  # fmt: skip
FILTERS = st.builds(
    Filter, st.sampled_from(["", "capture", "refund"]), st.sampled_from(["", "cheque"]),
    st.sampled_from(["", "EUR"]),
)  # fmt: skip


@given(st.lists(st.lists(ENTRIES, max_size=4), max_size=6), st.sampled_from(ZONES), FILTERS)
def test_lines_add_up_to_the_totals(ledgers: list[list[Entry]], zone: str, wanted: Filter) -> None:
    orders = [Order(f"o-{n}", tuple(some)) for n, some in enumerate(ledgers)]
    parts, by_id = parts_of(orders), {one.order_id: one for one in orders}
    sums = {day: added(one for _, one in some) for day, some in parts.items()}
    since, until = "2026-03-27", "2026-03-30"
    shown: dict[tuple[str, str, str], dict[str, int]] = {}
    for day in days_between(since, until):
        start, end = bounds(day, zone)
        before = ""
        for slot in slots(day, zone, {utc: parts.get(utc, []) for utc in utc_days(day, zone)}, wanted):
            assert before == "" or slot.hour < before
            before = slot.hour
            found = [line for name in slot.orders for line in lines_of(by_id[name], start, end, wanted)]  # type: ignore[arg-type]
            for line in in_hour(found, slot.hour):
                row = shown.setdefault(
                    (line.method, line.provider, line.currency),
                    dict.fromkeys(("capture", "refund", "dispute", "fee"), 0),
                )
                row[line.kind] += line.amount
    assert totals(since, until, zone, sums, wanted) == shown
    assert bool(shown) <= any(has_lines(one, wanted) for one in sums.values())
    assert all(is_counted(one) for one in sums.values())


def test_days_go_from_the_last_to_the_first() -> None:
    assert days_between("2026-11-29", "2026-12-01") == ["2026-12-01", "2026-11-30", "2026-11-29"]
    assert utc_days("2026-11-21", "America/Mexico_City") == ["2026-11-22", "2026-11-21"]
    assert utc_days("2026-11-21", "UTC") == ["2026-11-21"]


def test_many_orders_of_an_hour_are_read_in_parts() -> None:
    told = {"18.l.capture.cheque.manual.MXN": 100}
    some = [(f"o-{n:03d}", told) for n in range(120)]
    found = slots("2026-11-21", "UTC", {"2026-11-21": some}, Filter())
    assert [(one.hour, one.part, len(one.orders)) for one in found] == [
        ("2026-11-21T18", 0, 50), ("2026-11-21T18", 1, 50), ("2026-11-21T18", 2, 20),
    ]  # fmt: skip
    assert [found[2].is_behind(one.hour, one.part) for one in found] == [True, True, False]


def test_figures_from_before_the_lines_say_so() -> None:
    assert not is_counted({"18.i.MXN": 100})
    assert is_counted({"18.i.MXN": 100, "18.l.capture.cheque.manual.MXN": 100})
    assert is_counted({"18.n": 1})
