"""A peer's own objects: JSON bodies by kind and id, in the order they were made."""

import json
from collections.abc import Iterator, Mapping

from local.peers.database import Database, Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  peer TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (peer, kind, id)
);
"""


class Records:
    def __init__(self, database: Database, peer: str) -> None:
        self._database = database
        self._peer = peer

    def put(self, kind: str, key: str, body: Json) -> None:
        self._database.run(
            "INSERT INTO records (peer, kind, id, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (peer, kind, id) DO UPDATE SET body = excluded.body",
            self._peer, kind, key, json.dumps(body),
        )  # fmt: skip

    def get(self, kind: str, key: str) -> Json | None:
        row = self._database.one(
            "SELECT body FROM records WHERE peer = ? AND kind = ? AND id = ?", self._peer, kind, key
        )
        return _read(row["body"]) if row else None

    def newest_first(
        self, kind: str, equal: Mapping[str, str] | None = None, *,
        after: str | None = None, before: str | None = None,
    ) -> Iterator[Json]:  # fmt: skip
        """The objects whose fields are `equal`, those after or before the object of that id in this order.

        Bodies are read one by one, so that the first page of many objects costs no more than itself.
        """
        query = "SELECT body FROM records WHERE peer = ? AND kind = ?"
        values = [self._peer, kind]
        for name, value in (equal or {}).items():
            query += " AND json_extract(body, ?) = ?"
            values += [f"$.{name}", value]
        for key, side in ((after, "<"), (before, ">")):
            if key is not None:
                query += f" AND seq {side} (SELECT seq FROM records WHERE peer = ? AND kind = ? AND id = ?)"
                values += [self._peer, kind, key]
        rows = self._database.all(f"{query} ORDER BY seq DESC", *values)
        return (_read(row["body"]) for row in rows)


def _read(text: str) -> Json:
    body: Json = json.loads(text)
    return body
