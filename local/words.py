"""`make words`: bring each topic's `es.po` and the refusals up to what is said; name what lacks a word."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from local.console import say
from local.home import REPOSITORY
from local.words_of_refusals import write as write_refusals

SCREENS = REPOSITORY / "layers" / "shared" / "comanda" / "screens"
METHODS = [("**.py", "python"), ("**.j2", "jinja2"), ("static/**.js", "javascript")]
OPTIONS = {"**.j2": {"trimmed": "true"}}
KEYWORDS = {"N_": None, "say": None, "say_many": (1, 2), "sayMany": (1, 2)}

# With a date of its own, or each build of the same texts would differ by the minute it was made in.
HEADER = """# Spanish of this topic; `make words` keeps it whole.
msgid ""
msgstr ""
"POT-Creation-Date: 2026-01-01 00:00+0000\\n"
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

type Text = str | tuple[str, ...]


def topics() -> list[Path]:
    """The folders of topics: those that say something."""
    return sorted(path.parent for path in SCREENS.glob("*/__init__.py"))


def said(topic: Path) -> set[Text]:
    """Every text that a topic's code and templates ask a translation for."""
    found = extract_from_dir(topic, METHODS, OPTIONS, KEYWORDS)
    return {message for _, _, message, _, _ in found}


def read(topic: Path) -> Catalog:
    file = topic / "es.po"
    if not file.exists():
        return Catalog(locale="es")
    with file.open("rb") as source:
        return read_po(source, locale="es")


def renewed(topic: Path) -> Catalog:
    """The topic's catalogue with exactly what is said now, sorted; what is new has no word yet."""
    before, after = read(topic), Catalog(locale="es", charset="utf-8")
    for text in sorted(said(topic), key=str):
        known = before.get(text if isinstance(text, str) else text[0])
        after.add(text, known.string if known and known.id == text else None)
    return after


def write(topic: Path, catalogue: Catalog) -> None:
    """The file, with nothing in it that changes by itself."""
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, sort_output=True)
    (topic / "es.po").write_bytes(HEADER.encode() + body.getvalue())


def lacking(catalogue: Catalog) -> Iterator[Text]:
    for message in catalogue:
        words = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and not all(words):
            yield message.id if isinstance(message.id, str) else tuple(message.id)


def main() -> None:
    lacks = 0
    for topic in topics():
        catalogue = renewed(topic)
        if not any(message.id for message in catalogue):
            continue
        write(topic, catalogue)
        for text in lacking(catalogue):
            say(f"  {topic.name}: no Spanish for {text!r}")
            lacks += 1
    for text in write_refusals():
        say(f"  refusals: no Spanish for {text!r}")
        lacks += 1
    sys.exit(1 if lacks else 0)


if __name__ == "__main__":
    main()
