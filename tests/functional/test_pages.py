"""The pages behind mailed links, as a browser gets them."""

import pytest

from comanda import wiring
from tests.functional.shop import place, stock_product
from tests.functional.test_verify_and_approve import mailed

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "es-MX,es;q=0.9"}
FORM = BROWSER | {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.capability("A06", "A11")
def test_opening_the_link_changes_nothing_and_its_button_verifies(call):
    stock_product()
    order_id = place(call)["order_id"]
    token = mailed(order_id, "verification", "verify")
    before = wiring.desk().load(order_id).order
    shown = call("verify_email", "GET", "/verify-email", headers=BROWSER, query={"token": token})
    assert shown.status == 200, shown.text
    assert "Verificar usuario" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert wiring.desk().load(order_id).order == before
    done = call("verify_email", "POST", "/verify-email", f"token={token}", headers=FORM)
    assert done.status == 200, done.text
    assert done.headers["set-cookie"].startswith("customer=")
    assert wiring.desk().load(order_id).order.verified
    again = call("verify_email", "GET", "/verify-email", headers=BROWSER, query={"token": token})
    assert again.status == 410
    assert "Este enlace ya se us" in again.text


@pytest.mark.capability("A08")
def test_the_merchant_decides_on_a_page_without_script(call):
    stock_product()
    order_id = place(call)["order_id"]
    call("verify_email", "POST", "/verify-email", {"token": mailed(order_id, "verification", "verify")})
    token = mailed(order_id, "merchant_order", "approve")
    shown = call("approve_order", "GET", "/approve-order", headers=BROWSER, query={"token": token})
    assert shown.status == 200, shown.text
    assert "Ana Muñoz" in shown.text
    assert not wiring.desk().load(order_id).order.approved
    done = call("approve_order", "POST", "/approve-order", f"token={token}&decision=approve", headers=FORM)
    assert done.status == 200, done.text
    assert wiring.desk().load(order_id).order.approved


@pytest.mark.capability("C01")
def test_the_token_moves_from_the_address_into_a_cookie(call):
    stock_product()
    placed = place(call)
    path = f"/orders/{placed['order_id']}"
    first = call("customer_order", "GET", path, headers=BROWSER, query={"token": placed["access_token"]})
    assert first.status == 303, first.text
    cookie = first.headers["set-cookie"].split(";")[0]
    assert "token" not in first.headers["location"]
    shown = call("customer_order", "GET", path, headers=BROWSER | {"Cookie": cookie})
    assert shown.status == 200, shown.text
    assert placed["number"] in shown.text
    stranger = call("customer_order", "GET", path, headers=BROWSER)
    assert stranger.status == 404
    assert placed["number"] not in stranger.text


def test_an_unreadable_form_is_told_plainly(call):
    answer = call("verify_email", "POST", "/verify-email", "", headers=FORM)
    assert answer.status == 422
    assert "<html" in answer.text


def test_a_bad_token_in_the_address_never_locks_the_browser_out(call):
    stock_product()
    placed = place(call)
    path = f"/orders/{placed['order_id']}"
    good = {"Cookie": f"order_{placed['order_id']}={placed['access_token']}"}
    spoilt = call("customer_order", "GET", path, headers=BROWSER | good, query={"token": "bad"})
    assert spoilt.status == 404
    assert "set-cookie" not in spoilt.headers
    stale = {"Cookie": f"order_{placed['order_id']}=bad"}
    again = call(
        "customer_order", "GET", path, headers=BROWSER | stale, query={"token": placed["access_token"]}
    )
    assert again.status == 303
