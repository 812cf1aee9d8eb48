"""A bank's file, read by what it looks like: CAMT.053, Norma 43 or CSV."""

import re
from datetime import date

from comanda.errors import TooLarge
from comanda.statements.camt import read_camt
from comanda.statements.csv_file import read_csv
from comanda.statements.damaged import damaged
from comanda.statements.model import ReadStatement
from comanda.statements.norma43 import read_norma43

MOST_BYTES = 4_000_000
XML = (b"<", b"\xfe\xff\x00<", b"\xff\xfe<\x00")
NORMA43 = re.compile(rb"\s*11\d{18}", re.ASCII)


def read_statement(data: bytes, currency: str, today: date) -> ReadStatement:
    """What the file says. `currency` is that of amounts without one, `today` decides between readings of
    days with two-digit years. Raises Invalid (`/file`) and TooLarge: a file is taken whole or not at all."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"a file has at most {MOST_BYTES} bytes, this one has {len(data)}")
    bare = data.removeprefix(b"\xef\xbb\xbf")
    if not bare.strip():
        raise damaged("choose a file that is not empty")
    if bare.lstrip()[:1] == b"<" or bare.startswith(XML):
        return read_camt(bare)
    if NORMA43.match(bare):
        return read_norma43(bare, today)
    return read_csv(data, currency)
