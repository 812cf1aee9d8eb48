"""The demo shop is whole: every product can be imported, every picture drawn, every setting taken."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from comanda.settings.methods import Method
from comanda.settings.sections import DEFAULTS, SECTIONS
from comanda.stock.product_csv import read_products
from local.demo.load import destination, holds, sections
from local.stackfile import SHOP

DEMO = Path(__file__).resolve().parents[3] / "local" / "demo"
FILE = read_products((DEMO / "products.csv").read_bytes(), "MXN")
SETTINGS = json.loads((DEMO / "settings.json").read_text())
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "g", "path", "rect", "circle", "ellipse"}
SFTP = {
    "host": "127.0.0.1",
    "port": 2222,
    "username": "merchant",
    "directory": "inbox",
    "host_key": "ssh-ed25519 AAAA",
}


def test_every_row_can_be_imported_without_a_remark():
    assert (FILE.problems, FILE.warnings) == ([], [])
    assert len(FILE.lines) == FILE.rows >= 60


def test_every_product_has_both_names_a_price_and_an_own_barcode():
    for line in FILE.lines:
        assert line.given["name_es"]
        assert line.given["name_en"]
        assert 3_000 <= line.given["price"] <= 400_000
        assert line.given["tax"] in (0, 160_000)
        assert str(line.given["barcode"]).startswith("20")
        assert len(str(line.given["barcode"])) == 13
    assert {line.given["tax"] for line in FILE.lines} == {0, 160_000}
    assert any("ñ" in str(line.given["name_es"]) for line in FILE.lines)


def test_stock_is_plenty_scarce_sold_out_and_not_counted():
    units = [line.given["stock"] for line in FILE.lines]
    counted = [count for count in units if count is not None]
    assert len(units) - len(counted) == 1
    assert counted.count(0) == 1
    assert max(counted) == 200
    assert sum(0 < count <= 3 for count in counted) >= 3


def test_every_picture_is_there_and_every_one_is_used():
    named = {str(line.given["image"]) for line in FILE.lines}
    assert named == {f"images/{path.name}" for path in (DEMO / "images").iterdir()}
    assert len(named) >= 12


@pytest.mark.parametrize("path", sorted((DEMO / "images").iterdir()), ids=lambda path: path.stem)
def test_a_picture_is_a_plain_drawing(path):
    drawing = ET.parse(path).getroot()
    assert drawing.attrib["viewBox"] == "0 0 240 240"
    assert drawing.attrib["aria-label"]
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} <= DRAWN
    assert path.stat().st_size < 4_000


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_section_is_taken_as_it_is(name):
    section = SECTIONS[name].model_validate(DEFAULTS.get(name, {}) | SETTINGS[name])
    assert holds(section.model_dump(mode="json"), SETTINGS[name])


def test_the_shop_is_what_the_description_of_the_system_says():
    assert SETTINGS["checkout"]["approval"] == SHOP["approval"]
    assert (SETTINGS["shop"]["currency"], SETTINGS["shop"]["time_zone"]) == (
        SHOP["currency"],
        SHOP["time_zone"],
    )
    assert [way["code"] for way in SETTINGS["shipping"]["deliveries"]] == ["ship", "pickup"]
    assert SETTINGS["limits"] == {"per_address": 1000, "per_email": 1000}
    offered = {name.removeprefix("payments.") for name in SETTINGS if name.startswith("payments.")}
    assert offered == set(Method) - {Method.STORE_CREDIT}


def test_the_account_number_of_the_instructions_is_well_formed_and_of_no_bank():
    text = SETTINGS["payments.bank_transfer"]["instructions"]["es"]
    clabe = text.split("CLABE ")[1][:18]
    weighted = [int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(clabe[:17])]
    assert clabe.startswith("999")
    assert clabe[17] == str(-sum(weighted) % 10)


def test_customers_come_back_to_the_shop_of_this_system():
    shop = sections({"storefront_url": "http://127.0.0.1:1"})["shop"]
    assert shop["order_url"] == "http://127.0.0.1:1/orders/{order_id}"
    assert holds(SECTIONS["shop"].model_validate(shop).model_dump(mode="json"), shop)


@pytest.mark.parametrize(
    "url", ["orders/{order_id}", "https:///{order_id}", "https://shop.example/orders", "ftp://x/{order_id}"]
)
def test_a_page_of_orders_is_a_web_address_with_the_orders_place(url):
    with pytest.raises(ValueError, match="order_id"):
        SECTIONS["shop"].model_validate({"order_url": url})


def test_the_exports_go_to_the_server_of_this_system():
    exports = sections({"sftp": SFTP})["exports"]
    assert exports == {"destinations": {"sftp": destination(SFTP)}}
    taken = SECTIONS["exports"].model_validate(exports).model_dump(mode="json")
    assert holds(taken, exports)
    assert "exports" not in sections({"sftp": None})


@pytest.mark.parametrize(
    ("found", "wanted", "is_there"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 2]}}, True),
        ({"a": [1, 2]}, {"a": [1]}, False),
        ({"a": [{"x": 1, "y": 2}]}, {"a": [{"x": 1}]}, True),
        ({"a": 1}, {"a": 2}, False),
        ([], {"a": 1}, False),
    ],
)
def test_settings_are_written_only_when_something_differs(found, wanted, is_there):
    assert holds(found, wanted) is is_there
