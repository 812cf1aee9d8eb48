"""Rows per second of an export's build, beside a bare boto3 loop over the same orders, and its memory.

    python -m local.bench.export [--orders 20000] [--profile lines]

Measured is CPU time without what making up the data takes, each side in a process of its own. The
budget: at least half of the bare loop's speed, at most 150 MB, and no more for twice the orders.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

LEAST_RATIO = 0.5
MOST_MEGABYTES = 150.0
MOST_GROWTH = 10.0  # MB from half of the orders to all of them; both fill every buffer


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--orders", type=int, default=20_000)
    arguments.add_argument("--profile", choices=["orders", "lines"], default="lines")
    arguments.add_argument("--side", choices=["ours", "bare"])
    given = arguments.parse_args()
    if given.side:
        print(json.dumps(measure(given.side, given.orders, given.profile)))
        return 0
    result = compare(given.orders, given.profile)
    print(json.dumps(result, indent=2))
    return 0 if result["met"] else 1


def compare(orders: int, profile: str) -> dict[str, Any]:
    """Both sides, and ours with half of the orders for the memory's growth."""
    ours, bare = _apart("ours", orders, profile), _apart("bare", orders, profile)
    few = _apart("ours", max(orders // 2, 1), profile)
    ratio = ours["rows_per_second"] / bare["rows_per_second"]
    growth = ours["megabytes"] - few["megabytes"]
    met = ratio >= LEAST_RATIO and ours["megabytes"] <= MOST_MEGABYTES and growth <= MOST_GROWTH
    return {
        "name": "export",
        "profile": profile,
        "orders": orders,
        "ours": ours,
        "bare": bare,
        "ratio": round(ratio, 2),
        "least_ratio": LEAST_RATIO,
        "growth_megabytes": round(growth, 1),
        "most_megabytes": MOST_MEGABYTES,
        "met": met,
    }


def _apart(side: str, orders: int, profile: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "local.bench.export", "--side", side]
    command += ["--orders", str(orders), "--profile", profile]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def measure(side: str, orders: int, profile: str) -> dict[str, Any]:
    """One side in this process."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_DEFAULT_REGION="us-east-1"
    )
    from local.bench.canned_tables import CannedTables

    tables = CannedTables(orders)
    if side == "ours":
        from local.bench.export_ours import prepare
    else:
        from local.bench.export_bare import prepare
    work = prepare(tables, profile)
    begin, wall = time.process_time(), time.perf_counter()
    rows, size = work()
    cpu, wall = time.process_time() - begin - tables.seconds, time.perf_counter() - wall
    return {
        "rows": rows,
        "bytes": size,
        "requests": tables.requests,
        "cpu_seconds": round(cpu, 2),
        "wall_seconds": round(wall, 2),
        "rows_per_second": round(rows / cpu),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
