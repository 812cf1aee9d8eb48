"""The stock as a file: what it says, that its import takes it back unchanged, and where the next begins."""

import csv
from itertools import count as counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.stock.export_counts import export_counts
from tests.functional.conftest import Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents
from tests.functional.test_import_counts import outcomes, sent
from tests.functional.test_places import tell, wanting

pytestmark = pytest.mark.capability("D22", "F08")
NUMBERS = counter(1)
BINS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)


@pytest.fixture
def shop(clean: None) -> None:
    stock_product(units=10)
    stock_product("TAZA-1", units=4)
    stock_product("VALE-1", units=None)
    set_section("stock", locations=[{"code": "norte"}])


def lines(call: Call, **query: str) -> list[dict[str, str]]:
    answer = ask(call, "GET", "/admin/files/stock", query=query)
    assert answer.status == 200, answer.text
    return list(csv.DictReader(answer.text.removeprefix("\ufeff").splitlines()))


def back(call: Call) -> Any:
    """Send the file as it came."""
    head, *rest = ask(call, "GET", "/admin/files/stock").text.splitlines()
    return sent(call, *rest, header=head)


def test_each_place_has_a_line_with_the_last_count_and_what_lies_there(call: Call, shop: None) -> None:
    sent(call, "CAFE-1,main,12,A-1", "CAFE-1,norte,5,=1+1")
    place(call, lines=wanting(4))
    assert tell(call, "adjust", "a", delta=-3, reason="broken").status == 200
    found = lines(call)
    cafe = {"sku": "CAFE-1", "name": "Café de olla"} | {"allocated": "0"}
    assert [one | {"name": "Café de olla"} for one in found[:2]] == [
        cafe | {"location": "main", "stock": "12", "bin": "A-1"}
        | {"on_hand": "9", "reserved": "4", "available": "5"},
        cafe | {"location": "norte", "stock": "5", "bin": "'=1+1"}
        | {"on_hand": "5", "reserved": "0", "available": "5"},
    ]  # fmt: skip
    assert [(one["sku"], one["stock"], one["on_hand"]) for one in found[2:]] == [("TAZA-1", "", "4")]


def test_the_file_sent_back_changes_nothing_whatever_was_sold_meanwhile(call: Call, shop: None) -> None:
    sent(call, "CAFE-1,main,12,A-1", "CAFE-1,norte,5,-9")
    head, *rest = ask(call, "GET", "/admin/files/stock").text.splitlines()
    place(call, lines=wanting(4))
    tell(call, "adjust", "a", delta=-3, reason="broken")
    before = contents()
    assert outcomes(sent(call, *rest, header=head)) == [("unchanged", 0)] * 3
    assert contents() == before


def test_a_product_in_shards_stands_there_as_a_whole(call: Call, shop: None) -> None:
    assert tell(call, "spread", "s", shards=3).status == 200
    (cafe, _) = lines(call)
    assert (cafe["location"], cafe["on_hand"]) == ("main", "10")
    assert outcomes(back(call)) == [("unchanged", 0)] * 2


def test_a_full_file_says_where_the_next_begins(call: Call, shop: None) -> None:
    sent(call, "CAFE-1,norte,5,")
    made = export_counts(wiring.stock(), "main", most=2)
    assert (made.lines, made.next_sku) == (2, "TAZA-1")
    assert [one["sku"] for one in lines(call, **{"from": made.next_sku})] == ["TAZA-1"]
    assert export_counts(wiring.stock(), "main", most=1).lines == 0  # lines of a product are not torn


def test_staff_fetch_it_from_the_page_and_pickers_do_not(call: Call, shop: None) -> None:
    staff = staff_at(language="es")
    assert "/back-office/stock/file.csv" in staff.get("/stock").text
    got = staff.get("/stock/file.csv?from=TAZA-1")
    assert got.headers["content-disposition"] == 'attachment; filename="stock.csv"'
    assert got.text == ask(call, "GET", "/admin/files/stock", query={"from": "TAZA-1"}).text
    assert ask(call, "GET", "/admin/files/stock", role="picker").status == 403


def test_a_bin_without_a_shape_is_refused(call: Call, shop: None) -> None:
    before = contents()
    assert ask(call, "PUT", "/admin/stock/CAFE-1/bin", {"bin": "A\n1"}).status == 422
    assert contents() == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bin_=BINS, counted=st.none() | st.integers(0, 99))
def test_whatever_bin_and_count_it_is_taken_back_unchanged(
    call: Call, shop: None, bin_: str, counted: int | None
) -> None:
    sku = f"B{next(NUMBERS)}"
    stock_product(sku, units=5)
    if counted is not None:
        sent(call, f"{sku},main,{counted},")
    ask(call, "PUT", f"/admin/stock/{sku}/bin", {"bin": bin_})
    assert {outcome for outcome, _ in outcomes(back(call))} == {"unchanged"}
