"""What the launcher runs: each service's command, surroundings, log and manner of stopping."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Service:
    """One process of the running system."""

    name: str
    command: list[str]
    log: str
    environment: dict[str, str] = field(default_factory=dict)
    # The emulator writes its state only when it ends in order: it is waited for and never killed.
    stop_seconds: float = 5
    may_kill: bool = True


def write(services: list[Service], file: Path) -> None:
    write_whole(file, json.dumps([asdict(service) for service in services], indent=1))


def read(file: Path) -> list[Service]:
    return [Service(**row) for row in json.loads(file.read_text())]


def write_whole(file: Path, text: str) -> None:
    """Replace a file at once: whoever reads it sees the old or the new, never a part."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.part")
    fresh.write_text(text)
    fresh.replace(file)
