"""One SQLite file that holds everything the peers must not forget."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

type Json = dict[str, Any]
type Row = sqlite3.Row


class Database:
    """Serialises all access; a change is on disk before `transaction` returns.

    WAL with `synchronous=NORMAL` survives a SIGKILL of the process at any point, which is what a
    local peer is subjected to; only a power cut could lose the last commits.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Joins the transaction of this thread if there is one; an exception undoes all of it."""
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            else:
                self._connection.execute("COMMIT")
            finally:
                self._depth = 0

    def run(self, statement: str, *values: object) -> int:
        """Executes one change and says how many rows it touched."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def all(self, query: str, *values: object) -> list[Row]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Row | None:
        rows = self.all(query, *values)
        return rows[0] if rows else None

    def close(self) -> None:
        with self._lock:
            self._connection.close()
