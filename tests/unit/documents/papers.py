"""Papers in tests: a shop's settings, orders to print, and what real readers make of a PDF."""

import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from struct import pack
from typing import Any

import pytest

from comanda.documents.kinds import Format, Kind
from comanda.documents.printing import Wish, papers_of
from comanda.documents.typeset.render import Typesetter
from comanda.orders.decision import Loaded
from comanda.orders.model import Line
from comanda.settings.sections import Documents, Stock, Words
from tests.unit.conversation.samples import SECTIONS, lines, loaded, order, paid

FONTS = Path(__file__).parents[3] / "functions" / "documents" / "fonts"
SETTINGS: dict[str, Any] = SECTIONS | {
    "documents": Documents(
        sender="Barro y Lana, S.A. de C.V.\nRFC BLA010203AB1\nCalle 60 núm. 412, 97000 Mérida",
        footer=Words(es="Cambios dentro de 30 días.", en="Exchanges within 30 days."),
        packing_slip=Words(es="Empacar con papel de estraza.", en="Wrap in kraft paper."),
    ),
    "stock": Stock(),
}
LONG = "Huipil bordado a mano con cenefa de pájaros, flores de cempasúchil y ribete de satén azul añil"


def printed(**changes: Any) -> Loaded:
    """A paid order of two lines."""
    return loaded(order(**{"ledger": (paid(),)} | changes))


def to_fetch() -> Loaded:
    """The same, which its customer comes for."""
    return loaded(order(ledger=(paid(),), delivery="pickup"), shipping=None)


def many(count: int = 60) -> tuple[Line, ...]:
    """Lines with codes of their own; every seventh has a name that takes two lines."""
    mug = lines()[0]
    return tuple(
        replace(mug, line_id=f"l{n}", sku=f"SKU-{n:04d}", name=LONG if n % 7 == 0 else f"Taza número {n}")
        for n in range(count)
    )


def asked(
    kind: Kind, of: Loaded | list[Loaded], format: Format = Format.LETTER, language: str = "es"
) -> dict[str, Any]:
    """What the press is told."""
    orders = of if isinstance(of, list) else [of]
    return papers_of([(one, SETTINGS) for one in orders], Wish(kind, format, language))


@cache
def typesetter() -> Typesetter:
    return Typesetter(FONTS)


def pdf(kind: Kind, of: Loaded | list[Loaded], format: Format = Format.LETTER, language: str = "es") -> bytes:
    made, warnings = typesetter().checked(asked(kind, of, format, language))
    assert warnings == []
    return made


def reader(name: str) -> str:
    """The program; `make tools` installs it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: make tools")
    return found


def text_of(made: bytes) -> str:
    """The text in the order of the page, with single blanks."""
    told = subprocess.run(
        [reader("pdftotext"), "-layout", "-", "-"], input=made, capture_output=True, check=True
    )
    return re.sub(r"[ \u00a0]+", " ", told.stdout.decode())


def codes_of(made: bytes, dpi: int, folder: Path) -> list[tuple[str, str]]:
    """Every code that a reader finds on the pages, as (symbology, text)."""
    subprocess.run(
        [reader("pdftoppm"), "-r", str(dpi), "-gray", "-png", "-", str(folder / "page")],
        input=made,
        check=True,
    )
    pages = sorted(map(str, folder.glob("page*.png")))
    told = subprocess.run([reader("zbarimg"), "-q", *pages], capture_output=True, text=True, check=True)
    return sorted(tuple(line.split(":", 1)) for line in told.stdout.split())  # type: ignore[misc]


def png(width: int = 12, height: int = 6) -> bytes:
    """A dark picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x20\x40\x80" * width) * height
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
