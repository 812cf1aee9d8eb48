"""The outbox of every peer: events are queued on disk, signed, sent, retried and logged."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from local.peers import delivery_log
from local.peers.courier import Outcome, post
from local.peers.database import Database, Row
from local.peers.faults import Faults, corrupted

log = logging.getLogger(__name__)

# Events wait in `pending`, `held` is pending until a later event was delivered or `due_at` is reached.
SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  peer TEXT NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'held', 'delivered', 'dropped', 'abandoned')),
  fault TEXT, attempts INTEGER NOT NULL DEFAULT 0, created_at REAL NOT NULL, due_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (peer, state, due_at);
CREATE INDEX IF NOT EXISTS deliveries_event ON deliveries (peer, event_id);
CREATE TABLE IF NOT EXISTS endpoints (peer TEXT PRIMARY KEY, url TEXT, secret TEXT NOT NULL);
"""

type Signer = Callable[[bytes, str, int], dict[str, str]]  # body, secret, unix time -> headers
type Addresser = Callable[[str, bytes], str]  # the merchant's address, body -> where exactly it is sent

GIVE_UP_SECONDS = 3 * 24 * 3600
LONGEST_SLEEP = 5.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    url: str | None
    secret: str


@dataclass(frozen=True, slots=True)
class Backoff:
    first_seconds: float = 0.5
    longest_seconds: float = 15.0

    def after(self, attempts: int) -> float:
        return float(min(self.first_seconds * 2 ** min(attempts - 1, 30), self.longest_seconds))


class Outbox:
    """One worker thread for each peer sends in order; a caller only ever waits for the disk."""

    def __init__(self, database: Database, backoff: Backoff) -> None:
        self.faults = Faults(database)
        self._database = database
        self._backoff = backoff
        self._signers: dict[str, Signer] = {}
        self._addressers: dict[str, Addresser] = {}
        self._wake: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    @property
    def peers(self) -> list[str]:
        return sorted(self._signers)

    def register(self, peer: str, signer: Signer, addresser: Addresser = lambda url, _: url) -> None:
        self._signers[peer] = signer
        self._addressers[peer] = addresser
        self._wake[peer] = threading.Event()

    def configure(self, peer: str, url: str | None, secret: str) -> None:
        self._database.run(
            "INSERT INTO endpoints (peer, url, secret) VALUES (?, ?, ?)"
            " ON CONFLICT (peer) DO UPDATE SET url = excluded.url, secret = excluded.secret",
            peer, url, secret,
        )  # fmt: skip
        self._wake[peer].set()

    def endpoint(self, peer: str) -> Endpoint | None:
        row = self._database.one("SELECT url, secret FROM endpoints WHERE peer = ?", peer)
        return Endpoint(row["url"], row["secret"]) if row else None

    def enqueue(self, peer: str, event_id: str, event_type: str, body: bytes) -> None:
        """Called inside the transaction that makes the event: there is none without its delivery."""
        with self._database.transaction():
            fault = self.faults.take(peer, event_type)
            kind = fault.fault if fault else None
            state = {"drop": "dropped", "reorder": "held"}.get(kind or "", "pending")
            now = time.time()
            due_at = now + (fault.seconds or 0.0) if fault and kind in ("delay", "reorder") else now
            for _ in range(2 if kind == "duplicate" else 1):
                self._database.run(
                    "INSERT INTO deliveries (peer, event_id, type, body, state, fault, created_at, due_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    peer, event_id, event_type, body, state, kind, now, due_at,
                )  # fmt: skip
        self._wake[peer].set()

    def release_held(self) -> None:
        release = "UPDATE deliveries SET state = 'pending', due_at = ? WHERE state = 'held'"
        self._database.run(release, time.time())
        for wake in self._wake.values():
            wake.set()

    def pending(self, peer: str, event_id: str) -> int:
        """Deliveries of this event that have not succeeded yet; a dropped one never will."""
        row = self._database.one(
            "SELECT count(*) AS n FROM deliveries WHERE peer = ? AND event_id = ? AND state <> 'delivered'",
            peer, event_id,
        )  # fmt: skip
        return int(row["n"]) if row else 0

    def undelivered(self, peer: str) -> set[str]:
        rows = self._database.all(
            "SELECT DISTINCT event_id FROM deliveries WHERE peer = ? AND state <> 'delivered'", peer
        )
        return {row["event_id"] for row in rows}

    def start(self) -> None:
        for peer in self.peers:
            thread = threading.Thread(target=self._work, args=(peer,), name=f"{peer}-outbox", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> bool:
        """Whether all workers have ended; what a slow receiver still holds is sent again after a restart."""
        self._stopping.set()
        for wake in self._wake.values():
            wake.set()
        for thread in self._threads:
            thread.join(timeout=2)
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, peer: str) -> None:
        while not self._stopping.is_set():
            try:
                self._turn(peer, self._wake[peer])
            except Exception:
                log.exception("the outbox of %s stumbled", peer)
                self._stopping.wait(1)

    def _turn(self, peer: str, wake: threading.Event) -> None:
        wake.clear()
        endpoint = self.endpoint(peer)
        item = self._next(peer) if endpoint and endpoint.url else None
        wait = item["due_at"] - time.time() if item else LONGEST_SLEEP
        if item is None or wait > 0:
            wake.wait(min(wait, LONGEST_SLEEP))
        elif endpoint and endpoint.url:
            self._attempt(item, endpoint.url, endpoint.secret)

    def _next(self, peer: str) -> Row | None:
        return self._database.one(
            "SELECT * FROM deliveries WHERE peer = ? AND state IN ('pending', 'held')"
            " ORDER BY due_at, seq LIMIT 1",
            peer,
        )

    def _attempt(self, item: Row, url: str, secret: str) -> None:
        body = bytes(item["body"])
        sent_at = time.time()
        headers = self._signers[item["peer"]](body, secret, int(sent_at))
        corrupt = item["fault"] == "corrupt" and item["attempts"] == 0
        outcome = post(
            self._addressers[item["peer"]](url, body), headers, corrupted(body) if corrupt else body
        )
        delivered = outcome.accepted and not corrupt
        log.info("%s %s attempt %d: %s", item["type"], item["event_id"], item["attempts"] + 1, outcome)
        self._record(item, url, sent_at, outcome, delivered)

    def _record(self, item: Row, url: str, sent_at: float, outcome: Outcome, delivered: bool) -> None:
        now = time.time()
        attempts = item["attempts"] + 1
        expired = now - item["created_at"] > GIVE_UP_SECONDS
        state = "delivered" if delivered else "abandoned" if expired else "pending"
        with self._database.transaction():
            delivery_log.add(self._database, item, attempts, state, outcome, url, sent_at)
            self._database.run(
                "UPDATE deliveries SET state = ?, attempts = ?, due_at = ? WHERE seq = ?",
                state, attempts, now + self._backoff.after(attempts), item["seq"],
            )  # fmt: skip
            if delivered:
                self._database.run(
                    "UPDATE deliveries SET state = 'pending', due_at = ?"
                    " WHERE peer = ? AND state = 'held' AND seq < ?",
                    now, item["peer"], item["seq"],
                )  # fmt: skip
