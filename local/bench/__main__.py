"""`make bench`: every budget beside its yardstick, in one run; the figures stay in .local/bench.json."""

import json
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.bench.report import Line, lines_of, print_table

KEPT = Path(".local/bench.json")
EXPORT_ORDERS = 20_000
LISTED_ORDERS = 10_000


def main() -> int:
    begin = time.monotonic()
    results = [
        cold_import(),
        imports(),
        *checkout(),
        lifecycle(),
        list_pages(),
        screens(),
        papers(),
        export(),
    ]
    lines = [line for result in results for line in lines_of(result)]
    print_table(lines)
    seconds = round(time.monotonic() - begin)
    _keep(results, lines, seconds)
    print(f"\n{seconds} s; all figures: {KEPT}")
    return 0 if all(line.ok for line in lines) else 1


def cold_import() -> dict[str, Any]:
    from local.bench.cold import measure

    return measure()


def imports() -> dict[str, Any]:
    """The test that names what each function loads before its first request."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/unit/architecture/test_imports.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {"name": "imports", "said": done.stdout.strip().splitlines()[-1], "met": done.returncode == 0}


def checkout() -> list[dict[str, Any]]:
    return list(_apart("local.bench.checkout"))


def lifecycle() -> dict[str, Any]:
    return dict(_apart("local.bench.lifecycle"))


def list_pages() -> dict[str, Any]:
    return dict(_apart("local.bench.list_pages", str(LISTED_ORDERS), "--json"))


def screens() -> dict[str, Any]:
    return dict(_apart("local.bench.screens"))


def papers() -> dict[str, Any]:
    return dict(_apart("local.bench.papers"))


def export() -> dict[str, Any]:
    from local.bench.export import compare

    return compare(EXPORT_ORDERS, "lines")


def _apart(module: str, *given: str) -> Any:
    """A measurement in a process of its own, which may change its environment as it likes."""
    done = subprocess.run([sys.executable, "-m", module, *given], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{module} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _keep(results: list[dict[str, Any]], lines: list[Line], seconds: int) -> None:
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "seconds": seconds,
        "met": all(line.ok for line in lines),
        "results": results,
    }
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
