"""From cart to placed, two lines: ours and django-oscar in turns, and how the two are judged."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.bench.shoppers import run

SKUS = ("CAFE-1", "CAFE-2")  # the peers were measured with two lines too
LEAST_ADVANTAGE = 5
TURNS = 3
DATED, DATED_MS = "2026-11-20", {"django-oscar": 104.0, "Vendure": 173.0, "Medusa": 1182.0}
PYTHON = Path(".tools/oscar/bin/python")
SHOPPER = "local.bench.peers.oscar.shopper"

type Peer = Callable[[bool], dict[str, Any]]  # tuned or not


def measure(recipe: Path, database: Any) -> dict[str, Any]:
    """Ours and the peer in turns; raises unless the units of all our orders are taken at the end."""
    before, placed = _reserved(database), 0

    def ours(turn: int) -> float:
        nonlocal placed
        found = run("live", recipe, 20 + turn)
        placed += found["orders"]
        return float(found["ms"])

    found = in_turns(ours, _oscar if PYTHON.exists() else None)
    taken = _reserved(database) - before
    if taken != placed * len(SKUS):
        raise RuntimeError(f"{placed} orders of {len(SKUS)} units, but {taken} units are reserved")
    return found


def in_turns(ours: Callable[[int], float], peer: Peer | None) -> dict[str, Any]:
    """`ours` gets the number of its turn and returns milliseconds; so does the peer, with more about it."""
    our_ms, peers, tuned = [], [], []
    for turn in range(TURNS):
        our_ms.append(ours(turn))
        if peer:
            peers.append(peer(False))
            tuned.append(peer(True)["ms"])
    return judged(our_ms, peers, tuned)


def judged(our_ms: list[float], peers: list[dict[str, Any]], tuned_ms: list[float]) -> dict[str, Any]:
    """The best turn of each; the dated figure stands in for a peer that had no turn.

    The shop as its guide sets it up is the yardstick; stripped and tuned is told beside. See ADR 0072.
    """
    ours, peer_ms = min(our_ms), [peer["ms"] for peer in peers]
    beside = min(peer_ms, default=DATED_MS["django-oscar"])
    turns = {"ours": our_ms, "django-oscar": peer_ms, "django-oscar tuned": tuned_ms}
    return {
        "name": "from cart to placed",
        "lines": len(SKUS),
        "ours_ms": round(ours, 2),
        "peer_ms": round(beside, 2),
        "tuned_ms": round(min(tuned_ms), 2) if tuned_ms else None,
        "same_run": bool(peers),
        "turns_ms": {name: [round(ms, 2) for ms in spent] for name, spent in turns.items()},
        "about_peer": {key: value for key, value in peers[-1].items() if key != "ms"} if peers else {},
        "dated": DATED,
        "dated_ms": DATED_MS,
        "advantage": round(beside / ours, 1),
        "met": beside / ours >= LEAST_ADVANTAGE,
    }


def _oscar(tuned: bool) -> dict[str, Any]:
    """One turn of django-oscar in a process of its own, with a new database."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": ".", "OSCAR_TUNED": "yes" if tuned else ""}
    with tempfile.TemporaryDirectory() as folder:
        command = [str(PYTHON), "-m", SHOPPER, f"{folder}/shop.sqlite3"]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=300, env=environment
        )
    if done.returncode:
        raise RuntimeError(f"django-oscar's shop failed: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _reserved(database: Any) -> int:
    """Units of the cart's products that orders hold."""
    keys = [{"pk": {"S": f"{sku}#main#0"}} for sku in SKUS]
    items = [database.get_item(TableName="StockTable", Key=key, ConsistentRead=True)["Item"] for key in keys]
    return sum(int(item["reserved"]["N"]) for item in items)
