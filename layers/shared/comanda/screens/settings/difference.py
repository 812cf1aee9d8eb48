"""What changed between two versions of a section, in the words of its form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.screens.settings.kinds import NOTHING, Field, Reader
from comanda.screens.settings.nested import Filed, Group, Keyed, Rows, summary

NAMES = ("code", "name", "first", "up_to_grams")  # what an entry is known by, the first that it has


@dataclass(frozen=True, slots=True)
class Change:
    """A field with what it said before and says now."""

    label: str
    before: str
    after: str


def changes(
    fields: Sequence[Field], before: dict[str, Any], after: dict[str, Any], at: Reader, label: str = ""
) -> Iterator[Change]:
    """Every field whose value differs; entries of lists are compared with their namesakes."""
    for one in fields:
        was, now = before.get(one.name), after.get(one.name)
        if was == now:
            continue
        named = f"{label}{at.tongue.say(one.label)}"
        if isinstance(one.kind, Group) and was and now:
            yield from changes(one.kind.fields, was, now, at, f"{named} › ")
        elif isinstance(one.kind, Filed):
            old, new = one.kind.named(was or {}, at), one.kind.named(now or {}, at)
            yield from _entries(one.kind, old, new, at, named)
        elif isinstance(one.kind, Rows):
            yield from _entries(one.kind, _named(was or []), _named(now or []), at, named)
        elif isinstance(one.kind, Keyed):
            yield from _entries(one.kind, was or {}, now or {}, at, named)
        else:
            yield Change(named, _said(one, was, at), _said(one, now, at))


def _said(one: Field, value: Any, at: Reader) -> str:
    return NOTHING if value is None else one.kind.said(value, at)


def _entries(
    kind: Rows | Keyed, old: dict[str, Any], new: dict[str, Any], at: Reader, label: str
) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        named = f"{label} › {name}"
        if name not in new:
            yield Change(named, summary(kind.fields, old[name], at), NOTHING)
        elif name not in old:
            yield Change(named, NOTHING, summary(kind.fields, new[name], at))
        else:
            yield from changes(kind.fields, old[name], new[name], at, f"{named} › ")
    stayed = [name for name in old if name in new], [name for name in new if name in old]
    if stayed[0] != stayed[1]:
        yield Change(
            f"{label} › {at.tongue.say('order of the list')}", ", ".join(stayed[0]), ", ".join(stayed[1])
        )


def _named(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Entries by what they are known by; by their place where that says nothing, or the same twice."""
    known: dict[str, dict[str, Any]] = {}
    for place, entry in enumerate(entries, 1):
        name = next((str(entry[name]) for name in NAMES if entry.get(name)), "")
        known[name if name and name not in known else f"{name} {place}".strip()] = entry
    return known
