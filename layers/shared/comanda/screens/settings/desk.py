"""What the settings screens ask of the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from comanda.documents.press import Press
from comanda.exports.probing import Probing
from comanda.orders.facts import Origin
from comanda.screens.house.asked import Asked
from comanda.settings.change import change_section, replace_section, restore_section
from comanda.settings.sections import Section
from comanda.settings.store import SettingsStore
from comanda.settings.versions import VersionStore

type Saved = tuple[Section, int]


@dataclass(frozen=True, slots=True)
class SettingsDesk:
    """See wiring. `people` are those of the staff by their id in the user pool."""

    settings: Callable[[], SettingsStore]
    versions: Callable[[], VersionStore]
    people: Callable[[], dict[str, str]]
    probing: Callable[[], Probing]
    press: Callable[[], Press]

    def body(self, section: str) -> tuple[dict[str, Any], int]:
        """A section and its version. Raises NotFound."""
        found, version = self.settings().section(section)
        return found.model_dump(mode="json"), version

    def at(self, section: str, version: int) -> dict[str, Any] | None:
        """What a section said at a version; None where there never was one."""
        body, present = self.body(section)
        return body if version == present else self.versions().body(section, version)

    def save(self, section: str, body: dict[str, Any], seen: int, origin: Origin) -> Saved:
        """As PUT of the staff API."""
        return replace_section(
            section, body, seen=seen, at=origin.at, actor=origin.actor,
            store=self.settings(), versions=self.versions(),
        )  # fmt: skip

    def change(self, section: str, changes: dict[str, Any], seen: int, origin: Origin) -> Saved:
        """As PATCH of the staff API."""
        return change_section(
            section, changes, seen=seen, at=origin.at, actor=origin.actor,
            store=self.settings(), versions=self.versions(),
        )  # fmt: skip

    def restore(self, section: str, version: int, seen: int, origin: Origin) -> Saved:
        """As the staff API's restore."""
        return restore_section(
            section, version, seen=seen, at=origin.at, actor=origin.actor,
            store=self.settings(), versions=self.versions(),
        )  # fmt: skip

    def name(self, actor: str, asked: Asked) -> str:
        """What to call whoever changed something."""
        kind, _, who = actor.partition(":")
        if actor == asked.staff.actor:
            return asked.tongue.say("you")
        return self.people().get(who, who) if kind == "staff" else actor
