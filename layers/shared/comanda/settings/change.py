"""Change a section of the settings by what is to be different."""

from typing import Any

from pydantic import ValidationError

from comanda.dynamo.transaction import Transaction
from comanda.errors import Invalid, Stale
from comanda.runtime.http.wording import worded
from comanda.settings.sections import SECTIONS, Section
from comanda.settings.store import SettingsStore
from comanda.settings.versions import VersionStore


def change_section(
    name: str,
    changes: dict[str, Any],
    *,
    seen: int,
    at: str,
    actor: str,
    store: SettingsStore,
    versions: VersionStore,
) -> tuple[Section, int]:
    """The section after the change, and its version; what does not change keeps its version.

    Raises NotFound, Stale, or Invalid with every place that is wrong.
    """
    section, version = store.section(name)
    if version != seen:
        raise Stale(f"section {name} is at version {version}, you saw {seen}")
    before = section.model_dump(mode="json")
    after = _valid(name, merged(before, changes))
    if after == section:
        return section, version
    tx = Transaction()
    store.write(tx, name, after, version=version, at=at, actor=actor)
    versions.add(tx, name, version + 1, before=before, at=at, actor=actor)
    tx.commit()
    return after, version + 1


def merged(before: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Objects are merged field by field; `null` takes an object away and empties a plain field."""
    after = dict(before)
    for name, value in changes.items():
        present = after.get(name)
        if isinstance(present, dict) and value is None:
            del after[name]
        elif isinstance(present, dict) and isinstance(value, dict):
            after[name] = merged(present, value)
        else:
            after[name] = value
    return after


def _valid(name: str, body: dict[str, Any]) -> Section:
    try:
        return SECTIONS[name].model_validate(body)
    except ValidationError as error:
        errors = [{"pointer": _pointer(found["loc"]), "detail": worded(found)} for found in error.errors()]
        raise Invalid(f"section {name} would not be valid", errors=errors) from error


def _pointer(loc: tuple[str | int, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in loc)
