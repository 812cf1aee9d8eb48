"""The stock in the back office: figures, who holds units, counts and corrections."""

import pytest

from comanda import wiring
from comanda.search.project import project
from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask, command

pytestmark = pytest.mark.capability("D22")


def figures(call: Call, sku: str = "CAFE-1") -> dict[str, int]:
    (place,) = ask(call, "GET", f"/admin/stock/{sku}").body["locations"]
    return {name: place[name] for name in ("on_hand", "reserved", "allocated", "available")}


def test_products_are_listed_with_what_can_be_sold(call: Call) -> None:
    stock_product("CAFE-1", units=7)
    stock_product("TAZA-1", units=0)
    page = staff_at().get("/stock")
    assert page.says("CAFE-1")
    assert page.says("for sale")
    assert page.says("sold out")
    found = staff_at().get("/stock?q=TAZA")
    assert found.says("TAZA-1")
    assert not found.says("CAFE-1")


def test_the_shelf_is_set_against_the_orders_that_hold_units(call: Call) -> None:
    stock_product("CAFE-1", units=7)
    placed = place(call, lines=[{"sku": "CAFE-1", "quantity": 2}])
    command(call, placed["order_id"], "verify")
    project(placed["order_id"], wiring.orders().load, wiring.search_tokens())
    page = staff_at(language="es").get("/stock/CAFE-1")
    assert placed["number"] in page.text
    assert page.says("En el estante debe haber 7")


def test_a_count_is_kept_once_though_sent_twice(call: Call) -> None:
    stock_product("CAFE-1", units=7)
    place(call, lines=[{"sku": "CAFE-1", "quantity": 2}])
    staff = staff_at()
    page = staff.get("/stock/CAFE-1")
    done = staff.submit(page, "/count", counted="9")
    staff.submit(page, "/count", counted="9")
    assert staff.follow(done).says("changed the stock by +2")
    assert figures(call) == {"on_hand": 9, "reserved": 2, "allocated": 0, "available": 7}
    assert len(ask(call, "GET", "/admin/stock/CAFE-1/movements").body["items"]) == 1


def test_a_correction_says_why(call: Call) -> None:
    stock_product("CAFE-1", units=7)
    staff = staff_at()
    done = staff.submit(staff.get("/stock/CAFE-1"), "/adjust", delta="-3", reason="damaged")
    assert staff.follow(done).says("damaged")
    assert figures(call)["available"] == 4


@pytest.mark.parametrize(("form", "typed"), [("adjust", {"delta": "dos"}), ("adjust", {"delta": "-6"})])
def test_what_cannot_be_changes_nothing_and_keeps_what_was_typed(
    call: Call, form: str, typed: dict[str, str]
) -> None:
    stock_product("CAFE-1", units=7)
    place(call, lines=[{"sku": "CAFE-1", "quantity": 2}])
    before, staff = figures(call), staff_at()
    seen = staff.submit(staff.get("/stock/CAFE-1"), f"/{form}", **typed)
    assert seen.status in (409, 422)
    assert seen.form(f"/{form}")["delta"] == typed["delta"]
    assert figures(call) == before


def test_units_go_to_another_location(call: Call) -> None:
    set_section("stock", locations=[{"code": "norte"}])
    stock_product("CAFE-1", units=7)
    staff = staff_at()
    sent = {"units": "3", "from": "main", "to": "norte"}
    done = staff.submit(staff.get("/stock/CAFE-1"), "/transfer", **sent)
    page = staff.follow(done)
    assert page.says("The units are at their new location.")
    found = {p["location"]: p["available"] for p in ask(call, "GET", "/admin/stock/CAFE-1").body["locations"]}
    assert found == {"main": 4, "norte": 3}


def test_an_unknown_product_is_not_found(aws: None) -> None:
    assert staff_at().get("/stock/NADA").status == 404


def test_an_empty_shop_says_where_products_come_from(aws: None) -> None:
    assert staff_at(language="es").get("/stock").says("Aún no hay productos")


def test_what_runs_low_is_listed_with_its_threshold_and_who_holds_units(call: Call) -> None:
    set_section("stock", low_stock=5)
    stock_product("CAFE-1", units=7)
    stock_product("TAZA-1", units=50)
    place(call, lines=[{"sku": "CAFE-1", "quantity": 3}])
    wiring.low_stock().publish = lambda event: None
    for sku in ("CAFE-1", "TAZA-1"):
        wiring.low_stock().look_at(sku)
    page = staff_at().get("/stock/low")
    assert page.says("CAFE-1 4 5 3")
    assert not page.says("TAZA-1")
    assert "/back-office/stock/CAFE-1" in page.text
    assert staff_at(language="es").get("/stock/low").says("Apartado por pedidos y carritos")


def test_where_nothing_runs_low_the_list_says_so(aws: None) -> None:
    assert staff_at().get("/stock/low").says("Nothing runs low.")
