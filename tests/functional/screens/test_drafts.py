"""The page on which an order is made, through the real handler: typed, scanned, looked up, placed, quoted."""

from typing import Any

import pytest

from comanda import wiring
from comanda.search.project import project, project_customer
from tests.functional.conftest import Call
from tests.functional.drafts import WHOLE, draft, quoted, withdraw
from tests.functional.products import listed
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import ADDRESS, CUSTOMER, level, place, stock_product
from tests.functional.staff import ask, command
from tests.functional.tables import contents

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
TYPED = {
    "customer.name": "Rosa Díaz",
    "customer.phone": "+52 55 8765 4321",
    "shipping_address.line1": "Calle 5 núm. 12",
    "shipping_address.postal_code": "06700",
    "shipping_address.city": "Cuauhtémoc",
    "shipping_address.country": "MX",
    "delivery": "ship",
    "payment_method": "bank_transfer",
}


@pytest.fixture
def shop(call: Call) -> Call:
    listed("CAFE-1", "Café de Chiapas", barcode="2000000000015")
    listed("TAZA-1", "Taza de barro", price=8900, units=1)
    return call


@pytest.fixture
def staff(shop: Call) -> Visitor:
    return staff_at("staff")


def order_of(seen: Seen) -> str:
    return seen.location.partition("/orders/")[2].partition("/")[0]


def begun(staff: Visitor, **typed: Any) -> tuple[str, Seen]:
    """A draft with one unit of CAFE-1, and its page."""
    sent = staff.submit(staff.get("/new-order"), "/new-order", do="add", code="2000000000015", **typed)
    return order_of(sent), staff.follow(sent)


def send(staff: Visitor, page: Seen, order_id: str, do: str = "save", **typed: Any) -> Seen:
    return staff.submit(page, f"/orders/{order_id}/draft", do=do, **typed)


def stored(order_id: str) -> Any:
    return wiring.desk().load(order_id).order


def lines(order_id: str) -> list[tuple[str, int, int | None]]:
    return [(one.sku, one.quantity, one.unit_price) for one in stored(order_id).draft.lines]


@pytest.mark.capability("D25", "E03")
def test_opening_the_page_writes_nothing_and_the_first_code_begins_the_draft(staff: Visitor) -> None:
    before = contents()
    page = staff.get("/new-order")
    assert page.status == 200
    assert page.says("Nothing yet. Scan a barcode")
    assert contents() == before
    order_id, page = begun(staff, **{"customer.name": "Rosa Díaz"})
    assert lines(order_id) == [("CAFE-1", 1, None)]
    assert page.says("Café de Chiapas")
    assert 'value="Rosa Díaz"' in page.text
    assert page.says("10 left, 9 after this")


@pytest.mark.capability("D25")
def test_the_same_code_again_adds_one_more_and_an_unknown_one_changes_nothing(staff: Visitor) -> None:
    order_id, page = begun(staff)
    page = staff.follow(send(staff, page, order_id, "add", code="cafe-1"))
    assert lines(order_id) == [("CAFE-1", 2, None)]
    before = contents()
    refused = send(staff, page, order_id, "add", code="7501234567890", **{"customer.name": "Rosa"})
    assert refused.status == 422
    assert refused.says("No product on sale has the code or the words “7501234567890”.")
    assert 'value="Rosa"' in refused.text  # what was typed stays
    assert "autofocus" in refused.text.partition('id="code"')[2].partition(">")[0]
    assert contents() == before


@pytest.mark.capability("D25")
def test_words_are_looked_for_and_what_is_typed_is_saved(staff: Visitor) -> None:
    order_id, page = begun(staff)
    sent = send(staff, page, order_id, "add", code="taza bar", **{"customer.name": "Rosa"})
    page = staff.follow(sent)
    assert page.says("Taza de barro")
    assert 'value="add:TAZA-1"' in page.text
    assert 'value="Rosa"' in page.text
    staff.follow(send(staff, page, order_id, "add:TAZA-1"))
    assert [sku for sku, _, _ in lines(order_id)] == ["CAFE-1", "TAZA-1"]


def test_while_one_types_only_what_is_found_is_sent(staff: Visitor) -> None:
    found = staff.get("/new-order/products?code=caf", hx_request="true", hx_request_type="partial")
    assert found.text.count("<button") == 1
    assert "<html" not in found.text
    assert 'hx-post="' not in found.text
    there = staff.get("/new-order/products?code=caf&draft=abc", hx_request_type="partial")
    assert 'hx-post="/back-office/orders/abc/draft"' in there.text
    assert staff.get("/new-order/products?code=zzz").says("No product on sale has these words.")
    assert "panel" not in staff.get("/new-order/products?code=c", hx_request_type="partial").text
    spoilt = staff.get("/new-order/products?code=caf&draft=%22%3E%3Cscript", hx_request_type="partial")
    assert "script" not in spoilt.text


@pytest.mark.capability("A20", "D25")
def test_units_own_prices_and_removal(staff: Visitor) -> None:
    order_id, page = begun(staff)
    typed = {"lines.0.quantity": "3", "lines.0.price": "100.50"}
    page = staff.follow(send(staff, page, order_id, **typed))
    assert lines(order_id) == [("CAFE-1", 3, 10050)]
    assert page.says("$301.50")
    refused = send(staff, page, order_id, **{"lines.0.quantity": "many"})
    assert refused.status == 422
    assert lines(order_id) == [("CAFE-1", 3, 10050)]
    staff.follow(send(staff, page, order_id, "remove:CAFE-1"))
    assert lines(order_id) == []


@pytest.mark.capability("D25")
def test_what_is_typed_is_priced_before_anything_is_written(staff: Visitor) -> None:
    order_id, page = begun(staff)
    before = contents()
    action = f"/orders/{order_id}/draft"
    fields = page.form(action) | {"lines.0.quantity": "12", "delivery": "ship"}
    seen = staff.post(f"{action}/preview", fields, hx_request_type="partial")
    assert seen.status == 200
    assert seen.says("$1,392.00")
    assert seen.says("only 10 left: 2 too many")
    assert seen.text.count('hx-swap-oob="true"') == 3
    assert contents() == before
    unread = staff.post(f"{action}/preview", fields | {"lines.0.price": "free"}, hx_request_type="partial")
    assert unread.says("an amount, such as 1,250.50")
    fresh = staff.post("/new-order/preview", {k: v for k, v in fields.items() if k != "_version"})
    assert fresh.says("$1,392.00")


@pytest.mark.capability("D25", "D23")
def test_a_known_customer_is_found_and_brings_contact_and_address(shop: Call, staff: Visitor) -> None:
    order_id = place(shop)["order_id"]
    assert command(shop, order_id, "verify").status == 200  # a guest's word about an address is not taken
    order = wiring.desk().load(order_id).order
    project(order_id, wiring.orders().load, wiring.search_tokens())
    project_customer(order.customer_id, wiring.customers().load, wiring.customer_tokens())
    order_id, page = begun(staff)
    page = staff.follow(send(staff, page, order_id, "who", who="Muñ"))
    assert page.says("Ana Muñoz")
    page = staff.follow(send(staff, page, order_id, f"take:{order.customer_id}"))
    texts = wiring.desk().load(order_id)
    assert texts.text("contact")["email"] == CUSTOMER["email"]
    assert texts.text("shipping") == ADDRESS
    fresh = staff.get(f"/new-order?customer={order.customer_id}")
    assert CUSTOMER["email"] in fresh.text
    assert ADDRESS["line1"] in fresh.text
    assert staff.get("/new-order?customer=nobody").status == 404
    nobody = staff.get("/new-order/customers?who=nobody", hx_request_type="partial")
    assert nobody.says("Nobody fits. Write the contact below; a telephone number is enough.")


@pytest.mark.capability("D25", "E03")
def test_an_order_by_telephone_is_placed_from_the_page(staff: Visitor) -> None:
    order_id, page = begun(staff)
    refused = staff.follow(send(staff, page, order_id, "place", **{"lines.0.quantity": "2"}))
    assert refused.says("It is saved, but not complete yet")
    assert refused.says("Choose how it is paid.")
    assert lines(order_id) == [("CAFE-1", 2, None)]
    unknown = send(staff, staff.get(f"/orders/{order_id}/draft?check=1"), order_id, "add", code="0000")
    assert unknown.says("No product on sale has the code or the words “0000”.")
    page = staff.follow(send(staff, refused, order_id, **TYPED))
    assert not page.says("Still missing")
    unreached = staff.follow(send(staff, page, order_id, "place"))
    assert unreached.says("tick that you reached the customer")
    assert level()["reserved"] == 0
    done = send(staff, unreached, order_id, "place", verified="on")
    assert done.location.endswith(f"/orders/{order_id}")
    order = stored(order_id)
    assert (order.lifecycle, order.verified, order.channel) == ("placed", True, "phone")
    assert level()["reserved"] == 2
    assert staff.get(f"/orders/{order_id}/draft").location.endswith(f"/orders/{order_id}")


def test_a_double_click_places_once(staff: Visitor) -> None:
    order_id, page = begun(staff, **TYPED)
    fields = page.form(f"/orders/{order_id}/draft") | {"do": "place", "verified": "on"}
    first = staff.post(f"/orders/{order_id}/draft", fields)
    after = stored(order_id)
    again = staff.post(f"/orders/{order_id}/draft", fields)
    assert first.location == again.location
    assert stored(order_id) == after


def test_a_total_that_nobody_has_seen_is_not_placed(staff: Visitor) -> None:
    order_id, page = begun(staff, **TYPED)
    asked = send(staff, page, order_id, "place", verified="on", **{"lines.0.quantity": "5"})
    page = staff.follow(asked)
    assert page.says("look at it, then place it")
    assert stored(order_id).lifecycle == "draft"
    assert level()["reserved"] == 0


@pytest.mark.capability("F18")
def test_a_quotation_is_sent_kept_while_nothing_changes_withdrawn_and_placed(staff: Visitor) -> None:
    order_id, page = begun(staff, **(TYPED | {"customer.email": "rosa@example.com"}))
    page = staff.follow(send(staff, page, order_id, "quote"))
    assert page.says("Its prices are promised until")
    stock_product("CAFE-1", price=99900, barcode="2000000000015")
    page = staff.follow(send(staff, page, order_id))
    assert stored(order_id).lifecycle == "quoted"  # saved as it was: nothing is different
    page = staff.follow(send(staff, page, order_id, "withdraw"))
    assert stored(order_id).lifecycle == "draft"
    page = staff.follow(send(staff, page, order_id, "quote"))
    page = staff.follow(send(staff, page, order_id, comment="por favor de mañana"))
    assert stored(order_id).lifecycle == "draft"
    page = staff.follow(send(staff, page, order_id, "quote"))
    promised = stored(order_id).totals
    stock_product("CAFE-1", price=100, barcode="2000000000015")
    staff.follow(send(staff, staff.get(f"/orders/{order_id}/draft"), order_id, "place", verified="on"))
    assert (stored(order_id).lifecycle, stored(order_id).totals) == ("placed", promised)


def test_a_quotation_needs_a_day_and_an_address_to_mail_to(staff: Visitor) -> None:
    order_id, page = begun(staff, **TYPED)
    before = contents()
    refused = send(staff, page, order_id, "quote", expires_on="soon")
    assert refused.status == 422
    assert refused.says("Choose the day until which the prices hold.")
    assert contents() == before
    page = staff.follow(send(staff, page, order_id, "quote"))
    assert page.says("It is saved, but not complete yet") or page.says("e-mail")
    assert stored(order_id).lifecycle == "draft"


@pytest.mark.capability("E04", "F24")
def test_salesperson_and_tags_are_set_on_the_same_page(staff: Visitor) -> None:
    from tests.functional.shop import set_section

    set_section("sales", people=[{"user": "user-staff", "name": "Luz"}])
    order_id, page = begun(staff, assigned="Luz", tags="mayoreo vip")
    assert (stored(order_id).assigned, stored(order_id).tags) == ("Luz", ("mayoreo", "vip"))
    page = staff.follow(send(staff, page, order_id, tags="vip", assigned=""))
    assert (stored(order_id).assigned, stored(order_id).tags) == ("", ("vip",))


def test_a_draft_is_given_up(staff: Visitor) -> None:
    order_id, page = begun(staff)
    page = staff.follow(send(staff, page, order_id, "discard"))
    assert page.says("is given up")
    assert stored(order_id).lifecycle == "cancelled"


def test_a_colleagues_change_is_not_overwritten(staff: Visitor) -> None:
    order_id, _ = begun(staff)
    page, theirs = (staff.get(f"/orders/{order_id}/draft") for _ in range(2))
    staff.follow(send(staff, theirs, order_id, comment="first"))
    before = contents()
    refused = send(staff, page, order_id, comment="second")
    assert refused.status == 412
    assert refused.says("Somebody changed it meanwhile")
    assert "second" in refused.text
    assert contents() == before


@pytest.mark.capability("D28")
def test_a_repeated_order_names_what_is_gone_and_what_costs_otherwise(shop: Call, staff: Visitor) -> None:
    wanted = [{"sku": "CAFE-1", "quantity": 2}, {"sku": "TAZA-1", "quantity": 1}]
    order_id = place(shop, lines=wanted)["order_id"]
    withdraw("TAZA-1")
    listed("CAFE-1", "Café de Chiapas", price=12000)
    page = staff.get(f"/orders/{order_id}")
    sent = staff.submit(page, f"/orders/{order_id}/repeat")
    assert sent.location.endswith("/draft")
    page = staff.follow(sent)
    assert page.says("No longer for sale: 1 × Taza de barro")
    assert page.says("CAFE-1 cost MX$116.00 then, MX$120.00 now")
    assert lines(order_of(sent)) == [("CAFE-1", 2, None)]


def test_free_text_comes_out_escaped(staff: Visitor) -> None:
    hostile = {name: HOSTILE for name in TYPED if name.startswith(("customer.n", "shipping_address.l"))}
    more = {"comment": HOSTILE, "purchase_order": HOSTILE, "customer.company": HOSTILE}
    order_id, page = begun(staff, **(hostile | more))
    for seen in (page, staff.get("/drafts"), send(staff, page, order_id, "add", code=HOSTILE)):
        assert "<img src=x" not in seen.text
        assert "<script>alert" not in seen.text
    assert HOSTILE.partition(">")[2][:5] not in staff.get("/new-order/products?code=" + "%3Cscript%3E").text


@pytest.mark.parametrize("action", ["/new-order", "/new-order/preview"])
def test_without_its_token_nothing_is_taken(staff: Visitor, action: str) -> None:
    order_id, page = begun(staff)
    before = contents()
    fields = page.form(f"/orders/{order_id}/draft") | {"_csrf": "spoilt", "do": "add", "code": "CAFE-1"}
    for where in (action, f"/orders/{order_id}/draft", f"/orders/{order_id}/draft/preview"):
        assert staff.post(where, fields).status == 403
    assert contents() == before


def test_drafts_and_quotations_are_listed(shop: Call, staff: Visitor) -> None:
    empty = staff.get("/drafts")
    assert empty.says("No drafts")
    one, other = draft(shop, customer=CUSTOMER)["order"], quoted(shop, **WHOLE)
    page = staff.get("/drafts")
    assert f"/orders/{one['order_id']}/draft" in page.text
    assert other["number"] not in page.text
    page = staff.get("/drafts?show=quoted")
    assert page.says(other["number"])
    assert staff.get("/drafts?show=other").status == 422
    assert staff.get("/drafts?show=carts&cursor=x").status == 422
    assert ask(shop, "GET", "/admin/orders", query={"lifecycle": "draft"}).body["items"]


@pytest.mark.capability("A20")
def test_a_discount_and_a_surcharge_by_hand(staff: Visitor) -> None:
    order_id, page = begun(staff, **TYPED)
    typed = {
        "charges.0.type": "discount",
        "charges.0.amount": "16",
        "charges.0.title": "Por la demora",
    }
    page = staff.follow(send(staff, page, order_id, **typed))
    more = {"charges.1.type": "surcharge", "charges.1.amount": "10.50", "charges.1.title": "Envoltura"}
    page = staff.follow(send(staff, page, order_id, **more))
    totals = stored(order_id).totals
    assert (totals.discount, totals.surcharge) == (1600, 1050)
    assert page.says("Por la demora")
    unnamed = send(staff, page, order_id, **{"charges.2.amount": "5"})
    assert unnamed.status == 422
    assert unnamed.says("Say what it is for; the customer reads it.")
    beyond = send(staff, page, order_id, **{"charges.0.amount": "500"})
    assert beyond.status == 422
    assert stored(order_id).totals == totals
    page = staff.get(f"/orders/{order_id}/draft")
    send(staff, page, order_id, "place", verified="on")
    assert stored(order_id).totals == totals
    assert [(one.kind, one.amount) for one in stored(order_id).charges if one.kind != "shipping"] == [
        ("discount", 1600),
        ("surcharge", 1050),
    ]


@pytest.mark.capability("D25", "F18")
def test_the_page_of_an_unplaced_order_leads_to_its_draft(shop: Call, staff: Visitor) -> None:
    offered = quoted(shop, **WHOLE)["order_id"]
    page = staff.get(f"/orders/{offered}")
    assert page.says("The customer is to accept the quotation.")
    assert f'href="/back-office/orders/{offered}/draft"' in page.text
    assert page.says("Mail to the customer: quotation")
    assert not page.says("It is a draft or a quotation: place it first.")
    assert 'class="way"' not in page.text
