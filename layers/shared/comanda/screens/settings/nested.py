"""Parts of a settings form that hold fields themselves: one object, or a list that is put in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from comanda.screens.settings.kinds import NOTHING, Field, Node, Reader, Refuse, Typed, last

MOST_ROWS = 500
LONGEST_TITLE = 60  # characters


@dataclass(slots=True)
class Line:
    """An entry of a list as the page draws it."""

    name: str
    index: int
    title: str
    nodes: list[Node]


def flat(fields: Sequence[Field], value: dict[str, Any], at: Reader, prefix: str = "") -> Typed:
    """A section's values as a form is filled with them."""
    found: Typed = {}
    for one in fields:
        found |= one.kind.flat(prefix + one.name, value[one.name], at)
    return found


def read(
    fields: Sequence[Field], typed: Typed, at: Reader, refuse: Refuse, prefix: str = ""
) -> dict[str, Any]:
    """What the form says; what cannot be read is told to `refuse` with its place."""
    return {one.name: one.kind.read(prefix + one.name, typed, at, refuse) for one in fields}


def nodes(fields: Sequence[Field], typed: Typed, at: Reader, prefix: str = "") -> list[Node]:
    """The fields as the page draws them."""
    drawn = []
    for one in fields:
        node = one.kind.node(prefix + one.name, typed, at)
        node.label, node.required = at.tongue.say(one.label), one.required
        node.hint = at.tongue.say(one.hint) if one.hint else ""
        drawn.append(node)
    return drawn


@dataclass(frozen=True, slots=True)
class Group:
    """An object in the section."""

    fields: tuple[Field, ...]

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return flat(self.fields, value, at, f"{path}.")

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return read(self.fields, typed, at, refuse, f"{path}.")

    def said(self, value: Any, at: Reader) -> str:
        return summary(self.fields, value, at)

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("group", path, "", nodes=nodes(self.fields, typed, at, f"{path}."))


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of entries. `blank` is a new one; `one` names an entry, `empty` says what none means."""

    fields: tuple[Field, ...]
    blank: dict[str, Any] = field(hash=False)
    one: str
    empty: str = ""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        found: Typed = {f"{path}.count": [str(len(value))]}
        for index, entry in enumerate(value):
            found |= flat(self.fields, entry, at, f"{path}.{index}.")
        return found

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        return [
            read(self.fields, typed, at, refuse, f"{path}.{index}.") for index in range(count(path, typed))
        ]

    def said(self, value: Any, at: Reader) -> str:
        return "; ".join(summary(self.fields, entry, at) for entry in value) or NOTHING

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        lines = []
        for index in range(count(path, typed)):
            inside = nodes(self.fields, typed, at, f"{path}.{index}.")
            lines.append(Line(f"{path}.{index}", index, title(inside), inside))
        said = at.tongue.say(self.empty) if self.empty else ""
        return Node("rows", path, "", rows=lines, one=at.tongue.say(self.one), empty=said)


@dataclass(frozen=True, slots=True)
class Filed(Rows):
    """Entries of which each is filed under a word of its own, which `key` asks for beside its fields."""

    key: Field = field(kw_only=True)

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        found = Rows.flat(self, path, list(value.values()), at)
        for index, word in enumerate(value):
            found |= self.key.kind.flat(f"{path}.{index}.{self.key.name}", word, at)
        return found

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        found: dict[str, Any] = {}
        for index, entry in enumerate(Rows.read(self, path, typed, at, refuse)):
            where = f"{path}.{index}.{self.key.name}"
            word = self.key.kind.read(where, typed, at, refuse)
            if word in found:
                refuse(where, at.tongue.say("there is another entry for this"))
            found[word] = entry
        return found

    def said(self, value: Any, at: Reader) -> str:
        told = (f"{word}: {summary(self.fields, entry, at)}" for word, entry in self.named(value, at).items())
        return "; ".join(told) or NOTHING

    def named(self, value: dict[str, Any], at: Reader) -> dict[str, Any]:
        """The entries by what their words are called."""
        return {self.key.kind.said(word, at): entry for word, entry in value.items()}

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        drawn = Rows.node(self, path, typed, at)
        for line in drawn.rows:
            line.nodes = nodes((self.key,), typed, at, f"{line.name}.") + line.nodes
            line.title = title(line.nodes)
        return drawn


def placed(
    fields: Sequence[Field], typed: Typed, at: Reader, errors: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Errors of a section with each pointer at the place of the form that it is about: entries that are
    filed under a word stand in a list there."""
    filed = {one.name: one.kind for one in fields if isinstance(one.kind, Filed)}
    found = []
    for error in errors:
        parts = str(error["pointer"]).split("/")
        kind = filed.get(parts[1]) if len(parts) > 2 else None
        if kind is not None:
            words = list(kind.read(parts[1], typed, at, lambda path, detail: None))
            below = [kind.key.name if part == "[key]" else part for part in parts[3:]]
            where = [str(words.index(parts[2]))] if parts[2] in words else []
            parts = [*parts[:2], *where, *below]
        found.append({**error, "pointer": "/".join(parts)})
    return found


@dataclass(frozen=True, slots=True)
class Keyed:
    """Entries by their code, each on a page of its own; here they are only told of."""

    fields: tuple[Field, ...]

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        found: Typed = {}
        for code, entry in value.items():
            found |= flat(self.fields, entry, at, f"{path}.{code}.")
        return found

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        codes = dict.fromkeys(
            name.removeprefix(f"{path}.").partition(".")[0] for name in typed if name.startswith(f"{path}.")
        )
        return {code: read(self.fields, typed, at, refuse, f"{path}.{code}.") for code in codes}

    def said(self, value: Any, at: Reader) -> str:
        return "; ".join(f"{code}: {summary(self.fields, entry, at)}" for code, entry in value.items())

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("keyed", path, "")


def count(path: str, typed: Typed) -> int:
    """How many entries the form has."""
    text = last(typed, f"{path}.count")
    return min(int(text), MOST_ROWS) if text.isdecimal() and text.isascii() and len(text) < 5 else 0


def title(inside: list[Node]) -> str:
    """What an entry is called: the first words that it has, else what it is about."""
    named = next(_texts(inside, ("words", "text", "choice", "number")), "")
    return named or ", ".join(islice(_texts(inside, ("lines", "amount")), 3))


def _texts(inside: list[Node], kinds: tuple[str, ...]) -> Iterator[str]:
    for node in sorted(
        (node for node in inside if node.kind in kinds), key=lambda node: kinds.index(node.kind)
    ):
        if node.kind == "words":
            yield from (one.value for one in node.nodes if one.value)
        elif node.value:
            said = dict(node.options).get(node.value, "") or ", ".join(node.value.split())
            yield f"{shortened(said)} {node.unit}".rstrip() if node.kind == "amount" else shortened(said)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rstrip(" ,") + "…"


def summary(fields: Sequence[Field], value: dict[str, Any], at: Reader) -> str:
    """An entry in one line: what it says beyond what is empty."""
    told = ((one, one.kind.said(value[one.name], at)) for one in fields)
    return ", ".join(f"{at.tongue.say(one.label)}: {said}" for one, said in told if said != NOTHING)
