"""XML from outside, read without doctypes: no entities, nothing fetched, no bombs."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from comanda.statements.damaged import damaged

DEEPEST = 60  # elements within one another; a statement has about fifteen


class _Reader:
    """Feeds a tree with names that have lost their namespaces: each version of a format has its own."""

    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.tree.data

    def _doctype(self, *declared: object) -> None:
        raise damaged("the file declares a document type, which no bank's statement does")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise damaged("the file is nested too deeply to be a statement")
        self.tree.start(name.rpartition(" ")[2], attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.tree.end(name.rpartition(" ")[2])


def read_xml(data: bytes) -> Element:
    """The root element, without namespaces. Raises Invalid for what is not well-formed, and for anything
    with a doctype."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = reader.parser.ErrorLineNumber
        raise damaged(
            f"the file breaks off or is damaged at line {line}: ask the bank for it again"
        ) from error
    return reader.tree.close()


def text(element: Element | None, *paths: str) -> str:
    """The text at the first of the paths that holds any; empty for none."""
    for path in paths:
        found = next(texts(element, path), "")
        if found:
            return found
    return ""


def texts(element: Element | None, path: str) -> Iterator[str]:
    """Every text at the path, with single spaces; an empty path is the element itself."""
    if element is None:
        return
    for found in element.findall(path or "."):
        if found.text and found.text.strip():
            yield " ".join(found.text.split())
