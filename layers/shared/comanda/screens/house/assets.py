"""Files for the browser, served by the function itself under an address that changes with their content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    packed: bytes
    content_type: str


@cache
def mark() -> str:
    """A digest of all files: the part of their address that changes."""
    made = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:12]


@cache
def asset(name: str) -> Asset | None:
    """A file by its name; None for what is not one of ours."""
    path = STATIC / name
    kind = TYPES.get(path.suffix)
    if kind is None or path.parent != STATIC or not path.is_file():
        return None
    content = path.read_bytes()
    return Asset(content, gzip.compress(content, 9, mtime=0), kind)


def address(base: str, name: str) -> str:
    return f"{base}/static/{mark()}/{name}"
