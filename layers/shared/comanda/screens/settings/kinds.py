"""What one field of a settings form holds: how its value is shown, read back, and told in a history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from comanda.screens.house.tongue import Tongue

type Typed = dict[str, list[str]]
type Refuse = Callable[[str, str], None]

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the form: their language, the shop's currency, and what may be chosen by name."""

    tongue: Tongue
    currency: str
    options: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """A field as the page draws it."""

    kind: str
    name: str
    label: str
    hint: str = ""
    values: list[str] = field(default_factory=list)
    unit: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    required: bool = False
    nodes: list["Node"] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    one: str = ""
    empty: str = ""

    @property
    def value(self) -> str:
        return self.values[-1] if self.values else ""


class Kind(Protocol):
    """`path` is the field's name in the form: a JSON pointer with points."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed: ...

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any: ...

    def said(self, value: Any, at: Reader) -> str: ...

    def node(self, path: str, typed: Typed, at: Reader) -> Node: ...


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a section with what a merchant calls it."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    required: bool = False


def last(typed: Typed, name: str) -> str:
    """What was typed into a field, with one kind of line end and no space around it."""
    return typed.get(name, [""])[-1].replace("\r\n", "\n").strip()
