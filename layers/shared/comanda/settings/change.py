"""Change a section of the settings: by what is to be different, as a whole, or back to what it was."""

from typing import Any

from pydantic import ValidationError

from comanda.dynamo.transaction import Transaction
from comanda.errors import Invalid, NotFound, Stale
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
    before = _seen(name, seen, store)
    body = merged(before.model_dump(mode="json"), changes)
    return _kept(name, body, before, version=seen, at=at, actor=actor, store=store, versions=versions)


def replace_section(
    name: str,
    body: dict[str, Any],
    *,
    seen: int,
    at: str,
    actor: str,
    store: SettingsStore,
    versions: VersionStore,
) -> tuple[Section, int]:
    """The section with this body, whatever it said before: what is left out has its default.

    Answers and raises as `change_section`.
    """
    before = _seen(name, seen, store)
    return _kept(name, body, before, version=seen, at=at, actor=actor, store=store, versions=versions)


def restore_section(
    name: str, version: int, *, seen: int, at: str, actor: str, store: SettingsStore, versions: VersionStore
) -> tuple[Section, int]:
    """The section as it was at `version`, as a new version; 0 is what a fresh shop has.

    Answers and raises as `change_section`; NotFound also for a version that there never was.
    """
    before = _seen(name, seen, store)
    body = before.model_dump(mode="json") if version == seen else versions.body(name, version)
    if body is None:
        raise NotFound(f"section {name} has no version {version}")
    return _kept(name, body, before, version=seen, at=at, actor=actor, store=store, versions=versions)


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


def _seen(name: str, seen: int, store: SettingsStore) -> Section:
    section, version = store.section(name)
    if version != seen:
        raise Stale(f"section {name} is at version {version}, you saw {seen}")
    return section  # type: ignore[no-any-return]


def _kept(
    name: str,
    body: dict[str, Any],
    before: Section,
    *,
    version: int,
    at: str,
    actor: str,
    store: SettingsStore,
    versions: VersionStore,
) -> tuple[Section, int]:
    after = _valid(name, body)
    if after == before:
        return before, version
    tx = Transaction()
    store.write(tx, name, after, version=version, at=at, actor=actor)
    versions.add(tx, name, version + 1, before=before.model_dump(mode="json"), at=at, actor=actor)
    tx.commit()
    return after, version + 1


def _valid(name: str, body: dict[str, Any]) -> Section:
    try:
        return SECTIONS[name].model_validate(body)
    except ValidationError as error:
        errors = [{"pointer": _pointer(found["loc"]), "detail": worded(found)} for found in error.errors()]
        raise Invalid(f"section {name} would not be valid", errors=errors) from error


def _pointer(loc: tuple[str | int, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in loc)
