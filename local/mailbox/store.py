"""Keeps mails on disk, a raw file each and an index of their arrivals, and finds them again."""

import json
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local.mailbox import letter
from local.mailbox.letter import Letter
from local.plan import write_whole


@dataclass(frozen=True)
class Wanted:
    """Which mails are asked for; None asks for all."""

    to: str | None = None
    event: str | None = None
    since: datetime | None = None

    def includes(self, found: Letter) -> bool:
        return (
            (self.to is None or self.to.casefold() in found.everybody())
            and (self.event is None or found.header("X-Comanda-Event") == self.event)
            and (self.since is None or datetime.fromisoformat(found.sent_at) >= self.since)
        )


class Store:
    """Newest last; a mail is in the index only once its file is complete."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._index = folder / "index.jsonl"
        self._lock = threading.Lock()
        self._letters: dict[str, Letter] = {}
        self._load()

    def add(self, raw: bytes, recipients: tuple[str, ...], now: datetime) -> Letter:
        with self._lock:
            identity = f"{int(next(reversed(self._letters), '0')) + 1:06d}"
            sent_at = _rfc3339(now)
            row = {"id": identity, "sent_at": sent_at, "recipients": recipients}
            unfinished = self._folder / f"{identity}.part"
            unfinished.write_bytes(raw)
            unfinished.rename(self._folder / f"{identity}.eml")
            with self._index.open("a") as index:
                index.write(json.dumps(row) + "\n")
                index.flush()
                os.fsync(index.fileno())
            kept = letter.read(raw, identity, sent_at, recipients)
            self._letters[identity] = kept
            return kept

    def get(self, identity: str) -> Letter | None:
        return self._letters.get(identity)

    def raw(self, identity: str) -> bytes:
        return (self._folder / f"{identity}.eml").read_bytes()

    def find(self, wanted: Wanted) -> list[Letter]:
        return [found for found in list(self._letters.values()) if wanted.includes(found)]

    def _load(self) -> None:
        lines = self._index.read_text().splitlines(keepends=True) if self._index.exists() else []
        if lines and not lines[-1].endswith("\n"):
            # Ended in the middle of an entry, whose mail was therefore never acknowledged.
            write_whole(self._index, "".join(lines[:-1]))
            lines.pop()
        for line in lines:
            row = json.loads(line)
            raw = self.raw(row["id"])
            self._letters[row["id"]] = letter.read(raw, row["id"], row["sent_at"], tuple(row["recipients"]))


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
