"""The merchant's formatted words: **bold**, lists of lines that begin with a dash, and web addresses."""

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby

BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
DASH = "- "


def html(text: str) -> str:
    """The words as HTML; whatever else stands in them is text and is escaped."""
    blocks = groupby(text.strip().splitlines(), key=lambda line: line.startswith(DASH))
    return "".join(_list(lines) if listed else _lines(lines) for listed, lines in blocks)


def plain(text: str) -> str:
    """The words where only text can be shown."""
    return BOLD.sub(r"\1", text)


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{_inline(line.removeprefix(DASH))}</li>" for line in lines) + "</ul>"


def _lines(lines: Iterable[str]) -> str:
    return "<br>".join(_inline(line) for line in lines)


def _inline(line: str) -> str:
    """Bold and addresses of one line; each piece is escaped by itself."""
    done, at = "", 0
    for found in ADDRESS.finditer(line):
        address = escape(found[0])
        done += _bold(line[at : found.start()]) + f'<a href="{address}">{address}</a>'
        at = found.end()
    return done + _bold(line[at:])


def _bold(text: str) -> str:
    return BOLD.sub(r"<strong>\1</strong>", escape(text))
