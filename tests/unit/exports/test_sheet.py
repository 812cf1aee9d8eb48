"""The bytes: what a reader gets back in machine mode, and what a spreadsheet is kept from running."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.exports.cells import defused
from comanda.exports.sheet import Sheet
from comanda.exports.single import single_order_csv
from comanda.settings.sections import Shop
from tests.unit.exports.made import CONTACT, MEXICO, line, loaded, order

pytestmark = pytest.mark.capability("A17", "A18")

# Everything that DynamoDB can hold: any character but lone surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "=1+1",
        '"',
        '""',
        "\r\n",
        "\r",
        "a\nb",
        ",",
        ";",
        "\t",
        "'",
        " =1",
        "+52 55",
        "-3",
        "@x",
        "\0",
        "ñ",
        "\ufeff",
    ]
)


def content(*texts: dict[str, Any], format: str, delimiter: str = ",") -> bytes:
    sheet = Sheet("lines", format, delimiter, MEXICO)
    for values in texts:
        sheet.add(loaded(**values), "new")
    return sheet.take()


def read(data: bytes, delimiter: str = ",", encoding: str = "utf-8") -> list[dict[str, str]]:
    text = io.StringIO(data.decode(encoding), newline="")
    return list(csv.DictReader(text, delimiter=delimiter, strict=True))


@given(comment=TEXT, name=TEXT, delimiter=st.sampled_from([",", ";", "\t"]))
def test_machine_mode_gives_back_every_value(comment: str, name: str, delimiter: str) -> None:
    data = content(
        {"comment": comment, "contact": CONTACT | {"name": name}}, {}, format="machine", delimiter=delimiter
    )
    first, second = read(data, delimiter)
    assert (first["comment"], first["customer_name"]) == (comment, name)
    assert (first["customer_phone"], second["customer_name"]) == ("+525512345678", "Ana Muñoz Ibáñez")


@given(comment=TEXT, name=TEXT)
def test_spreadsheet_mode_adds_at_most_one_apostrophe(comment: str, name: str) -> None:
    (row,) = read(
        content({"comment": comment, "contact": CONTACT | {"name": name}}, format="spreadsheet"),
        encoding="utf-8-sig",
    )
    assert row["comment"] in (comment, "'" + comment)
    assert row["customer_name"] in (name, "'" + name)
    for value in (row["comment"], row["customer_name"]):
        assert value.strip()[:1] not in ("=", "+", "-", "@") or value.strip() == ""


def test_machine_mode_is_rfc_4180() -> None:
    data = content({"comment": 'Dijo "sí",\nluego no'}, format="machine")
    assert not data.startswith(b"\xef\xbb\xbf")
    head, _, rest = data.partition(b"\r\n")
    assert head.startswith(b"event,number,order_id,")
    assert b'"Dijo ""s\xc3\xad"",\nluego no"' in rest
    assert rest.endswith(b"\r\n")
    assert b"\r\r" not in data


def test_spreadsheet_mode_has_one_byte_order_mark() -> None:
    sheet = Sheet("orders", "spreadsheet", ",", MEXICO)
    first = sheet.take()
    sheet.add(loaded(), "new")
    assert first.startswith(b"\xef\xbb\xbfevent,")
    assert sheet.take().startswith(b"new,P-000123")


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+525512345678",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\tx",
        "\rx",
        "\nx",
        "  =1",
        "\u00a0=1",
        "\u3000＝1",
        "\u200b=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹦1",
        "⁺1",
    ],
)
def test_what_could_run_is_defused(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Ana", "5-6", "a=b", "ñandú", "'=1", " hola", "(=1)", "¿=?", "日本", "_"]
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert defused(text) == text


def test_phones_are_escaped_for_people_only_and_numbers_never() -> None:
    one = loaded(order(lines=(line(total=-500),)))
    rows = {}
    for format in ("machine", "spreadsheet"):
        sheet = Sheet("lines", format, ",", MEXICO)
        sheet.add(one, "new")
        (rows[format],) = read(sheet.take(), encoding="utf-8-sig")
    assert rows["machine"]["customer_phone"] == "+525512345678"
    assert rows["spreadsheet"]["customer_phone"] == "'+525512345678"
    assert rows["machine"]["line_total"] == rows["spreadsheet"]["line_total"] == "-5.00"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_destinations(delimiter: str) -> None:
    data = content({"comment": "uno,dos;tres\tcuatro"}, format="machine", delimiter=delimiter)
    assert data.startswith(f"event{delimiter}number{delimiter}".encode())
    assert read(data, delimiter)[0]["comment"] == "uno,dos;tres\tcuatro"


def test_what_was_taken_is_forgotten() -> None:
    sheet = Sheet("orders", "machine", ",", MEXICO)
    sheet.take()
    sheet.add(loaded(), "new")
    assert sheet.take().count(b"\r\n") == 1
    assert sheet.take() == b""
    assert sheet.rows == 1


def test_one_order_for_the_merchants_mail() -> None:
    made = single_order_csv(loaded(comment="Sin cebolla"), Shop(name="Café Peñafiel & Hijos"))
    assert made.name == "cafe-penafiel-hijos_p-000123.csv"
    (row,) = read(made.content, encoding="utf-8-sig")
    assert (row["number"], row["sku"], row["comment"]) == ("P-000123", "CAFE-1", "Sin cebolla")
    assert row["customer_phone"] == "'+525512345678"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no export format"):
        Sheet("orders", "excel", ",", MEXICO)
