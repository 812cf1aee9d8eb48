"""Every attempt to deliver an event, for people and tests to read."""

from datetime import UTC, datetime

from local.peers.courier import Outcome
from local.peers.database import Database, Json, Row

SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  peer TEXT NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL, attempt INTEGER NOT NULL, fault TEXT,
  status TEXT NOT NULL, http_status INTEGER, error TEXT, url TEXT NOT NULL, sent_at REAL NOT NULL
);
"""


def add(
    database: Database, item: Row, attempt: int, state: str, outcome: Outcome, url: str, sent_at: float
) -> None:
    status = "failed" if state == "pending" else state
    database.run(
        "INSERT INTO attempts"
        " (peer, event_id, type, attempt, fault, status, http_status, error, url, sent_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        item["peer"], item["event_id"], item["type"], attempt, item["fault"],
        status, outcome.http_status, outcome.error, url, sent_at,
    )  # fmt: skip


def read(database: Database, peer: str | None = None, event_id: str | None = None) -> list[Json]:
    """What was sent, in the order of sending; then what waits, is held back or was dropped."""
    with database.transaction():
        sent = database.all("SELECT *, NULL AS due_at FROM attempts ORDER BY seq")
        unsent = database.all(
            "SELECT peer, event_id, type, attempts + (state <> 'dropped') AS attempt, fault,"
            " state AS status, NULL AS http_status, NULL AS error, NULL AS sent_at,"
            " CASE WHEN state = 'dropped' THEN NULL ELSE due_at END AS due_at,"
            " (SELECT url FROM endpoints WHERE endpoints.peer = deliveries.peer) AS url"
            " FROM deliveries WHERE state IN ('pending', 'held', 'dropped') ORDER BY seq"
        )
    return [
        _entry(row)
        for row in [*sent, *unsent]
        if peer in (None, row["peer"]) and event_id in (None, row["event_id"])
    ]


def _entry(row: Row) -> Json:
    names = ("peer", "event_id", "type", "attempt", "fault", "status", "http_status", "error", "url")
    entry = {name: row[name] for name in names}
    return {**entry, "sent_at": _moment(row["sent_at"]), "due_at": _moment(row["due_at"])}


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
