"""What the list is asked for, and the cursor that carries it from page to page."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import parse_qs

from comanda.canonical import digest
from comanda.errors import Invalid
from comanda.orders.filters import KNOWN, OPEN, Filter, understand
from comanda.search.words import typed_words
from comanda.times import stamp

SORTS = ("-created", "created", "-updated")
MOST_ITEMS, USUAL_ITEMS = 100, 50
POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w-]{1,80}", re.ASCII)
OWN = ("q", "sort", "limit", "cursor")

type Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on, whether the scan of all orders was given up, and the first page's counts."""

    position: str = ""
    merging: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    more: tuple[str, ...] = ()  # labels that have more than was counted


@dataclass(frozen=True, slots=True)
class Query:
    filter: Filter
    words: tuple[str, ...] = ()
    sort: str = SORTS[0]
    limit: int = USUAL_ITEMS
    cursor: Cursor | None = None
    fingerprint: str = ""

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def index(self) -> str:
        return self.sort.lstrip("-")


def given(event: dict[str, Any]) -> dict[str, list[str]]:
    """The request's parameters; codes may be repeated or joined by commas, words hold their commas."""
    found = parse_qs(str(event.get("rawQueryString") or ""), keep_blank_values=True)
    return {name: _split(values) if _coded(name) else values for name, values in found.items()}


def _coded(name: str) -> bool:
    return name.removeprefix("not.") in KNOWN.keys() | OPEN


def _split(values: list[str]) -> list[str]:
    return [part for value in values for part in value.split(",")]


def read_query(asked: Given, now: datetime, zone: tzinfo) -> Query:
    """Raises Invalid with every parameter that is not understood."""
    errors: list[dict[str, str]] = []
    own = {name: asked[name][-1] for name in OWN if name in asked}
    chosen = Filter()
    try:
        chosen = understand({n: v for n, v in asked.items() if n not in OWN}, stamp(now), zone)
    except Invalid as refusal:
        errors += refusal.extra["errors"]
    words, sort = tuple(typed_words(own.get("q", ""))), own.get("sort", SORTS[0])
    limit = own.get("limit", str(USUAL_ITEMS))
    if own.get("q", "").strip() and not words:
        errors.append({"pointer": "/q", "detail": "holds no letter and no digit"})
    if sort not in SORTS or (words and sort == "-updated"):
        errors.append({"pointer": "/sort", "detail": f"one of: {', '.join(SORTS[: 2 if words else 3])}"})
    if not limit.isdecimal() or not limit.isascii() or not 1 <= int(limit[:9]) <= MOST_ITEMS:
        errors.append({"pointer": "/limit", "detail": f"a number from 1 to {MOST_ITEMS}"})
    fingerprint = digest({n: sorted(v) for n, v in asked.items() if n not in ("cursor", "limit")})[:16]
    cursor = None
    try:
        cursor = read_cursor(own["cursor"], fingerprint) if own.get("cursor") else None
    except ValueError:
        errors.append({"pointer": "/cursor", "detail": "belongs to another list; begin without a cursor"})
    if errors:
        raise Invalid("the list cannot be made like that", errors=errors)
    return Query(chosen, words, sort, int(limit), cursor, fingerprint)


def write_cursor(cursor: Cursor, fingerprint: str) -> str:
    text = json.dumps(
        [fingerprint, cursor.position, int(cursor.merging), cursor.counts, cursor.more], separators=(",", ":")
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, fingerprint: str) -> Cursor:
    """Raises ValueError for what is no cursor of this very list."""
    try:
        mark, position, merging, counts, more = json.loads(
            base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        )
    except (ValueError, TypeError) as error:
        raise ValueError("no cursor") from error
    sound = isinstance(position, str) and POSITION.fullmatch(position) and isinstance(counts, dict)
    sound = sound and isinstance(more, list)
    if mark != fingerprint or not sound:
        raise ValueError("not the cursor of this list")
    numbers = {str(name): number for name, number in counts.items() if isinstance(number, int)}
    return Cursor(position, bool(merging), numbers, tuple(map(str, more)))
