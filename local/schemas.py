"""Write what is generated from the code: schemas/events/*.json and docs/problems.md; `--check` compares."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comanda import errors
from comanda.orders.catalogue import FACT_TYPES
from comanda.stock.low import EVENT

ROOT = Path(__file__).parent.parent
EVENTS = ROOT / "schemas" / "events"
PROBLEMS = ROOT / "docs" / "problems.md"


def event_schema(name: str, description: str) -> dict[str, Any]:
    """The bus event of one fact: ids only, a consumer reads the order again."""
    properties = {
        "order_id": {"type": "string"},
        "revision": {"type": "integer", "minimum": 1},
        "seq": {"type": "integer", "minimum": 1, "description": "the fact's place in the history"},
        "at": {"type": "string", "format": "date-time"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "description": f"{description} Source `comanda.orders`, detail-type `{name}`.",
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


def low_stock_schema() -> dict[str, Any]:
    """The one event that is not an order's fact."""
    properties = {
        "sku": {"type": "string"},
        "available": {"type": "integer", "description": "units over all places that could be bought then"},
        "threshold": {"type": "integer", "minimum": 0},
        "at": {"type": "string", "format": "date-time", "description": "since when; names the crossing"},
    }
    told = "A product fell to its threshold; told once, and again only after it rose above it."
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": EVENT,
        "description": f"{told} Source `comanda.stock`, detail-type `{EVENT}`.",
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }


def problems() -> str:
    """The table of problem types, from the error tree."""
    rows = [
        "# Problems",
        "",
        "Every error is an RFC 9457 document whose `type` is stable. Written by `make schemas`.",
        "`wrong-state` names its guard: [guards](guards.md). `detail` is in Spanish for an `Accept-Language`",
        "that names Spanish before English; `type` and `title` never change.",
        "",
        "One answer is not ours: without a bearer token, or with one that expired or is not of this shop's",
        'staff, the gateway refuses a call under `/admin` itself with 401 and `{"message": "Unauthorized"}`.',
        "HTTP APIs of API Gateway cannot change the bodies of their own answers: only REST APIs have gateway",
        "responses. So callers go by the status: any 401 under `/admin` means `unauthenticated`, with or",
        "without a document. A token that the gateway lets in and the API refuses, such as an ID token, is",
        "answered with the document.",
        "",
        "| `type` | status | title |",
        "|---|---|---|",
    ]
    seen: dict[str, str] = {}
    for kind in _tree(errors.Problem):
        seen.setdefault(kind.type, f"| `{kind.type}` | {kind.status} | {kind.title} |")
    return "\n".join(rows + sorted(seen.values())) + "\n"


def _tree(kind: type[errors.Problem]) -> Iterator[type[errors.Problem]]:
    for child in kind.__subclasses__():
        yield child
        yield from _tree(child)


def files() -> dict[Path, str]:
    """Everything that is generated, by path."""
    events = {
        EVENTS / f"{name}.json": json.dumps(event_schema(name, text), indent=2) + "\n"
        for name, text in FACT_TYPES.items()
    }
    low = {EVENTS / f"{EVENT}.json": json.dumps(low_stock_schema(), indent=2) + "\n"}
    return events | low | {PROBLEMS: problems()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        stale = [str(path.relative_to(ROOT)) for path, text in files().items() if _read(path) != text]
        print("\n".join([*stale, "run `make schemas`"]) if stale else "schemas fit the code", file=sys.stderr)
        return 1 if stale else 0
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main())
