"""Moves saved state to another port: the emulator writes its own address into queues and settings."""

import json
from pathlib import Path

from local.home import Home
from local.ports import HOST


def follow_port(home: Home, port: int) -> bool:
    """Rewrite the state if it was saved under another port; answers whether it was."""
    noted = home.state / "port.json"
    former = json.loads(noted.read_text())["port"] if noted.exists() else port
    if former != port:
        for file in (home.state / "aws").glob("*.json"):
            _rewrite(file, f"{HOST}:{former}", f"{HOST}:{port}")
    noted.write_text(json.dumps({"port": port}))
    return bool(former != port)


def _rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    if old in text:
        file.write_text(text.replace(old, new))
