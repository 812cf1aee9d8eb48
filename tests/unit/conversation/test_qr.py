"""Codes that a real reader reads: in the mail's picture and on the pickup slip."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from comanda.conversation.qr import drawing, picture
from comanda.documents.kinds import Format, Kind
from comanda.documents.printing import Wish, papers_of
from comanda.ids import token_hash
from comanda.links.codes import code_of, same_code
from comanda.links.keys import Keys
from comanda.orders.decision import Loaded
from comanda.orders.model import Pickup, ShipmentLine
from tests.unit.documents.papers import SETTINGS, codes_of, printed, reader, typesetter

pytestmark = pytest.mark.capability("D19")
KEYS = Keys("signing-key-of-the-tests")


@pytest.mark.parametrize("text", ["2D7P4R8V", "00000000", "ZZZZZZZZ"])
def test_a_reader_reads_the_picture_of_the_mail(text: str, tmp_path: Path) -> None:
    file = tmp_path / "code.png"
    file.write_bytes(picture(text))
    told = subprocess.run([reader("zbarimg"), "-q", file], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [f"QR-Code:{text}"]
    assert drawing(text).startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def waiting() -> Loaded:
    """An order whose goods are at the counter."""
    made = printed()
    order = made.order
    mark = token_hash(KEYS.link("pickup", order.order_id, "1"))
    lines = tuple(ShipmentLine(line.line_id, line.sku, line.quantity) for line in order.lines)
    held = tuple(replace(line, allocated=line.quantity) for line in order.lines)
    pickup = Pickup("1", mark, "pickup", order.created_at, lines, shelf="B3")
    return replace(made, order=replace(order, lines=held, pickup=pickup))


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("format", [Format.LETTER, Format.THERMAL])
def test_the_slip_says_the_code_that_the_customer_shows(format: Format, dpi: int, tmp_path: Path) -> None:
    of = waiting()
    papers = papers_of([(of, SETTINGS)], Wish(Kind.PICKUP_SLIP, format, "es"), lambda: KEYS)
    codes = dict(codes_of(typesetter().pdf(papers), dpi, tmp_path))
    assert codes["CODE-128"] == of.order.number
    assert same_code(codes["QR-Code"], code_of(KEYS, of.order.order_id, "1", of.order.pickup.mark))  # type: ignore[union-attr]


def test_another_key_or_order_gives_another_code() -> None:
    mark = token_hash(KEYS.link("pickup", "order-1", "1"))
    code = code_of(KEYS, "order-1", "1", mark)
    assert code_of(Keys("new", "signing-key-of-the-tests"), "order-1", "1", mark) == code
    assert code_of(Keys("new", "newer"), "order-1", "1", mark) == ""
    assert code_of(KEYS, "order-2", "1", token_hash(KEYS.link("pickup", "order-2", "1"))) != code
    assert same_code(code.lower().replace("-", " ").replace("1", "l").replace("0", "o"), code)
    assert not same_code("", "")
    assert not same_code(code[:-1], code)
