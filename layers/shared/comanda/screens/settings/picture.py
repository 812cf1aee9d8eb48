"""A field that holds a small picture: sent as a file, kept in the form as base64."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comanda.screens.settings.kinds import NOTHING, Field, Node, Reader, Refuse, Typed, last
from comanda.settings.sections.documents import LARGEST_LOGO, kind_of_picture

REMOVE, FILE = ".remove", ".file"


@dataclass(frozen=True, slots=True)
class Picture:
    """PNG or JPEG. A new file takes the place of what is there; a tick removes it."""

    def flat(self, path: str, value: Any, at: Reader) -> Typed:
        return {path: [value]}

    def read(self, path: str, typed: Typed, at: Reader, refuse: Refuse) -> Any:
        text = "" if typed.get(path + REMOVE) else last(typed, path)
        content = b64decode(text) if text.isascii() and len(text) % 4 == 0 else b""
        if text and not kind_of_picture(content):
            refuse(path, at.tongue.say("a PNG or JPEG picture"))
        elif len(content) > LARGEST_LOGO:
            refuse(path, at.tongue.say("a picture of at most 60 KB"))
        return text

    def said(self, value: Any, at: Reader) -> str:
        if not value:
            return NOTHING
        kilobytes = at.tongue.number(max(len(value) * 3 // 4 // 1000, 1))
        return at.tongue.say("a picture of %(n)s KB", n=kilobytes)

    def node(self, path: str, typed: Typed, at: Reader) -> Node:
        return Node("picture", path, "", values=typed.get(path, []))


def with_files(fields: Sequence[Field], typed: Typed, files: Mapping[str, bytes]) -> Typed:
    """What was typed, with the pictures that were sent in place of those that were there. Of one that is far
    too large only the beginning is carried along, which is enough to refuse it."""
    sent = {one.name: files.get(one.name + FILE, b"") for one in fields if isinstance(one.kind, Picture)}
    most = LARGEST_LOGO + 3
    return typed | {name: [b64encode(raw[:most]).decode()] for name, raw in sent.items() if raw}
