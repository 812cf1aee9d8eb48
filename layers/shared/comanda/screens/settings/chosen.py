"""Fields that are chosen: yes or no, one of some codes, any of some codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comanda.screens.settings.kinds import NOTHING, Node, Reader, Refuse, Typed


@dataclass(frozen=True, slots=True)
class Tick:
    """Yes or no."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: ["on"]} if value else {}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return bool(typed.get(path, [""])[-1])

    def said(self, value: Any, at: Reader) -> str:
        return at.tongue.say("yes") if value else at.tongue.say("no")

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("tick", path, "", values=typed.get(path, []))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some codes; those of `more` come from the shop itself. Empty is None where `optional`."""

    options: tuple[tuple[str, str], ...] = ()
    more: str = ""
    optional: bool = False
    otherwise: str = ""  # what an empty choice is called; without it there is none

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: [value or ""]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        text = typed.get(path, [""])[-1]
        return text or (None if self.optional else "")

    def said(self, value: Any, at: Reader) -> str:
        return dict(self.known(at)).get(value or "", str(value) if value else NOTHING)

    def known(self, at: Reader) -> list[tuple[str, str]]:
        none = [("", at.tongue.say(self.otherwise))] if self.otherwise else []
        own = [(code, at.tongue.say(word)) for code, word in self.options]
        return none + own + list(at.options.get(self.more, ()))

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        values, options = typed.get(path, []), self.known(at)
        if values and values[-1] not in dict(options):
            options.append((values[-1], values[-1]))  # it is set, though nobody offers it any more
        return Node("choice", path, "", values=values, options=options)


@dataclass(frozen=True, slots=True)
class Ticks:
    """Any of some codes, in their own order."""

    options: tuple[tuple[str, str], ...] = ()
    more: str = ""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: list(value)} if value else {}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return [text for text in typed.get(path, []) if text]

    def said(self, value: Any, at: Reader) -> str:
        known = dict(self.known(at, value))
        return ", ".join(known[code] for code in value) or NOTHING

    def known(self, at: Reader, values: Iterable[str]) -> list[tuple[str, str]]:
        own = [(code, at.tongue.say(word)) for code, word in self.options]
        offered = own + list(at.options.get(self.more, ()))
        return offered + [(value, value) for value in values if value not in dict(offered)]

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        values = typed.get(path, [])
        return Node("ticks", path, "", values=values, options=self.known(at, values))
