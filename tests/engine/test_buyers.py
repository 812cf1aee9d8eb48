"""No oversell, ever: shown on AWS's own DynamoDB engine, with and without injected faults."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
JAR = ROOT / ".tools" / "dynamodb-local" / "DynamoDBLocal.jar"

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not JAR.exists(), reason="AWS's DynamoDB engine is not installed: make tools"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed: make tools"),
]


def race(**asked: Any) -> dict[str, Any]:
    """What came of a race; see race.py."""
    command = [sys.executable, "-m", "tests.engine.race", json.dumps(asked)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


@pytest.mark.capability("G01", "D01", "D03", "D21")
def test_200_buyers_for_50_units_make_exactly_50_orders() -> None:
    seen = race(buyers=200, units=50)
    assert seen["statuses"] == {"201": 50, "409": 150}
    assert seen["types"] == {"out-of-stock": 150}
    assert seen["stock"] == {"on_hand": 50, "reserved": 50, "allocated": 0, "available": 0}
    assert [order["reserved"] for order in seen["orders"]] == [1] * 50
    assert seen["ids"] == seen["numbers"] == 50


@pytest.mark.capability("G01")
def test_with_conflicts_and_lost_answers_nothing_is_sold_twice_and_nobody_gets_an_error() -> None:
    seen = race(buyers=200, units=50, rate=0.3, lost=0.1, throttled=0.01)
    assert seen["faults"]["conflicts"] > 30
    assert seen["faults"]["lost answers"] > 0
    assert set(seen["statuses"]) <= {"201", "409", "503"}
    assert set(seen["types"]) <= {"out-of-stock", "busy"}
    made = len(seen["orders"])
    assert made == seen["stock"]["reserved"] <= 50
    assert seen["stock"]["available"] == 50 - made
    assert [order["reserved"] for order in seen["orders"]] == [1] * made
    assert seen["statuses"]["201"] == seen["ids"] <= made  # a 503 may hide an order; its key finds it


@pytest.mark.capability("G01")
def test_the_same_sku_on_two_lines_is_summed() -> None:
    seen = race(buyers=60, units=50, quantities=[1, 2])
    assert seen["statuses"] == {"201": 16, "409": 44}
    assert seen["stock"] == {"on_hand": 50, "reserved": 48, "allocated": 0, "available": 2}
    assert seen["orders"] == [{"reserved": 3, "lines": 2}] * 16


@pytest.mark.capability("F09", "G01")
@pytest.mark.parametrize("lost", [0, 0.5])
def test_one_key_sent_by_many_at_once_makes_one_order(lost: float) -> None:
    seen = race(buyers=24, units=50, key="the-same", lost=lost)
    assert set(seen["statuses"]) <= {"201", "503"}
    assert seen["ids"] == len(seen["orders"]) == 1
    assert seen["stock"]["reserved"] == 1
