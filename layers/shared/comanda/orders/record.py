"""Frozen data to and from plain JSON, by the field types; unknown keys of newer writers are ignored."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from types import UnionType
from typing import Any, Self, get_args, get_origin, get_type_hints

AS_IT_IS = frozenset({str, int, bool})  # most values: an order is written field by field in every commit


class Record:
    """Base of frozen dataclasses that are stored.

    What equals its default is left out, which keeps items small; defaults also stand in for keys
    that an older writer did not know. A default of a stored field therefore never changes.
    """

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        data = {}
        kind: Any = type(self)
        for name, default in _fields(kind):
            value = getattr(self, name)
            if value != default:
                data[name] = value if type(value) in AS_IT_IS else _plain(value)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        kind: Any = cls
        readers = _readers(kind)
        return cls(**{name: read(data[name]) for name, read in readers.items() if name in data})


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _fields(cls: Any) -> tuple[tuple[str, Any], ...]:
    """Field names with their defaults; MISSING equals no value."""
    return tuple(
        (f.name, f.default_factory() if callable(f.default_factory) else f.default) for f in fields(cls)
    )


@cache
def _readers(cls: Any) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(cls)
    return {name: _reader(hints[name]) for name, _ in _fields(cls)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, type) and issubclass(hint, Record):
        return hint.from_dict
    if get_origin(hint) is UnionType:  # a record or None
        return _reader(get_args(hint)[0])
    if get_origin(hint) is tuple:
        item = _reader(get_args(hint)[0])
        return lambda values: tuple(item(value) for value in values)
    if isinstance(hint, type) and issubclass(hint, str) and hint is not str:
        return hint  # a StrEnum
    return lambda value: value
