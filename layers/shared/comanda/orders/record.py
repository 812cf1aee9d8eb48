"""Frozen data to and from plain JSON, by the field types; unknown keys of newer writers are ignored."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, Self, get_args, get_origin, get_type_hints


class Record:
    """Base of frozen dataclasses that are stored. Defaults stand in for keys an older writer did not know."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in _names(type(self))}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        readers = _readers(cls)
        return cls(**{name: read(data[name]) for name, read in readers.items() if name in data})


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls))


@cache
def _readers(cls: type) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(cls)
    return {name: _reader(hints[name]) for name in _names(cls)}


def _reader(hint: Any) -> Callable[[Any], Any]:
    if isinstance(hint, type) and issubclass(hint, Record):
        return hint.from_dict
    if get_origin(hint) is tuple:
        item = _reader(get_args(hint)[0])
        return lambda values: tuple(item(value) for value in values)
    if isinstance(hint, type) and issubclass(hint, str) and hint is not str:
        return hint  # a StrEnum
    return lambda value: value
