"""What goes wrong with the next deliveries: asked for through the control URL, used up one by one."""

from dataclasses import asdict, dataclass

from local.peers.database import Database, Json, Row

SCHEMA = """
CREATE TABLE IF NOT EXISTS faults (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  peer TEXT NOT NULL, fault TEXT NOT NULL, event_type TEXT, seconds REAL, remaining INTEGER NOT NULL
);
"""

KINDS = ("duplicate", "delay", "drop", "reorder", "corrupt")
DEFAULT_SECONDS = {"delay": 5.0, "reorder": 60.0}  # reorder: the longest that an event is held back


@dataclass(frozen=True, slots=True)
class Fault:
    id: int
    peer: str
    fault: str
    event_type: str | None
    seconds: float | None
    remaining: int

    def to_json(self) -> Json:
        return asdict(self)


class Faults:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, peer: str, fault: str, event_type: str | None, seconds: float | None, count: int) -> Fault:
        with self._database.transaction():
            self._database.run(
                "INSERT INTO faults (peer, fault, event_type, seconds, remaining) VALUES (?, ?, ?, ?, ?)",
                peer, fault, event_type, DEFAULT_SECONDS.get(fault) if seconds is None else seconds, count,
            )  # fmt: skip
            return self.waiting()[-1]

    def waiting(self) -> list[Fault]:
        rows = self._database.all("SELECT * FROM faults WHERE remaining > 0 ORDER BY id")
        return [_fault(row) for row in rows]

    def take(self, peer: str, event_type: str) -> Fault | None:
        """The oldest fault that fits this event, counted down by one."""
        with self._database.transaction():
            row = self._database.one(
                "SELECT * FROM faults WHERE remaining > 0 AND peer = ?"
                " AND (event_type IS NULL OR event_type = ?) ORDER BY id LIMIT 1",
                peer, event_type,
            )  # fmt: skip
            if row is None:
                return None
            self._database.run("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", row["id"])
            return _fault(row)

    def clear(self) -> None:
        self._database.run("DELETE FROM faults")


def corrupted(body: bytes) -> bytes:
    """Changes one digit, so that the body still reads as JSON and only the signature tells."""
    for index in range(len(body) - 1, -1, -1):
        if chr(body[index]).isdigit():
            changed = (body[index] - ord("0") + 1) % 10 + ord("0")
            return body[:index] + bytes([changed]) + body[index + 1 :]
    return body + b" "


def _fault(row: Row) -> Fault:
    return Fault(row["id"], row["peer"], row["fault"], row["event_type"], row["seconds"], row["remaining"])
