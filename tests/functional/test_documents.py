"""The papers of an order over the staff API, and from its page."""

import base64

import pytest

from tests.functional.conftest import Answer, Call
from tests.functional.papers_world import Functions, printing_here
from tests.functional.screens.order_page import at
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, ask, command, show
from tests.unit.documents.papers import text_of


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    return printing_here(monkeypatch)


@pytest.fixture
def order_id(call: Call) -> str:
    stock_product()
    return str(place(call)["order_id"])


@pytest.fixture
def paid(call: Call, order_id: str) -> str:
    approved(call, order_id)
    assert command(call, order_id, "mark-paid", {"reference": "SPEI 778"}).status == 200
    return order_id


def document(call: Call, order_id: str, kind: str, role: str = "staff", **query: str) -> Answer:
    return ask(call, "GET", f"/admin/orders/{order_id}/documents/{kind}", role=role, query=query)


def told(answer: Answer) -> str:
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return text_of(base64.b64decode(answer.text))


@pytest.mark.capability("D09", "D29", "D31")
@pytest.mark.parametrize("kind", ["order", "packing-slip", "receipt"])
def test_a_paper_comes_as_pdf(kind: str, call: Call, paid: str, functions: Functions) -> None:
    answer = document(call, paid, kind)
    number = show(call, paid)["number"]
    assert answer.headers["content-disposition"] == f'attachment; filename="{kind}-{number}.pdf"'
    text = told(answer)
    for part in (number, "Ana Muñoz", "Café CAFE-1"):
        assert part in text
    assert ("$232.00" in text) == (kind != "packing-slip")


@pytest.mark.capability("D19")
def test_who_fetches_the_goods_signs_for_them(call: Call, functions: Functions) -> None:
    stock_product()
    order_id = str(place(call, delivery="pickup", shipping_address=None)["order_id"])
    approved(call, order_id)
    command(call, order_id, "mark-paid", {})
    assert "Nota de recogida" in told(document(call, order_id, "pickup-slip"))


@pytest.mark.capability("D30")
def test_format_and_language_are_the_shops_and_the_orders_unless_asked(
    call: Call, paid: str, functions: Functions
) -> None:
    assert "Nota de entrega" in told(document(call, paid, "packing-slip"))
    assert functions.asked[-1]["papers"]["format"] == "letter"
    set_section("documents", format="thermal")
    assert "Packing slip" in told(document(call, paid, "packing-slip", lang="en"))
    assert functions.asked[-1]["papers"]["format"] == "thermal"
    told(document(call, paid, "packing-slip", format="a4"))
    assert functions.asked[-1]["papers"]["format"] == "a4"


def test_what_the_shop_says_stands_on_its_papers(call: Call, paid: str, functions: Functions) -> None:
    set_section(
        "documents",
        sender="Barro y Lana S.A.\nRFC BLA010203AB1",
        footer={"es": "Gracias por tu compra", "en": ""},
    )
    text = told(document(call, paid, "order"))
    assert "RFC BLA010203AB1" in text
    assert "Gracias por tu compra" in text


def test_the_same_paper_twice_is_the_same_file(call: Call, paid: str, functions: Functions) -> None:
    assert document(call, paid, "order").text == document(call, paid, "order").text


@pytest.mark.parametrize(
    ("path", "query", "status", "type"),
    [
        ("banana", {}, 404, "not-found"),
        ("order", {"format": "a3"}, 422, "invalid"),
        ("order", {"lang": "fr"}, 422, "invalid"),
    ],
)
def test_what_there_is_not_is_refused(
    path: str, query: dict, status: int, type: str, call: Call, paid: str, functions: Functions
) -> None:
    answer = document(call, paid, path, **query)
    assert (answer.status, answer.body["type"]) == (status, type)
    assert functions.asked == []


@pytest.mark.parametrize(
    ("kind", "guard"),
    [("receipt", "nothing-received"), ("packing-slip", "not-approved"), ("pickup-slip", "not-approved")],
)
def test_an_order_that_is_not_so_far_has_no_such_paper(
    kind: str, guard: str, call: Call, order_id: str, functions: Functions
) -> None:
    before = show(call, order_id)
    answer = document(call, order_id, kind)
    assert (answer.status, answer.body["type"], answer.body["guard"]) == (409, "wrong-state", guard)
    assert functions.asked == []
    assert show(call, order_id) == before


def test_an_order_tells_which_papers_it_can_have(call: Call, order_id: str) -> None:
    assert [one["kind"] for one in show(call, order_id)["documents"]] == ["order"]
    approved(call, order_id)
    command(call, order_id, "mark-paid", {})
    assert show(call, order_id)["documents"] == [
        {"kind": kind, "path": f"/admin/orders/{order_id}/documents/{kind}"}
        for kind in ("order", "packing-slip", "receipt")
    ]


def test_nobody_prints_what_is_not_there(call: Call, functions: Functions) -> None:
    assert document(call, "nothing", "order").status == 404


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("staff", 200), ("picker", 403), ("", 403)])
def test_papers_are_printed_by_those_who_see_orders(
    role: str, status: int, call: Call, paid: str, functions: Functions
) -> None:
    assert document(call, paid, "order", role).status == status


def test_a_press_that_is_busy_is_asked_again_later(call: Call, paid: str, functions: Functions) -> None:
    functions.fault = "TooManyRequestsException"
    answer = document(call, paid, "order")
    assert (answer.status, answer.body["type"]) == (503, "busy")


def test_a_press_that_fails_is_our_fault(call: Call, paid: str, functions: Functions) -> None:
    functions.broken = True
    assert document(call, paid, "order").status == 500


@pytest.mark.capability("D29", "D31")
def test_the_orders_page_prints_what_can_be_printed(call: Call, order_id: str, functions: Functions) -> None:
    staff = staff_at()
    page = at(staff, order_id)
    assert f"/orders/{order_id}/documents/order?format=thermal" in page.text
    assert "/documents/packing-slip" not in page.text
    assert page.says("The order has not been approved.")
    assert page.says("Nothing was paid for this order.")
    shown = staff.get(f"/orders/{order_id}/documents/order?format=a4")
    assert shown.status == 200
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-disposition"].startswith("inline;")
    refused = staff.get(f"/orders/{order_id}/documents/receipt")
    assert refused.status == 409
