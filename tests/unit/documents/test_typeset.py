"""Papers as PDF, read by the programs that people read them with."""

import re
from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from comanda.documents.kinds import Format, Kind
from comanda.documents.printing import Wish, papers_of
from comanda.documents.typeset.codes import MODULE, NARROW, ROOM, bars, square
from comanda.settings.sections import Documents, Stock
from tests.unit.conversation.samples import CONTACT, SECTIONS, lines, loaded, order, paid
from tests.unit.documents.papers import (
    asked,
    codes_of,
    many,
    pdf,
    png,
    printed,
    text_of,
    to_fetch,
    typesetter,
)

OF = {kind: to_fetch if kind == Kind.PICKUP_SLIP else printed for kind in Kind}


@pytest.mark.capability("D29")
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("kind", Kind)
def test_every_paper_says_what_it_is_in_every_format(kind: Kind, format: Format, language: str) -> None:
    told = text_of(pdf(kind, OF[kind](), format, language))
    title = asked(kind, OF[kind](), format, language)["sheets"][0]["title"]
    for text in (title, "P-000123", "Barro y Lana", "RFC BLA010203AB1", "Ana Muñoz Íñiguez", "TAPETE-7"):
        assert text in told, text


@pytest.mark.capability("D29", "D31")
def test_an_order_is_read_line_by_line() -> None:
    told = text_of(pdf(Kind.ORDER, printed()))
    for text in (
        "2 Taza de barro negro $180.00 $360.00",
        "1 Tapete de lana teñido con cochinilla, 80 × 150 cm $1,450.00 $1,450.00",
        "Subtotal $1,810.00", "Descuento (OTOÑO10) -$181.00", "Total $1,728.00", "Página 1 de 1",
        "Por favor, envolver por separado.",
    ):  # fmt: skip
        assert text in told, text


@pytest.mark.capability("D09")
@pytest.mark.parametrize("format", Format)
def test_a_slip_shows_no_amount(format: Format) -> None:
    for kind in (Kind.PACKING_SLIP, Kind.PICKUP_SLIP):
        told = text_of(pdf(kind, OF[kind](), format))
        assert not re.search(r"\$|\d[.,]\d\d\b", told), told


@pytest.mark.capability("D29", "D30")
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("number", ["P-000123", "TIENDA-9-1234567", "1"])
def test_both_codes_are_read_from_the_page(number: str, format: Format, dpi: int, tmp_path: Path) -> None:
    found = codes_of(pdf(Kind.PACKING_SLIP, printed(number=number), format), dpi, tmp_path)
    assert found == [("CODE-128", number), ("QR-Code", number)]


@pytest.mark.parametrize("number", ["1", "P-000123", "ABCDEFGH99999999"])
def test_modules_are_wide_enough_for_a_hand_scanner_and_a_roll(number: str) -> None:
    drawn = bars(number)
    modules = int(re.search(r'viewBox="0 0 (\d+) ', str(drawn["svg"]))[1])  # type: ignore[index]
    assert NARROW - 0.001 <= float(str(drawn["width"])) / modules <= MODULE + 0.001
    assert float(str(drawn["width"])) <= max(ROOM, modules * NARROW + 0.01) <= 80 - 2 * 4
    assert float(str(square(number)["width"])) < 30


def test_sixty_lines_take_pages_that_are_counted_and_keep_their_head() -> None:
    made = text_of(pdf(Kind.ORDER, printed(lines=many())))
    assert "Página 4 de 4" in made
    assert made.count("Unidades Artículo Precio Importe") == 3
    assert all(f"SKU-{n:04d}" in made for n in range(60))


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.PACKING_SLIP])
def test_no_sheet_has_its_code_alone(kind: Kind) -> None:
    """Whatever fills the sheets before: a last one says more than its foot."""
    plain = SECTIONS | {"documents": Documents(), "stock": Stock()}
    for count in range(9, 16):
        of = loaded(order(ledger=(paid(),), lines=many(count)), comment="")
        made = text_of(typesetter().checked(papers_of([(of, plain)], Wish(kind, Format.LETTER, "es")))[0])
        pages = [[line for line in page.splitlines() if line.strip()] for page in made.split("\f")]
        assert all(len(page) != 1 for page in pages), count


@pytest.mark.capability("D33")
def test_papers_of_many_orders_count_their_own_pages() -> None:
    orders = [
        printed(number="P-000001"),
        printed(number="P-000002", lines=many()),
        printed(number="P-000003"),
    ]
    made = text_of(pdf(Kind.ORDER, orders))
    found = re.findall(r"(P-00000\d) · (Página \d de \d)", made)
    assert found == [
        ("P-000001", "Página 1 de 1"),
        *(("P-000002", f"Página {n} de 4") for n in (1, 2, 3, 4)),
        ("P-000003", "Página 1 de 1"),
    ]


@pytest.mark.parametrize("format", Format)
def test_the_same_order_gives_the_same_bytes(format: Format) -> None:
    first = pdf(Kind.ORDER, printed(), format)
    pdf(Kind.RECEIPT, printed(lines=many()), format)
    assert pdf(Kind.ORDER, printed(), format) == first
    later = printed(updated_at="2026-11-21T16:30:00.000Z")
    assert pdf(Kind.ORDER, later, format) != first


HOSTILE = '#import "x" *no* $x$ <b> @ref #read("/etc/passwd") \\ `raw` // [a](b) = Título'


@pytest.mark.parametrize("format", Format)
def test_what_people_write_is_text_and_never_markup(format: Format) -> None:
    mug, rug = lines()
    contact = CONTACT | {"name": HOSTILE}
    hostile = loaded(
        order(lines=(replace(mug, name=HOSTILE), rug), ledger=(paid(),)), contact=contact, comment=HOSTILE
    )
    told = re.sub(r"\s+", " ", text_of(pdf(Kind.ORDER, hostile, format)))
    assert told.count('#import "x" *no* $x$ <b> @ref') == 4
    assert "root:" not in told


def test_an_order_without_lines_says_so() -> None:
    assert "Sin artículos." in text_of(pdf(Kind.ORDER, printed(lines=())))


def test_only_our_own_fonts_are_used() -> None:
    made = typesetter().pdf(asked(Kind.ORDER, printed()))
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", made))
    assert fonts <= {b"NotoSans-Regular", b"NotoSans-Bold"}


def test_each_paper_has_the_foot_of_its_own_language() -> None:
    papers = asked(Kind.ORDER, printed(number="P-1"), language="es")
    papers["sheets"] += asked(Kind.ORDER, printed(number="P-2"), language="en")["sheets"]
    told = text_of(typesetter().pdf(papers))
    assert "Cambios dentro de 30 días. P-1 · Página 1 de 1" in told
    assert "Exchanges within 30 days. P-2 · Page 1 of 1" in told


@pytest.mark.parametrize("format", Format)
def test_a_logo_stands_on_the_paper_and_a_broken_one_hinders_nothing(format: Format) -> None:
    papers = asked(Kind.ORDER, printed(), format)
    bare = typesetter().pdf(papers)
    papers["head"]["logo"] = f"data:image/png;base64,{b64encode(png()).decode()}"
    made, warnings = typesetter().checked(papers)
    assert warnings == []
    drawn = re.compile(rb"/Subtype\s*/Image\b")
    assert drawn.search(made)
    assert not drawn.search(bare)
    papers["head"]["logo"] = "data:image/png;base64,AAAA"
    assert "P-000123" in text_of(typesetter().pdf(papers))
