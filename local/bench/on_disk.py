"""AWS's own DynamoDB engine over made-up orders on disk: filled once, then only read.

A million orders are twelve million items, hours by its API. They are written straight into the engine's
SQLite file instead, in the engine's own tables: two orders are put by the API first, and what the file
says of them has to be what would have been written here.
"""

import hashlib
import json
import shutil
import sqlite3
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from comanda.orders import index
from comanda.orders.items import snapshot_row
from comanda.orders.model import Order
from comanda.search.store import HEAD, inverted
from comanda.search.words import words_of
from local.bench.crowd import Crowd
from local.bench.units import item_bytes

BATCH = 5_000
INDEXES = ("created", "updated", "state", "source", "due")
ORDER_COLUMNS = 7 + 2 * len(INDEXES) + 1  # and the one of `tracking`
ORDERS, SEARCH = "OrdersTable", "SearchTable"

type Item = dict[str, Any]
type Told = Callable[[str], None]


class OtherFile(Exception):
    """The engine keeps its items otherwise than is known here: another version, perhaps."""


def place(size: int) -> Path:
    return Path(f".local/bench-data/{size}")


def is_filled(size: int) -> bool:
    return (place(size) / "filled").exists()


def begin(size: int) -> Path:
    """An empty directory for the engine."""
    where = place(size)
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir(parents=True)
    return where


def samples(crowd: Crowd) -> dict[str, list[Item]]:
    """What the engine is given by its API, to see how it keeps it."""
    orders = [_order_item(crowd, crowd.order(number)) for number in (0, crowd.size - 1)]
    return {ORDERS: orders, SEARCH: [{"pk": {"S": "abc"}, "sk": {"S": "abcdef#1"}}]}


def fill(size: int, tell: Told) -> float:
    """Write all items into the file of an engine that has stopped; answers the seconds it took."""
    crowd, where, started = Crowd(size), place(size), time.monotonic()
    base = sqlite3.connect(where / "shared-local-instance.db")
    base.execute("PRAGMA journal_mode=OFF")
    base.execute("PRAGMA synchronous=OFF")
    base.execute("PRAGMA cache_size=-3000000")  # kilobytes: tokens come in no order
    _compare(base, crowd)
    held = _drop_indexes(base)
    known: dict[str, set[str]] = {"state": set(), "source": set()}
    for numbers in batched(range(size), BATCH, strict=False):
        _write(base, crowd, numbers, known)
        if numbers[-1] % 50_000 < BATCH:
            tell(f"{numbers[-1] + 1} orders after {time.monotonic() - started:.0f} s")
    for statement in held:
        base.execute(statement)
    base.commit()
    base.close()
    seconds = time.monotonic() - started
    told = {"seconds": round(seconds), "signatures": {name: sorted(those) for name, those in known.items()}}
    (where / "filled").write_text(json.dumps(told))
    return seconds


def registry(size: int) -> list[Item]:
    """The signatures in use, as the shop's registry holds them."""
    known = json.loads((place(size) / "filled").read_text())["signatures"]
    return [{"pk": {"S": f"REGISTRY#{family}"}, "members": {"SS": known[family]}} for family in sorted(known)]


def _write(
    base: sqlite3.Connection, crowd: Crowd, numbers: tuple[int, ...], known: dict[str, set[str]]
) -> None:
    orders, tokens = [], []
    for number in numbers:
        order = crowd.order(number)
        known["state"].add(index.state_signature(order))
        known["source"].add(index.source_signature(order))
        orders.append(_order_record(_order_item(crowd, order)))
        tokens += [_token_record(item) for item in _tokens(crowd, number, order)]
    tokens.sort()
    for table, columns, rows in ((ORDERS, ORDER_COLUMNS, orders), (SEARCH, 6, tokens)):
        marks = ",".join("?" * columns)
        base.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({marks})', rows)


def _order_item(crowd: Crowd, order: Order) -> Item:
    number = int(order.number.removeprefix("P-"))
    item: Item = snapshot_row(order, 1, {"contact": crowd.contact(number)}).serialize()
    return item


def _tokens(crowd: Crowd, number: int, order: Order) -> Iterator[Item]:
    ending = f"#{inverted(order.created_at)}#{order.order_id}"
    for token in words_of(order, {"contact": crowd.contact(number)}).tokens:
        yield {"pk": {"S": token[:HEAD]}, "sk": {"S": token + ending}}


def _order_record(item: Item) -> tuple[Any, ...]:
    keys = [item.get(f"{name}_{part}", {}).get("S") for name in INDEXES for part in ("pk", "sk")]
    indexed = [key.encode() if key else None for key in keys]
    return (*_token_record(item), _hash(item["sk"]["S"] + item["pk"]["S"]), *indexed, None)


def _token_record(item: Item) -> tuple[Any, ...]:
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    text = json.dumps(_plain(item), ensure_ascii=False, separators=(",", ":"))
    return pk.encode(), sk.encode(), _hash(pk), _hash(sk), item_bytes(item), text.encode()


def _hash(key: str) -> bytes:
    """The engine orders scans and ties by a hash of its own; here nothing is scanned and nothing tied."""
    return hashlib.sha1(key.encode(), usedforsecurity=False).digest()


def _plain(value: Any) -> Any:
    """Bytes as the engine writes them."""
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _drop_indexes(base: sqlite3.Connection) -> list[str]:
    """Indexes are built when all is there; answers how."""
    tables = (ORDERS, SEARCH)
    found = base.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL AND tbl_name IN (?, ?)",
        tables,
    ).fetchall()
    for name, _ in found:
        base.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _compare(base: sqlite3.Connection, crowd: Crowd) -> None:
    """Hold what the engine made of the samples against what is going to be written. Raises OtherFile."""
    kept = samples(crowd)
    ours = {ORDERS: [_order_record(item) for item in kept[ORDERS]]}
    ours[SEARCH] = [_token_record(item) for item in kept[SEARCH]]
    for table, rows in ours.items():
        theirs = {row[:2]: row for row in base.execute(f'SELECT * FROM "{table}"')}
        for row in rows:
            other = theirs.get(row[:2], ())
            if len(other) != len(row) or not _alike(row, other):
                raise OtherFile(f"{table}: {other!r:.300} instead of {row!r:.300}")
    base.execute(f'DELETE FROM "{SEARCH}"')


def _alike(row: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    hashes, text = (2, 3, 6) if len(row) > 6 else (2, 3), 5
    same = all(
        one == two for n, (one, two) in enumerate(zip(row, other, strict=True)) if n not in (*hashes, text)
    )
    return same and json.loads(row[text]) == json.loads(other[text])
