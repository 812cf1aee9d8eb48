"""What the phone is served beside the page: modules, looks, the decoder; and the worker that keeps them."""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from comanda.screens.house import outgoing
from comanda.screens.house.assets import STATIC as HOUSE
from comanda.screens.house.assets import TYPES, Asset
from comanda.screens.house.outgoing import Sent

BASE = "/picking"
TOPIC = Path(__file__).resolve().parent
MODULES, DECODER = TOPIC / "static", TOPIC / "vendor"
OF_THE_HOUSE = ("house.css", "mark.svg")  # its tokens and controls are the page's
WORKER = TOPIC / "worker.js"


@cache
def files() -> dict[str, Path]:
    """What is served, by name."""
    own = (path for folder in (MODULES, DECODER) for path in folder.iterdir())
    found = {path.name: path for path in own if path.suffix in TYPES}
    return found | {name: HOUSE / name for name in OF_THE_HOUSE}


@cache
def mark() -> str:
    """A digest of all of it: the part of the addresses that changes, so that a page and its modules fit."""
    made = hashlib.sha256()
    for name, path in sorted(files().items()):
        made.update(name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:12]


def address(name: str) -> str:
    return f"{BASE}/static/{mark()}/{name}"


@cache
def asset(name: str) -> Asset | None:
    """A file by its name; None for what is not one of these."""
    path = files().get(name)
    if path is None:
        return None
    content = path.read_bytes()
    return Asset(content, gzip.compress(content, 9, mtime=0), TYPES[path.suffix])


def static(event: dict[str, Any], path: str) -> Sent:
    """Answer `/picking/static/<mark>/<name>`, for anybody; `path` is without `/picking`."""
    _, _, asked, name = [*path.split("/", 3), "", "", ""][:4]
    found = asset(name)
    if found is None:
        return outgoing.page(event, "", 404, {})
    return outgoing.static(event, found, current=asked == mark())


@cache
def worker_source() -> str:
    """The worker with what it keeps. Its bytes change with any file, which is how browsers learn of it.

    The decoder is not in the list: the page fetches it where the browser reads no barcodes by itself.
    """
    kept = [address(name) for name in sorted(files()) if files()[name].parent != DECODER]
    return f"const MARK = {json.dumps(mark())};\nconst KEPT = {json.dumps(kept)};\n{WORKER.read_text()}"


def worker(event: dict[str, Any]) -> Sent:
    """Answer `/picking/worker.js`, for anybody: asked for anew each time, and in charge of `/picking`."""
    told = {
        "Content-Type": TYPES[".js"],
        "Cache-Control": "no-cache",
        "Service-Worker-Allowed": BASE,
        "X-Content-Type-Options": "nosniff",
    }
    return outgoing.page(event, worker_source(), 200, told)
