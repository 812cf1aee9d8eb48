"""Price lists in the back office: found, changed under their version, refused at the field, sent as files."""

from typing import Any

import pytest

from comanda import wiring
from comanda.pricelists.model import EVERYONE
from tests.functional.conftest import Call
from tests.functional.screens.test_file_imports import upload
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("F21")
ROOT = "/settings/prices"
FILE = """sku;from_quantity;unit_price;units_per_box;minimum_quantity
CAFE-1;1;80.00;6;
CAFE-1;12;70,50;;
TAZA-1;;;;4
"""


@pytest.fixture(autouse=True)
def shop(aws: None) -> None:
    title = {"es": "Mayoreo", "en": "Wholesale"}
    set_section("customers", groups=[{"code": "mayoreo", "title": title, "percent_ppm": 100_000}])
    stock_product("CAFE-1", price=10_000, units=1000)
    stock_product("TAZA-1", price=3_333, units=1000)


def stored() -> Any:
    return contents()["StockTable"]


def says(call: Call, sku: str = "CAFE-1", group: str = "mayoreo") -> dict[str, Any]:
    found: dict[str, Any] = ask(call, "GET", f"/admin/price-lists/{group}/{sku}").body
    return found


def add(staff: Visitor, **typed: str) -> Seen:
    page = staff.get(f"{ROOT}/mayoreo/add")
    return staff.submit(page, "/mayoreo/add", **typed)


def test_every_group_has_a_list_beside_that_for_everybody() -> None:
    page = staff_at(language="es").get(ROOT)
    assert page.says("Todos")
    assert page.says("Mayoreo 10 %")
    assert staff_at(language="es").get(f"{ROOT}/{EVERYONE}").says("Esta lista aún no dice nada")
    assert staff_at().get(f"{ROOT}/nobody").status == 404


def test_a_price_by_quantity_is_named_changed_and_taken_out(call: Call) -> None:
    staff = staff_at(language="es")
    rows = {"breaks.0.unit_price": "80", "breaks.1.from_quantity": "12", "breaks.1.unit_price": "1,070.50"}
    done = staff.follow(add(staff, sku="CAFE-1", units_per_box="6", **rows))
    assert done.says("Guardado.")
    assert done.says("$100.00 $80.00 · desde 12: $1,070.50 6")
    kept = says(call)
    assert [(one["from_quantity"], one["unit_price"]["amount"]) for one in kept["breaks"]] == [
        (1, 8_000),
        (12, 107_050),
    ]
    page = staff.get(f"{ROOT}/mayoreo/of/CAFE-1")
    staff.follow(
        staff.submit(page, "/of/CAFE-1", **{"breaks.1.from_quantity": "", "breaks.1.unit_price": ""})
    )
    assert (len(says(call)["breaks"]), says(call)["version"]) == (1, 2)
    page = staff.get(f"{ROOT}/mayoreo/of/CAFE-1")
    assert staff.follow(staff.submit(page, "/CAFE-1/remove")).says("ya no está en la lista Mayoreo")
    assert says(call)["breaks"] == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"sku": "NADA"}, "no hay ningún producto con este código"),
        ({"breaks.0.unit_price": "caro"}, "un importe, como 1,250.50"),
        ({"breaks.0.from_quantity": "-2"}, "acepta unidades enteras de 1 a 100000"),
        ({"breaks.1.from_quantity": "1", "breaks.1.unit_price": "7"}, "cada cantidad una vez"),
        ({"units_per_box": "media"}, "acepta unidades enteras"),
        (
            {"breaks.0.unit_price": "", "breaks.0.from_quantity": "", "minimum_quantity": ""},
            "indica un precio, una caja",
        ),
    ],
)
def test_nonsense_is_refused_at_its_field_and_nothing_typed_is_lost(typed: dict[str, str], told: str) -> None:
    before, staff = stored(), staff_at(language="es")
    sent = {"sku": "CAFE-1", "breaks.0.unit_price": "80", "minimum_quantity": "3"} | typed
    seen = add(staff, **sent)
    assert seen.status == 422
    assert seen.says(told)
    shown = seen.form("/mayoreo/add")
    assert {name: shown[name] for name in sent} == sent
    assert stored() == before


def test_whoever_was_overtaken_sees_it_and_keeps_what_was_typed(call: Call) -> None:
    staff = staff_at(language="es")
    add(staff, sku="CAFE-1", **{"breaks.0.unit_price": "80"})
    page = staff.get(f"{ROOT}/mayoreo/of/CAFE-1")
    staff.submit(page, "/of/CAFE-1", **{"breaks.0.unit_price": "81"})
    late = staff.submit(page, "/of/CAFE-1", **{"breaks.0.unit_price": "99"})
    assert late.status == 412
    assert late.says("Alguien")
    assert late.form("/of/CAFE-1")["breaks.0.unit_price"] == "99"
    assert says(call)["breaks"][0]["unit_price"]["amount"] == 8_100


def test_a_file_is_taken_whole_and_given_back_unchanged(call: Call) -> None:
    staff = staff_at(language="es")
    done = staff.follow(upload(staff, f"{ROOT}/mayoreo/import", FILE))
    assert done.says("2 productos tienen precios nuevos; 0 siguen igual.")
    file = staff.get(f"{ROOT}/mayoreo/file.csv").text
    assert file == ask(call, "GET", "/admin/files/prices/mayoreo").text
    assert file.splitlines()[1:] == ["CAFE-1,1,80.00,6,", "CAFE-1,12,70.50,,", "TAZA-1,,,,4"]
    before = stored()
    again = staff.follow(upload(staff, f"{ROOT}/mayoreo/import", file))
    assert again.says("0 productos tienen precios nuevos; 2 siguen igual.")
    assert stored() == before


def test_wrong_cells_are_told_one_by_one_and_nothing_is_taken() -> None:
    before, staff = stored(), staff_at(language="es")
    bad = "sku,from_quantity,unit_price\nCAFE-1,1,caro\n,2,5.00\nTAZA-1,0,<script>alert(1)</script>\n"
    seen = upload(staff, f"{ROOT}/mayoreo/import", bad)
    assert seen.status == 422
    assert seen.says("2 unit_price")
    assert seen.says("3 sku")
    assert "<script>alert" not in seen.text
    assert upload(staff, f"{ROOT}/mayoreo/import", "").says("elige un archivo")
    assert stored() == before


def test_prices_are_for_those_who_may(call: Call) -> None:
    before = stored()
    assert staff_at("picker").get(ROOT).status == 403
    page = staff_at().get(f"{ROOT}/mayoreo/add")
    stranger = staff_at("picker").post(f"{ROOT}/mayoreo/add", page.form("/mayoreo/add"))
    assert stranger.status == 403
    assert staff_at().post(f"{ROOT}/mayoreo/add", {"sku": "CAFE-1"}).status == 403  # without the form's token
    assert ask(call, "GET", "/admin/files/prices/mayoreo", role="picker").status == 403
    assert ask(call, "GET", "/admin/files/prices/nobody").status == 404
    assert stored() == before


def test_a_full_list_is_read_page_by_page() -> None:
    store = wiring.prices()
    from comanda.pricelists.export_prices import export_prices
    from comanda.pricelists.model import Entry

    store.replace([Entry(EVERYONE, f"S-{n:04d}", ((1, n),), version=1) for n in range(700)])
    assert len(export_prices(store, EVERYONE, "MXN").splitlines()) == 701
    first = staff_at().get(f"{ROOT}/{EVERYONE}")
    assert "S-0049" in first.text
    assert "S-0050" not in first.text
    assert "S-0050" in staff_at().get(f"{ROOT}/{EVERYONE}?after=S-0049").text
