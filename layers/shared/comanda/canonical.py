"""Canonical JSON (RFC 8785) for hashing, and the digests made of it."""

import hashlib
import json
from typing import Any

_FORM: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":"), "check_circular": False}
_sorted = json.JSONEncoder(sort_keys=True, **_FORM).encode
_as_given = json.JSONEncoder(**_FORM).encode


def canonical(value: Any) -> str:
    """RFC 8785 text of plain JSON data. Floats are refused (TypeError): no amount here has a fraction."""
    _refuse_floats(value)
    text = _sorted(value)
    if not text.isascii() and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):
        # Beyond U+FFFF, and only there, Python's order of texts differs from the RFC's UTF-16 order.
        return _as_given(_by_utf16(value))
    return text


def sha256(text: str) -> str:
    """Hex SHA-256 of `text` in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest(value: Any) -> str:
    """Hex SHA-256 of the canonical JSON of `value`."""
    return sha256(canonical(value))


def _refuse_floats(value: Any) -> None:
    """Walks containers only: this runs over every fact and snapshot that is written."""
    kind = type(value)
    if kind is dict:
        inner = value.values()
    elif kind is list or kind is tuple:
        inner = value
    elif isinstance(value, float):
        raise TypeError("canonical JSON here holds no floats")
    else:
        return
    for item in inner:
        kind = type(item)
        if kind is not str and kind is not int:
            _refuse_floats(item)


def _by_utf16(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _by_utf16(value[key]) for key in keys}
    if isinstance(value, list | tuple):
        return [_by_utf16(item) for item in value]
    return value
