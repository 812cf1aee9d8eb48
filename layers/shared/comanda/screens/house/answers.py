"""What a screen answers: a page, the way to another page, or a file."""

from dataclasses import dataclass, field
from typing import Any

from comanda.errors import Problem
from comanda.screens.house.asked import Given


@dataclass(frozen=True, slots=True)
class Screen:
    """A page from `<topic>/<name>.html.j2` with what it shows. A view that answers a form with a page itself
    says what had been typed (`given`), and what was refused (`problem`) if it was."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    problem: Problem | None = None
    given: Given | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """A button beside a message: where it posts, and what with."""

    caption: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {"caption": self.caption, "action": self.action, "fields": self.fields}


@dataclass(frozen=True, slots=True)
class Goto:
    """After a form was taken: another address of the back office, with a message on it."""

    address: str
    told: str = ""
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file to be saved, or with `shown` one that the browser shows."""

    name: str
    content: bytes
    content_type: str = "text/csv; charset=utf-8"
    shown: bool = False


type Answer = Screen | Goto | File
