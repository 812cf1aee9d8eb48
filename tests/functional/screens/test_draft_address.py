"""The delivery address where an order is made: what the check says of it, and one click to follow."""

import pytest

from comanda import wiring
from tests.functional.screens.test_drafts import HOSTILE, TYPED, begun, send, shop, staff, stored
from tests.functional.screens.visitor import Visitor
from tests.functional.tables import contents

__all__ = ["shop", "staff"]  # fixtures
pytestmark = pytest.mark.capability("D34", "D25")
BAD = TYPED | {"shipping_address.postal_code": "6700", "shipping_address.city": "cuauhtemoc"}
USE = "Use this address"


def place_of(order_id: str) -> dict[str, str]:
    return dict(wiring.desk().load(order_id).text("shipping") or {})


def test_one_click_takes_the_suggestion_and_keeps_all_else(staff: Visitor) -> None:
    order_id, page = begun(staff)
    saved = staff.follow(send(staff, page, order_id, **BAD))
    assert saved.says(USE)
    assert saved.says("06700")
    assert saved.form("/draft")["shipping_address.postal_code"] == "6700"  # what was typed stays
    after = staff.follow(send(staff, saved, order_id, "suggested"))
    place = place_of(order_id)
    assert (place["postal_code"], place["line1"]) == ("06700", TYPED["shipping_address.line1"])
    assert place["state"] == "Ciudad de México"  # by the code as it is meant, not as it was typed
    assert after.form("/draft")["shipping_address.postal_code"] == "06700"
    assert after.form("/draft")["customer.name"] == "Rosa Díaz"
    assert not after.says(USE)


def test_it_is_said_while_one_types_and_nothing_is_written(staff: Visitor) -> None:
    order_id, page = begun(staff)
    before = contents()
    fields = page.form("/draft") | BAD
    told = staff.post(f"/orders/{order_id}/draft/preview", fields)
    assert 'id="address-hint" hx-swap-oob="true"' in told.text
    assert told.says(USE)
    assert f'hx-post="/back-office/orders/{order_id}/draft"' in told.text
    fine = fields | {"shipping_address.postal_code": "06700", "shipping_address.city": "Cuauhtémoc"}
    fine |= {"shipping_address.state": "Ciudad de México"}
    assert not staff.post(f"/orders/{order_id}/draft/preview", fine).says("as it stands")
    assert contents() == before


def test_on_a_page_where_nothing_is_written_yet_it_begins_the_draft(staff: Visitor) -> None:
    page = staff.get("/new-order")
    assert not page.says(USE)
    told = staff.post("/new-order/preview", page.form("/new-order") | BAD)
    assert told.says(USE)
    sent = staff.submit(page, "/new-order", do="suggested", **BAD)
    order_id = sent.location.partition("/orders/")[2].partition("/")[0]
    assert place_of(order_id)["postal_code"] == "06700"


def test_what_is_fetched_or_not_begun_is_not_judged(staff: Visitor) -> None:
    order_id, page = begun(staff)
    assert not page.says("as it stands")
    fetched = staff.follow(send(staff, page, order_id, **BAD | {"delivery": "pickup"}))
    assert not fetched.says(USE)


def test_nothing_is_hindered_by_it(staff: Visitor) -> None:
    order_id, page = begun(staff)
    odd = TYPED | {"shipping_address.line1": "Domicilio sin calle"}
    saved = staff.follow(send(staff, page, order_id, **odd))
    assert saved.says("The street has no number.")
    assert saved.says("It can be ordered as it stands.")
    page = staff.follow(send(staff, saved, order_id, "suggested"))
    assert place_of(order_id)["line1"] == "Domicilio sin calle"
    placed = send(staff, page, order_id, "place", verified="on")
    assert placed.location.endswith(f"/orders/{order_id}")
    assert stored(order_id).lifecycle == "placed"


def test_a_hostile_address_comes_out_escaped(staff: Visitor) -> None:
    order_id, page = begun(staff)
    hostile = BAD | {"shipping_address.line1": HOSTILE, "shipping_address.line2": HOSTILE}
    saved = staff.follow(send(staff, page, order_id, **hostile))
    assert saved.says(USE)
    assert HOSTILE not in saved.text
    assert stored(order_id).lifecycle == "draft"


def test_it_is_said_in_spanish(staff: Visitor) -> None:
    staff.language = "es"
    order_id, page = begun(staff)
    saved = staff.follow(send(staff, page, order_id, **BAD))
    assert saved.says("Usar esta dirección")
    assert saved.says("Se puede pedir tal como está.")
