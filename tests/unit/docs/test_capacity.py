"""The arithmetic of docs/capacity.md, done again from its own table of numbers."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs" / "capacity.md").read_text()
NUMBERS, LIMITS, NEEDED = (
    {row[0]: float(row[1]) for row in re.findall(r"^\| (\w+) \| ([\d.]+) \|", part, re.MULTILINE)}
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:4]
)


def test_each_limit_is_a_quota_divided_by_what_an_order_takes_of_it() -> None:
    n = NUMBERS
    assert {name: value for name, value in LIMITS.items() if name != "executions"} == {
        "due": n["partition_units"] // n["due_units"],
        "updated": n["partition_units"] // n["updated_units"],
        "created": n["partition_units"] // n["created_units"],
        "lambda": n["concurrency"] * 1000 // (n["invocations"] * n["invocation_ms"]),
        "table": n["table_units"] // n["orders_units"],
        "workflow": n["transition_rate"] // n["transitions"],
        "gateway": n["gateway_rate"] // n["calls"],
    }
    assert LIMITS["executions"] == round(n["open_executions"] / (n["days"] * 86_400), 1)


def test_limits_stand_in_the_order_in_which_they_are_met() -> None:
    assert list(LIMITS.values()) == sorted(LIMITS.values())
    assert f"**{LIMITS['executions']} orders a second" in PAGE
    assert f"and {LIMITS['due']:.0f} a second for a while" in PAGE


def test_what_the_aim_takes() -> None:
    n = NUMBERS
    assert {
        "due_shards": n["aim"] * n["due_units"] / n["partition_units"],
        "updated_shards": n["aim"] * n["updated_units"] / n["partition_units"],
        "needed_transitions": n["aim"] * n["transitions"],
        "needed_table_units": n["aim"] * n["orders_units"],
        "needed_concurrency": n["aim"] * n["invocations"] * n["invocation_ms"] / 1000,
        "needed_executions": n["aim"] * n["days"] * 86_400,
    } == NEEDED
    assert f"last {n['open_executions'] / n['aim']:,.0f}" in " ".join(PAGE.split())


def test_the_aim_is_above_the_reported_peak() -> None:
    assert round(40_000 / 60) == 667 < NUMBERS["aim"]
