"""Reading a whole product file."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.stock.product_csv import COLUMNS, MOST_ROWS, read_products

HEADER = "sku,barcode,name_es,name_en,price,tax,weight,stock,image"
COFFEE = "CAFE-1,2000000000015,Café de olla,Spiced coffee,89.50,0,250 g,12,coffee.svg"
COFFEE_GIVEN = {
    "barcode": "2000000000015",
    "name_es": "Café de olla",
    "name_en": "Spiced coffee",
    "price": 8950,
    "tax": 0,
    "weight": 250,
    "stock": 12,
    "image": "coffee.svg",
}


def read(text: str | bytes):
    return read_products(text if isinstance(text, bytes) else text.encode(), "MXN")


def told(remarks):
    return [(found.row, found.column, found.value, found.problem) for found in remarks]


def test_a_row_is_read_by_the_names_of_its_columns():
    file = read(f"{HEADER}\n{COFFEE}\n")
    assert (file.problems, file.warnings, file.rows) == ([], [], 1)
    assert (file.lines[0].row, file.lines[0].sku, file.lines[0].given) == (2, "CAFE-1", COFFEE_GIVEN)


def test_columns_come_in_any_order_and_writing():
    file = read("Stock; PRICE ;Sku;Name ES\n3;1,50;A;Jabón\n")
    assert file.problems == []
    assert file.lines[0].given == {"stock": 3, "price": 150, "name_es": "Jabón"}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiter_encoding_and_line_ends_are_found(mark, encoding, end):
    text = end.join([HEADER, COFFEE]).replace(",", mark) + end
    file = read(text.encode(encoding))
    assert (file.problems, file.warnings) == ([], [])
    assert file.lines[0].given == COFFEE_GIVEN


def test_windows_encoding_is_read_and_announced():
    file = read(f"{HEADER}\n{COFFEE}\n".encode("cp1252"))
    assert file.lines[0].given["name_es"] == "Café de olla"
    note = "the file is not UTF-8 and was read as Windows-1252; look at the accents"
    assert told(file.warnings) == [(1, "", "", note)]


def test_bytes_that_are_no_text_are_refused():
    assert "no text file" in read(b"PK\x03\x04\0\0").problems[0].problem
    undefined = read(b"sku\nA\n\x81\xff\n")
    assert told(undefined.problems) == [
        (3, "", "", "is neither UTF-8 nor Windows-1252; save the sheet as CSV (UTF-8)")
    ]


def test_accents_typed_as_two_characters_become_one():
    file = read("sku,name_es\nA,Jabo\u0301n\u00a0suave \n")
    assert file.lines[0].given == {"name_es": "Jabón suave"}


def test_every_row_is_checked_and_every_cell_is_named():
    file = read(
        f"{HEADER}\n{COFFEE}\n"
        "CAFE-1,2000000000022,Otro,,abc,16,1.2,5,\n"
        "\n"
        ",,Sin clave,,10,0.16,,-1,\n"
        "TAZA-1,2000000000015,Taza,Mug,10,16,,5,\n"
        "TAZA-2,,Taza\n"
    )
    assert told(file.problems) == [
        (3, "price", "abc", "'abc' is not a number"),
        (3, "weight", "1.2", "takes whole grams; for kilograms write the unit, such as 1.2 kg"),
        (3, "sku", "CAFE-1", "is on row 2 already"),
        (5, "sku", "", "is empty: every product needs its SKU"),
        (5, "tax", "0.16", "is a percentage: write 16 for sixteen per cent, or 0.5% for half of one"),
        (5, "stock", "-1", "takes whole units such as 25, or nothing when stock is not counted"),
        (6, "barcode", "2000000000015", "is on row 2 already"),
        (7, "", "", "has 3 cells where the header has 9; look for a missing or a stray delimiter"),
    ]
    assert [line.sku for line in file.lines] == ["CAFE-1"]
    assert file.rows == 5


def test_rows_count_as_a_spreadsheet_shows_them():
    file = read('sku,name_es,price\nA,"dos\nrenglones",1\n\nB,x,nope\n')
    assert [(found.row, found.column) for found in file.problems] == [(2, "name_es"), (4, "price")]


def test_unknown_columns_and_doubtful_barcodes_are_warnings():
    file = read("sku,Color,barcode\nA,red,4006381333932\na,blue,\n")
    assert file.problems == []
    assert told(file.warnings) == [
        (1, "Color", "", "this column is not known and was not read"),
        (2, "barcode", "4006381333932", "the check digit of this EAN-13 should be 1"),
        (3, "sku", "a", "differs from row 2 in capitals only: two products"),
    ]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", "sku", "the header has no column sku"),
        ("name_es,price\nA,1\n", "sku", "the header has no column sku"),
        ("sku,price,Price\nA,1,2\n", "price", "this column is there twice"),
        ("sku,price\n\n", "", "there is no product below the header"),
        ('sku,name_es\nA,"unclosed\nB,x\n', "", "from here on the file cannot be read"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(text, column, said):
    file = read(text)
    assert [found.column for found in file.problems] == [column]
    assert said in file.problems[0].problem


def test_a_file_of_too_many_rows_is_refused():
    file = read("sku\n" + "".join(f"A{n}\n" for n in range(MOST_ROWS + 1)))
    assert told(file.problems) == [(MOST_ROWS + 2, "", "", "is too many: a file takes 20000 products")]


@given(st.binary(max_size=300))
def test_any_bytes_are_either_read_or_refused_with_a_reason(data):
    file = read_products(b"sku,price\n" + data, "MXN")
    assert file.problems or len(file.lines) == file.rows
    assert all(found.problem and len(found.value) <= 80 for found in file.problems + file.warnings)


NAMES = st.text(
    st.characters(
        codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\ufeff\ufffd"
    ).filter(str.isprintable),
    max_size=40,
)


@given(
    st.lists(st.tuples(NAMES, st.integers(0, 10**9), st.integers(0, 999)), min_size=1, max_size=8), st.data()
)
def test_what_a_spreadsheet_writes_is_read_back(products, data):
    mark = data.draw(st.sampled_from([",", ";", "\t"]))
    order = data.draw(st.permutations(COLUMNS))
    cells = [
        dict.fromkeys(COLUMNS, "")
        | {
            "sku": f"S{n}",
            "name_es": name,
            "price": f"{price // 100},{price % 100:02d}",
            "tax": "16",
            "stock": units,
        }
        for n, (name, price, units) in enumerate(products)
    ]
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, order, delimiter=mark)
    writer.writeheader()
    writer.writerows(cells)
    file = read(sheet.getvalue())
    assert file.problems == []
    assert [(line.sku, line.given["price"], line.given["stock"]) for line in file.lines] == [
        (f"S{n}", price, units) for n, (_, price, units) in enumerate(products)
    ]
