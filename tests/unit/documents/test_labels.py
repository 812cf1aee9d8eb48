"""Labels that carriers draw as pictures, as pages among papers."""

import struct
import zlib
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from comanda.documents.kinds import Kind
from tests.unit.documents.papers import pdf, printed, typesetter


def drawn(wide: int, high: int) -> bytes:
    """A white PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xff" * wide) * high)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("wide", "high", "size"), [(1200, 1800, (288, 432)), (1400, 800, (288, 504)), (800, 800, (288, 288))]
)
def test_a_picture_is_a_page_four_inches_wide_and_stands(wide: int, high: int, size: tuple) -> None:
    made = typesetter().picture(drawn(wide, high))
    assert made == typesetter().picture(drawn(wide, high))

    (page,) = PdfReader(BytesIO(made)).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_papers_are_set_as_before_after_a_picture() -> None:
    before = pdf(Kind.ORDER, printed())
    typesetter().picture(drawn(4, 6))
    assert pdf(Kind.ORDER, printed()) == before


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(typst.TypstError):
        typesetter().picture(drawn(4, 6)[:40])
