"""Routes of the back office: each is hung behind a permission, and what is not hung here nobody reaches."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from comanda.backoffice.staff import PERMISSIONS
from comanda.screens.house.answers import Answer
from comanda.screens.house.asked import Asked

LONGEST_PART = 300  # characters of an id in an address; keys of DynamoDB end somewhere
PART = re.compile(r"<(\w+)>")

type Banners = Callable[[Asked], list["Banner"]]
type View = Callable[..., Answer]
type Hang = Callable[[View], View]


@dataclass(frozen=True, slots=True)
class Rule:
    """`path` is without `/back-office`; `<name>` in it is one part, given to the view by name."""

    method: str
    path: str
    permission: str
    view: View

    def names(self, method: str, path: str) -> dict[str, str] | None:
        """The parts of a path that is this rule's, else None."""
        if method != self.method:
            return None
        found = re.fullmatch(PART.sub(r"(?P<\1>[^/]+)", self.path), path)
        return found.groupdict() if found else None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """`word` is translated where it is shown; `key` opens it after `g`."""

    place: int
    word: str
    path: str
    permission: str
    key: str = ""
    count: str = ""  # address of a part that tells how many things wait there; asked for after the page


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above every page while it holds, with the way to where it is changed."""

    text: str
    address: str
    caption: str


@dataclass(slots=True)
class House:
    """Where screens are hung."""

    rules: list[Rule] = field(default_factory=list)
    entries: list[MenuEntry] = field(default_factory=list)
    banners: list[Banners] = field(default_factory=list)

    def get(self, path: str, permission: str) -> Hang:
        return self._hang("GET", path, permission)

    def post(self, path: str, permission: str) -> Hang:
        return self._hang("POST", path, permission)

    def menu(self, place: int, word: str, path: str, permission: str, key: str = "", count: str = "") -> None:
        """An entry of the navigation; smaller places come first."""
        self.entries.append(MenuEntry(place, word, path, permission, key, count))
        self.entries.sort(key=lambda entry: entry.place)

    def banner(self, banners: Banners) -> None:
        """Ask for banners whenever a whole page is shown."""
        self.banners.append(banners)

    def find(self, method: str, path: str) -> tuple[Rule, dict[str, str]] | None:
        """The rule of an address with the named parts of it; `/orders/new` comes before `/orders/<id>`."""
        if any(len(part) > LONGEST_PART for part in path.split("/")):
            return None
        fitting = ((rule, rule.names(method, path)) for rule in self.rules)
        found = [(rule, names) for rule, names in fitting if names is not None]
        return min(found, key=lambda one: len(one[1]), default=None)

    def _hang(self, method: str, path: str, permission: str) -> Hang:
        if permission not in PERMISSIONS:
            raise ValueError(f"no permission {permission!r}")

        def hang(view: View) -> View:
            self.rules.append(Rule(method, path, permission, view))
            return view

        return hang
