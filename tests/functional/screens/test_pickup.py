"""The counter in the back office: put aside on the order's page, found by its code, handed over, undone."""

from typing import Any

import pytest

from comanda import wiring
from comanda.orders.pickup_codes import shown_code
from tests.functional.conftest import Call
from tests.functional.edits import confirmed
from tests.functional.pickup.counter import fetched, shop
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import CUSTOMER, place, set_section
from tests.functional.staff import approved, show

pytestmark = pytest.mark.capability("D19", "C08")


@pytest.fixture
def order_id(call: Call) -> str:
    shop()
    return str(fetched(call, customer=CUSTOMER | {"name": "<b>Ana</b>"})["order_id"])


def code_of(order_id: str) -> str:
    return shown_code(wiring.desk().load(order_id).order, wiring.keys())


def put_aside(visitor: Any, order_id: str) -> None:
    page = visitor.get(f"/orders/{order_id}?do=ready-for-pickup")
    sent = visitor.submit(page, f"/orders/{order_id}/ready-for-pickup", shelf="B3 <i>")
    assert sent.status == 303


def test_from_the_page_of_the_order_to_the_hands_of_who_fetches_it(call: Call, order_id: str) -> None:
    visitor = staff_at("staff", language="es")
    page = visitor.get(f"/orders/{order_id}")
    assert page.says("Unidades por apartar para quien recoge el pedido: 2.")
    assert page.says("aún no hace falta")  # the money comes when the goods are fetched
    assert visitor.get("/deliveries").says("por apartar")
    put_aside(visitor, order_id)
    page = visitor.get(f"/orders/{order_id}")
    assert page.says("Unidades que esperan en el mostrador: 2.")
    assert visitor.get("/deliveries").says("en el mostrador")
    assert code_of(order_id) not in page.text
    listed = visitor.get("/pickup")
    assert visitor.submit(listed, "/pickup/find", code="").says("escanea un código, o escríbelo")
    assert listed.says("Ana")
    assert "<b>Ana" not in listed.text
    assert "<i>" not in listed.text.replace("<i></i>", "")
    found = visitor.submit(listed, "/pickup/find", code=code_of(order_id).lower())
    assert found.status == 200
    assert found.says("Código mostrado")
    done = visitor.submit(found, f"/orders/{order_id}/hand-over", name="Luis", paid="on")
    assert (done.status, done.location) == (303, "/back-office/pickup")
    order = show(call, order_id)
    assert (order["fulfilment"], order["payment"]) == ("delivered", "paid")
    assert order["pickup"]["handed_over"][0]["by_code"]
    after = visitor.get("/pickup")
    assert after.says("se entregó a Luis")
    undone = visitor.submit(after, f"/orders/{order_id}/undo/fetched")
    assert undone.status == 303
    assert show(call, order_id)["fulfilment"] == "ready_for_pickup"


def test_a_wrong_code_or_number_says_so_and_keeps_what_was_typed(call: Call, order_id: str) -> None:
    visitor = staff_at("staff", language="es")
    put_aside(visitor, order_id)
    listed = visitor.get("/pickup")
    nobody = visitor.submit(listed, "/pickup/find", code="AAAA-AAAA")
    assert nobody.status == 422
    assert not nobody.says("Quizá se borró")
    assert nobody.says("ningún pedido tiene este código de recogida ni este número")
    assert "AAAA-AAAA" in nobody.text
    page = visitor.get(f"/orders/{order_id}/hand-over")
    wrong = visitor.submit(page, f"/orders/{order_id}/hand-over", number="P-0", name="Luis")
    assert wrong.status == 422
    assert wrong.says("este no es el número del pedido")
    assert "Luis" in wrong.text
    none = {name: "0" for name in page.form("/hand-over") if name.endswith("quantity")}
    empty = visitor.submit(page, f"/orders/{order_id}/hand-over", number="x", name="Luis", **none)
    assert empty.says("indica cuántas unidades se entregan")
    right = visitor.submit(wrong, f"/orders/{order_id}/hand-over", number=show(call, order_id)["number"])
    assert right.status == 303
    again = visitor.get(f"/orders/{order_id}/hand-over")
    assert again.says("Ya se entregó")
    assert again.says("con el número")


def test_it_is_taken_off_the_counter_again(call: Call, order_id: str) -> None:
    visitor = staff_at("staff", language="es")
    put_aside(visitor, order_id)
    sent = visitor.submit(visitor.get(f"/orders/{order_id}"), f"/orders/{order_id}/not-ready")
    assert sent.status == 303
    assert visitor.get("/pickup").says("Nada espera a que lo recojan")


def test_an_order_that_is_fetched_after_all_is_put_aside_on_its_page(call: Call) -> None:
    shop()
    set_section("payments.on_delivery", enabled=True, ship_before_payment=True)
    order_id = str(place(call, payment_method="on_delivery")["order_id"])
    approved(call, order_id)
    visitor = staff_at("staff", language="es")
    assert "do=ready-for-pickup" not in visitor.get(f"/orders/{order_id}").text
    confirmed(call, order_id, {"type": "delivery", "delivery": "pickup"})
    page = visitor.get(f"/orders/{order_id}")
    assert page.says("Unidades por apartar para quien recoge el pedido: 2.")
    assert f"/orders/{order_id}/documents/pickup-slip" in page.text
    put_aside(visitor, order_id)
    assert show(call, order_id)["fulfilment"] == "ready_for_pickup"
