"""Canonical JSON (RFC 8785) for hashing, and the digests made of it."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> str:
    """RFC 8785 text of plain JSON data. Floats are refused (TypeError): no amount here has a fraction.

    Keys here are ASCII, so Python's code-point order equals the UTF-16 order that the RFC asks for.
    """
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    """Hex SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(value: Any) -> str:
    """Hex SHA-256 of the canonical JSON of `value`."""
    return sha256(canonical(value))


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("canonical JSON here holds no floats")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
