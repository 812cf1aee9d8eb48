"""An order's history as anybody can check it: each fact's hash covers the one before."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def fact_hash(fact: dict[str, Any]) -> str:
    """SHA-256 of the previous hash and the fact's canonical JSON without its own hash."""
    bare = {name: value for name, value in fact.items() if name != "hash"}
    text = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((fact["prev_hash"] + text).encode()).hexdigest()


def broken_at(history: Iterable[dict[str, Any]]) -> int | None:
    """The number of the first fact that does not fit the chain; None when all fit."""
    before, expected = "", 1
    for fact in history:
        if (fact["seq"], fact["prev_hash"], fact["hash"]) != (expected, before, fact_hash(fact)):
            return expected
        before, expected = fact["hash"], expected + 1
    return None
