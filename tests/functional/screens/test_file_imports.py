"""Files in the back office: looked at line by line before anything changes, then carried out."""

import csv
from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.screens.visitor import SITE, Seen, Visitor, staff_at
from tests.functional.shop import level, set_section, stock_product
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D22")
GOOD = "sku,name_es,price,tax,stock\nCAFE-1,Café,116.00,16,25\nTAZA-1,Taza,90.00,16,4\n"
BAD = "sku,name_es,price,tax,stock\nCAFE-1,Café,caro,16,25\nTAZA-1,=1+1,90.00,16,-4\n"


def send(staff: Visitor, text: str, kind: str = "products", **changes: str) -> Seen:
    """Choose a file on the page and send it, as a browser does."""
    return upload(staff, "/stock/import", text, kind=kind, **changes)


def upload(staff: Visitor, address: str, text: str, **changes: str) -> Seen:
    """Send a page's form with a file in it."""
    fields = staff.get(address).form(address) | changes
    mark = "----browser7"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
        for n, v in fields.items()
        if n != "file"
    ]
    named = 'Content-Disposition: form-data; name="file"; filename="datos.csv"\r\nContent-Type: text/csv'
    body = "".join([*parts, f"--{mark}\r\n{named}\r\n\r\n{text}\r\n--{mark}--\r\n"])
    headers = {"origin": SITE, "content-type": f"multipart/form-data; boundary={mark}"}
    return staff.send("POST", address, body, headers)


def stock() -> dict[str, Any]:
    """All that a file may change."""
    return {name: items for name, items in contents().items() if name == "StockTable"}


def test_what_a_file_changes_is_seen_before_and_is_in_place_after(call: Call) -> None:
    stock_product("CAFE-1", units=7)
    before, staff = stock(), staff_at(language="es")
    page = staff.follow(send(staff, GOOD))
    assert page.says("Productos nuevos 1")
    assert page.says("Por cambiar 1")
    assert stock() == before
    done = staff.follow(staff.submit(page, "/stock/import/run"))
    assert done.says("Todo el archivo está en su lugar.")
    assert (level("CAFE-1")["available"], level("TAZA-1")["available"]) == (25, 4)
    after = stock()
    staff.submit(page, "/stock/import/run")  # once more
    assert {n: len(i) for n, i in stock().items()} == {n: len(i) for n, i in after.items()}
    assert level("CAFE-1")["on_hand"] == 25


def test_what_is_wrong_is_told_line_by_line_and_as_a_file(call: Call) -> None:
    before, staff = stock(), staff_at(language="es")
    page = staff.follow(send(staff, BAD))
    assert page.says("Nada de este archivo se puede escribir")
    assert page.says("no es un número")
    assert "/stock/import/run" not in page.text
    report = staff.get("/stock/import.csv?" + page.text.partition("import.csv?")[2].partition('"')[0])
    rows = list(csv.reader(report.text.lstrip("\ufeff").splitlines()))
    assert rows[0] == ["Fila", "Columna", "Valor", "Qué está mal"]
    assert {row[0] for row in rows[1:]} == {"2", "3"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows[1:] for cell in row)
    assert stock() == before


def test_a_large_file_is_gone_on_with(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"SKU-{n:03d},Producto {n},10.00,16,5\n" for n in range(60))
    staff = staff_at()
    page = staff.follow(send(staff, "sku,name_es,price,tax,stock\n" + lines))
    turns = iter([True, True, False])
    with monkeypatch.context() as patched:
        patched.setattr("comanda.screens.house.asked.time_left", lambda *_: lambda: next(turns, False))
        page = staff.follow(staff.submit(page, "/stock/import/run"))
    assert page.says("20 rows are still to be written.")
    assert '<progress max="60" value="40"' in page.text
    page = staff.follow(staff.submit(page, "/stock/import/run"))
    assert page.says("All of the file is in place.")
    assert '<progress max="60" value="60"' in page.text


def test_counts_are_seen_and_refused_line_by_line(call: Call) -> None:
    set_section("stock", locations=[{"code": "norte"}])
    stock_product("CAFE-1", units=7)
    staff = staff_at(language="es")
    page = staff.follow(send(staff, "sku,location,stock\nCAFE-1,main,9\nNADA,main,3\n", "stock"))
    assert page.says("Por cambiar 1")
    assert page.says("no hay un producto NADA cuyas existencias se cuenten")
    staff.follow(staff.submit(page, "/stock/import/run"))
    assert level("CAFE-1")["on_hand"] == 9


@pytest.mark.parametrize(("text", "changes"), [("", {}), (GOOD, {"kind": "orders"}), (GOOD, {"_csrf": "x"})])
def test_what_is_no_file_changes_nothing(call: Call, text: str, changes: dict[str, str]) -> None:
    before, staff = stock(), staff_at()
    assert send(staff, text, **changes).status in (403, 422)
    assert stock() == before


def test_a_broken_form_is_told_so(call: Call) -> None:
    headers = {"origin": SITE, "content-type": "multipart/form-data"}
    assert staff_at().send("POST", "/stock/import", "nothing", headers).status == 400
    assert staff_at().get("/stock/import?file=products-none").status == 404
    assert staff_at().get("/stock/import.csv").status == 404
    assert wiring.stock().catalogue(limit=1)[0] == []


def test_hostile_cells_come_out_escaped(call: Call) -> None:
    staff = staff_at()
    text = "sku,name_es,price,tax,stock\nA,<img src=x onerror=alert(1)>,<script>alert(2)</script>,16,1\n"
    page = staff.follow(send(staff, text))
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
