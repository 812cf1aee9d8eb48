"""Spanish for the details of problems and remarks.

A detail is written where something is refused, in English, with what it is about in it. `es.json` holds
the Spanish of each such text by its template; a detail is recognised by the template that it fits, the most
literal one first, and what stood in its holes is carried over. A test finds every text without Spanish.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).with_name("es.json")
HOLE = re.compile(r"\\?\{(\w+)\\?\}")
# Holes that hold such a text themselves, perhaps several: everything else is a value, and stays as it is.
WORDS = ("after", "called", "characters", "counts", "detail", "entries", "held", "only", "why")
LIST, AND = "; ", " and "
LONGEST = 2_000  # characters of a detail that is looked at


def in_spanish(detail: str) -> str:
    """The Spanish of a detail; one that nobody foresaw stays as it is."""
    if len(detail) > LONGEST:
        return detail
    return catalogue().get(detail) or _each(detail, LIST, LIST) or _said(detail) or detail


def document_in_spanish(document: Mapping[str, Any]) -> dict[str, Any]:
    """A problem document with its details in Spanish; `type`, `title` and what programs read stay."""
    told = dict(document) | {"detail": in_spanish(str(document["detail"]))}
    errors = document.get("errors")
    if isinstance(errors, list):
        told["errors"] = [
            one | {"detail": in_spanish(str(one["detail"]))} if "detail" in one else one for one in errors
        ]
    return told


def wants_spanish(accept_language: str) -> bool:
    """Whether a reader asks for Spanish before English. Programs name no language and get English."""
    ranges = [part.partition(";")[0].strip().lower() for part in accept_language.split(",")]
    ours = [code.partition("-")[0] for code in ranges]
    return next((code for code in ours if code in ("es", "en")), "en") == "es"


def template_of(detail: str) -> str | None:
    """The template that a detail fits; None for none."""
    found = _fitting(detail)
    return found[0] if found else None


def _said(detail: str) -> str | None:
    found = _fitting(detail)
    if found is None:
        return None
    template, held = found
    values = {name: _part(value) if name in WORDS else value for name, value in held.items()}
    return HOLE.sub(lambda hole: values[hole[1]], catalogue()[template])


def _part(text: str) -> str:
    return _each(text, AND, " y ") or _said(text) or text


def _each(text: str, mark: str, joined: str) -> str | None:
    """Several texts in one, if every one of them is known."""
    said = [_said(part) for part in text.split(mark)]
    return joined.join(part for part in said if part) if len(said) > 1 and all(said) else None


def _fitting(detail: str) -> tuple[str, Mapping[str, str]] | None:
    if detail in catalogue() and not HOLE.search(detail):
        return detail, {}
    for template, pattern in _patterns():
        if found := pattern.fullmatch(detail):
            return template, found.groupdict()
    return None


@cache
def catalogue() -> dict[str, str]:
    """Template → Spanish."""
    known: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return known


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Templates with holes: those that begin with words first, then those with most letters of their own."""
    open_ = [template for template in catalogue() if HOLE.search(template)]
    longest = sorted(open_, key=_rank)
    return [(template, re.compile(_pattern(template), re.DOTALL)) for template in longest]


def _rank(template: str) -> tuple[bool, int, str]:
    return template.startswith("{"), -len(HOLE.sub("", template)), template


def _pattern(template: str) -> str:
    return HOLE.sub(r"(?P<\1>.*?)", re.escape(template))
