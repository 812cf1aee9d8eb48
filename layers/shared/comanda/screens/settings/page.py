"""A page of the settings: which fields of which section it holds, and what it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from comanda.screens.settings.kinds import Field


@dataclass(frozen=True, slots=True)
class Page:
    """`code` is its address, `group` where it stands among the others. Words are translated when shown."""

    code: str
    section: str
    group: str
    title: str
    text: str
    fields: tuple[Field, ...]

    def of(self, body: dict[str, Any]) -> dict[str, Any]:
        """What the page shows of a section."""
        return {one.name: body[one.name] for one in self.fields}


def fields_of(section: str, pages: Sequence[Page]) -> tuple[Field, ...]:
    """All fields of a section, from whichever pages they stand on."""
    return tuple(one for page in pages if page.section == section for one in page.fields)
