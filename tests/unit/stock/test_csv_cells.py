"""How the cells of a product file are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.stock import csv_cells
from comanda.stock.csv_numbers import Misread


@pytest.mark.parametrize(
    ("text", "digits", "amount"),
    [
        ("1234.50", 2, 123450),
        ("1234,50", 2, 123450),
        ("1.234,50", 2, 123450),
        ("1,234.50", 2, 123450),
        ("1 234,5", 2, 123450),
        ("1.234.567", 2, 123456700),
        ("$ 89", 2, 8900),
        ("MXN 89.9", 2, 8990),
        ("89.90 mxn", 2, 8990),
        ("0", 2, 0),
        ("0.5", 2, 50),
        ("12.5000", 2, 1250),
        ("0.120", 2, 12),
        ("1.500", 0, 1500),
        ("1500", 0, 1500),
        ("1.234", 3, 1234),
    ],
)
def test_price_is_read(text, digits, amount):
    assert csv_cells.price(text, digits) == amount


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty: write 0 for something that is free"),
        ("1,234", "could be 1234 or have decimals: write 1234 or 1,23"),
        ("1.000", "could be 1000 or have decimals: write 1000 or 1.00"),
        ("12.345", "could be 12345 or have decimals: write 12345 or 12.34"),
        ("12.3456", "has more than 2 decimals"),
        ("-5", "'-5' is not a number"),
        ("12,34.50", "'12,34.50' is not a number"),
        ("1,2,3", "'1,2,3' is not a number"),
        ("1.2,3.4", "'1.2,3.4' is not a number"),
        ("abc", "'abc' is not a number"),
        (".5", "'.5' is not a number"),
        ("5.", "'5.' is not a number"),
        ("١٢", "'١٢' is not a number"),
        ("USD 5", "'USD 5' is not a number"),
        ("9999999999999", "is too large"),
    ],
)
def test_price_that_could_mean_anything_is_refused(text, said):
    with pytest.raises(Misread) as caught:
        csv_cells.price(text, 2)
    assert str(caught.value) == said


@given(st.integers(0, 10**11), st.sampled_from([".", ","]), st.sampled_from(["", "$", "MXN "]))
def test_every_price_written_plainly_comes_back(amount, mark, currency):
    text = f"{currency}{amount // 100}{mark}{amount % 100:02d}"
    assert csv_cells.price(text, 2) == amount


@given(st.integers(1_000, 10**9), st.sampled_from([(",", "."), (".", ","), (" ", ",")]))
def test_every_price_with_thousands_set_apart_comes_back(amount, marks):
    thousands, mark = marks
    text = f"{amount // 100:,}".replace(",", thousands) + f"{mark}{amount % 100:02d}"
    assert csv_cells.price(text, 2) == amount


READINGS = {
    "sku": csv_cells.sku,
    "barcode": csv_cells.barcode,
    "name": csv_cells.name,
    "tax": csv_cells.tax,
    "weight": csv_cells.weight,
    "stock": csv_cells.stock,
    "image": csv_cells.image,
    "pesos": lambda text: csv_cells.price(text, 2),
    "yen": lambda text: csv_cells.price(text, 0),
    "dinars": lambda text: csv_cells.price(text, 3),
}


@given(st.sampled_from(sorted(READINGS)), st.text(max_size=30) | st.from_regex(r"[0-9., kgE+%-]{0,9}"))
def test_any_text_is_either_read_or_refused_with_a_reason(kind, text):
    try:
        value = READINGS[kind](text)
    except Misread as refused:
        value = str(refused)
    assert value is None or isinstance(value, str) or value >= 0


@pytest.mark.parametrize(
    ("text", "ppm"),
    [
        ("16", 160_000),
        ("16%", 160_000),
        ("16 %", 160_000),
        ("16.0", 160_000),
        ("16,5", 165_000),
        ("0", 0),
        ("0%", 0),
        ("0.5%", 5_000),
        ("1", 10_000),
        ("100", 1_000_000),
    ],
)
def test_tax_is_a_percentage(text, ppm):
    assert csv_cells.tax(text) == ppm


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty: write 0 for something without tax"),
        ("0.16", "is a percentage: write 16 for sixteen per cent, or 0.5% for half of one"),
        ("101", "is more than 100 %"),
        ("IVA", "'IVA' is not a number"),
        ("%", "'' is not a number"),
    ],
)
def test_tax_that_is_no_percentage_is_refused(text, said):
    with pytest.raises(Misread) as caught:
        csv_cells.tax(text)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("", 0),
        ("250", 250),
        ("250 g", 250),
        ("250g", 250),
        ("1.2 kg", 1200),
        ("1,2kg", 1200),
        ("1.200 KG", 1200),
        ("0.055 kg", 55),
        ("3 kg", 3000),
        ("1,200", 1200),
    ],
)
def test_weight_is_read_in_grams(text, grams):
    assert csv_cells.weight(text) == grams


@pytest.mark.parametrize("text", ["1.2", "2 lb", "kg", "1.2345 kg", "-5", "1.2.3 kg", "5000 kg", "1 . 2 kg"])
def test_weight_that_is_unclear_is_refused(text):
    with pytest.raises(Misread):
        csv_cells.weight(text)


@pytest.mark.parametrize(("text", "units"), [("", None), ("0", 0), ("25", 25), ("007", 7)])
def test_stock_is_whole_units_or_not_counted(text, units):
    assert csv_cells.stock(text) == units


@pytest.mark.parametrize("text", ["-1", "1.0", "1,000", "many", "99999999999", "²"])
def test_stock_that_is_no_count_is_refused(text):
    with pytest.raises(Misread):
        csv_cells.stock(text)


def test_check_digits_of_published_barcodes():
    assert csv_cells.barcode_doubt("4006381333931") == ""  # EAN-13
    assert csv_cells.barcode_doubt("96385074") == ""  # EAN-8
    assert csv_cells.barcode_doubt("036000291452") == ""  # UPC-A
    assert csv_cells.barcode_doubt("4006381333932") == "the check digit of this EAN-13 should be 1"
    assert csv_cells.barcode_doubt("12345") == "has 5 digits; EAN and UPC have 8, 12, 13 or 14"
    assert csv_cells.barcode_doubt("ABC-1") == ""


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_check_digit_shows_any_single_wrong_digit(digits, place, off):
    code = digits + str(csv_cells.check_digit(digits))
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    assert csv_cells.barcode_doubt(code) == ""
    assert "check digit" in csv_cells.barcode_doubt(wrong)


@pytest.mark.parametrize("text", ["7.50123E+12", "7,5E12"])
def test_a_number_rounded_by_a_spreadsheet_is_recognised(text):
    for read in (csv_cells.sku, csv_cells.barcode):
        with pytest.raises(Misread, match="spreadsheet"):
            read(text)


@pytest.mark.parametrize("text", ["a#b", "a b", "a/b", "ñ", "-a", "x" * 65, "a\nb"])
def test_sku_that_is_not_safe_in_an_address_is_refused(text):
    with pytest.raises(Misread):
        csv_cells.sku(text)


@pytest.mark.parametrize("text", ["", "mug.svg", "images/mug.svg", "https://cdn.example.com/mug.png?v=2"])
def test_image_is_an_address_or_a_path(text):
    assert csv_cells.image(text) == text


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "http://example.com/a.png", "../a.png", "/etc/a.png"]
)
def test_image_from_elsewhere_is_refused(text):
    with pytest.raises(Misread):
        csv_cells.image(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Caf\N{REPLACEMENT CHARACTER}", "has lost a character on its way; save the sheet as CSV (UTF-8)"),
        ("Café\nde olla", "contains a line break or another invisible character"),
        ("x" * 201, "has 201 characters, at most 200 are kept"),
    ],
)
def test_name_that_is_damaged_is_refused(text, said):
    with pytest.raises(Misread) as caught:
        csv_cells.name(text)
    assert str(caught.value) == said
