"""Papers to PDF with Typst: values go in as data, and the same papers give the same bytes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from comanda.documents.typeset.codes import bars, label, square

LOGO_WIDTH, LOGO_HEIGHT = 60, 18  # mm
TEMPLATE = Path(__file__).parent / "paper.typ"
PICTURE = Path(__file__).parent / "picture.typ"


class Typesetter:
    """One compiler for all papers of a process; `fonts` is the folder of the fonts, no others are used."""

    def __init__(self, fonts: Path) -> None:
        only = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
        self._compiler = typst.Compiler(
            TEMPLATE, root=TEMPLATE.parent, font_paths=only, ignore_system_fonts=True
        )
        # One of its own: a compiler goes on with the template that it was told last.
        self._pictures = typst.Compiler(
            PICTURE, root=PICTURE.parent, font_paths=only, ignore_system_fonts=True
        )

    def pdf(self, papers: Mapping[str, Any]) -> bytes:
        """The papers as one file. `papers`: format, head, made_at (UNIX seconds) and the sheets."""
        made, _ = self.checked(papers)
        return made

    def checked(self, papers: Mapping[str, Any], **options: Any) -> tuple[bytes, list[str]]:
        """As `pdf`, with what Typst warned of, such as a font that is missing."""
        made, warnings = self._compiler.compile_with_warnings(
            sys_inputs={"papers": json.dumps(_with_codes(papers))},
            format="pdf",
            timestamp=int(papers["made_at"]),
            **options,
        )
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one file")
        return made, [str(warning) for warning in warnings]

    def picture(self, content: bytes) -> bytes:
        """A PNG as a page as large as a label; one that lies is stood up. Raises what Typst does of none."""
        told = {"content": list(content), "wide": _side(content, 16) > _side(content, 20)}
        made = self._pictures.compile(sys_inputs={"picture": json.dumps(told)}, format="pdf", timestamp=0)
        if not isinstance(made, bytes):
            raise TypeError("a PDF is one file")
        return made


def _side(content: bytes, at: int) -> int:
    """Width (at 16) or height (at 20) of a PNG in pixels, from its header."""
    return int.from_bytes(content[at : at + 4])


def _with_codes(papers: Mapping[str, Any]) -> dict[str, Any]:
    sheets = [_drawn(sheet) for sheet in papers["sheets"]]
    head = papers["head"]
    place = "xMidYMid" if papers["format"] == "thermal" else "xMinYMid"
    return dict(papers) | {"sheets": sheets, "head": head | {"logo": _framed(head["logo"], place)}}


def _drawn(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """A paper without a number of its own has no codes at its head and foot."""
    number = sheet["number"]
    codes = (
        {"bars": bars(number), "square": square(sheet.get("code") or number)}
        if number
        else {"bars": None, "square": None}
    )
    rows = [row | {"drawn": label(row["code"]) if row["code"] else None} for row in sheet["rows"]]
    return dict(sheet) | codes | {"rows": rows}


def _framed(address: str, place: str) -> str:
    """A picture as large as its frame allows; one that cannot be read leaves the frame empty."""
    if not address:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LOGO_WIDTH} {LOGO_HEIGHT}">'
        f'<image width="{LOGO_WIDTH}" height="{LOGO_HEIGHT}" preserveAspectRatio="{place} meet" '
        f'href="{address}"/></svg>'
    )
