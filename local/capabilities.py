"""Print `id  ok|missing  level  test-ids`, tab-separated, from the last full test run.

A capability is proven by a passed test that names it. For groups A to E a unit test alone does not
count; a skipped or expected failure never does.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RECORD = ROOT / ".local" / "test-results.json"
LIST = ROOT / "docs" / "capabilities.md"
LEVELS = ("e2e", "web", "engine", "peers", "functional", "conformance", "unit")
NOT_BY_UNIT_ALONE = "ABCDE"


def capability_ids() -> list[str]:
    """All ids in docs/capabilities.md, in its order."""
    return re.findall(r"^\| ([A-G]\d\d) \|", LIST.read_text(), re.MULTILINE)


def proven(results: dict[str, dict[str, Any]], capability: str) -> tuple[str, list[str]]:
    """The highest level that proves a capability and the tests that do; an empty level when none does."""
    tests = {
        name: result["level"]
        for name, result in results.items()
        if capability in result["capabilities"] and result["outcome"] == "passed"
    }
    broken = any(
        capability in result["capabilities"] and result["outcome"] != "passed" for result in results.values()
    )
    levels = [level for level in LEVELS if level in tests.values()]
    only_unit = levels == ["unit"] and capability[0] in NOT_BY_UNIT_ALONE
    if not levels or only_unit or broken:
        return "", sorted(tests)
    return levels[0], sorted(tests)


def main() -> int:
    if not RECORD.exists():
        print("no full test run is on record: run `make test` first", file=sys.stderr)
        return 1
    results = json.loads(RECORD.read_text())
    for capability in capability_ids():
        level, tests = proven(results, capability)
        print("\t".join((capability, "ok" if level else "missing", level or "-", ",".join(tests) or "-")))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
