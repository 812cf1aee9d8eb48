"""Idempotency keys: the first answer is kept for a day and repeated to the same request."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.peers.database import Database
from local.peers.stripe.errors import ApiError, invalid
from local.peers.stripe.form import Form

SCHEMA = """
CREATE TABLE IF NOT EXISTS stripe_idempotency (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, request_id TEXT NOT NULL,
  status INTEGER NOT NULL, body BLOB NOT NULL, created_at REAL NOT NULL
);
"""

LONGEST_KEY = 255
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Saved:
    request_id: str
    status: int
    body: bytes


class Keys:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()

    @contextmanager
    def held(self, key: str | None) -> Iterator[None]:
        """Only one request with a key at a time; the next one is told to come back."""
        if key is None:
            yield
            return
        if len(key) > LONGEST_KEY:
            raise invalid(f"An idempotency key has at most {LONGEST_KEY} characters.")
        with self._lock:
            if key in self._in_flight:
                message = f"Another request with the idempotency key {key} is still in progress."
                raise ApiError(409, message, code="idempotency_key_in_use", kind="idempotency_error")
            self._in_flight.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight.discard(key)

    def saved(self, key: str | None, fingerprint: str) -> Saved | None:
        if key is None:
            return None
        self._database.run("DELETE FROM stripe_idempotency WHERE created_at < ?", time.time() - KEPT_SECONDS)
        row = self._database.one("SELECT * FROM stripe_idempotency WHERE key = ?", key)
        if row is None:
            return None
        if row["fingerprint"] != fingerprint:
            message = f"The idempotency key {key} was first used for another endpoint or other parameters."
            raise ApiError(400, message, kind="idempotency_error")
        return Saved(row["request_id"], row["status"], row["body"])

    def save(self, key: str | None, fingerprint: str, answer: Saved) -> None:
        if key is not None:
            self._database.run(
                "INSERT INTO stripe_idempotency (key, fingerprint, request_id, status, body, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                key, fingerprint, answer.request_id, answer.status, answer.body, time.time(),
            )  # fmt: skip


def fingerprint(method: str, path: str, form: Form) -> str:
    canonical = json.dumps([method, path, form], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
