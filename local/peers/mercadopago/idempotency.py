"""`X-Idempotency-Key`: what a payment or refund was answered is answered again under the same key."""

import hashlib
import time

from local.peers.database import Database
from local.peers.mercadopago.errors import invalid

SCHEMA = """
CREATE TABLE IF NOT EXISTS mercadopago_keys (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
  created_at REAL NOT NULL
);
"""
LONGEST_KEY = 64
KEPT_SECONDS = 24 * 3600


class Keys:
    """Only what succeeded is kept; a refusal may be tried again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def saved(self, key: str, asked: str) -> tuple[int, bytes] | None:
        if not 1 <= len(key) <= LONGEST_KEY:
            raise invalid(f"Header X-Idempotency-Key has 1 to {LONGEST_KEY} characters", 4292)
        self._database.run("DELETE FROM mercadopago_keys WHERE created_at < ?", time.time() - KEPT_SECONDS)
        row = self._database.one("SELECT * FROM mercadopago_keys WHERE key = ?", key)
        if row is None:
            return None
        if row["fingerprint"] != asked:
            raise invalid("The idempotency key was first used for another request", 4293)
        return row["status"], row["body"]

    def save(self, key: str, asked: str, status: int, body: bytes) -> None:
        self._database.run(
            "INSERT INTO mercadopago_keys (key, fingerprint, status, body, created_at)"
            " VALUES (?, ?, ?, ?, ?)",
            key, asked, status, body, time.time(),
        )  # fmt: skip


def fingerprint(method: str, path: str, body: bytes) -> str:
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()
