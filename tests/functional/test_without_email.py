"""Orders by telephone for customers who have no e-mail address: nothing is mailed, nothing breaks."""

from typing import Any

import pytest

from comanda import wiring
from comanda.exports.single import single_order_csv
from tests.functional.conftest import Call
from tests.functional.drafts import WHOLE, draft
from tests.functional.edits import mxn, opened
from tests.functional.merges import ANA, merge, owner, project_all
from tests.functional.shop import level, order_body, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents
from tests.functional.test_customers import found

PEDRO = {"name": "Pedro Rojas", "phone": "55 4321 8765"}
PLACE = {"verified": True, "accept_privacy": True}


def phoned(call: Call, customer: dict[str, Any] = PEDRO, **more: Any) -> str:
    """A draft for somebody on the telephone, placed by staff."""
    order_id = str(draft(call, **WHOLE | {"customer": customer} | more)["order"]["order_id"])
    answer = command(call, order_id, "place", PLACE)
    assert answer.status == 200, answer.text
    return order_id


def mails(order_id: str) -> list[str]:
    effects = wiring.desk().load(order_id).effects
    return [str(effect.data["event"]) for effect in effects if effect.kind == "mail"]


@pytest.mark.capability("D25", "A10")
def test_an_order_without_email_goes_its_whole_way_and_mails_only_the_merchant(call: Call) -> None:
    stock_product()
    order_id = phoned(call)
    told = show(call, order_id)
    assert (told["lifecycle"], told["verified"], told["customer"]["email"]) == ("placed", True, None)
    assert told["customer"]["phone"] == "+525543218765"
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "carrier": "dhl", "tracking_number": "T1"}
    total = told["totals"]["total"]["amount"]
    for name, body in (("approve", {}), ("mark-paid", {"amount": mxn(total)}), ("ship", parcel)):
        answer = command(call, order_id, name, body)
        assert answer.status == 200, answer.text
    assert mails(order_id) == ["merchant_order"]
    order = wiring.desk().load(order_id)
    assert b"Pedro Rojas" in single_order_csv(order, wiring.settings().section("shop")[0]).content


@pytest.mark.capability("D25")
def test_staff_have_the_customers_own_page_to_hand_on(call: Call) -> None:
    stock_product()
    address = show(call, phoned(call))["tracking_url"]
    order_id, _, token = address.rpartition("/orders/")[2].partition("?token=")
    headers = {"Authorization": f"Bearer {token}"}
    seen = call("customer_order", "GET", f"/orders/{order_id}", headers=headers)
    assert (seen.status, seen.body["lifecycle"]) == (200, "placed")
    page = call("customer_order", "GET", f"/orders/{order_id}", headers=headers | {"accept": "text/html"})
    assert page.status in (200, 303)
    resend = call("customer_order", "POST", f"/orders/{order_id}/resend-verification", {}, headers=headers)
    assert (resend.status, resend.body["type"]) == (409, "wrong-state")
    assert "tracking_url" not in show(call, place(call, key="with-mail")["order_id"])


@pytest.mark.capability("D25", "D23")
def test_who_calls_again_is_the_same_customer_and_is_found_by_telephone(call: Call) -> None:
    stock_product(units=100)
    first = phoned(call)
    again = phoned(call, {"name": "Pedro", "phone": "+52 (55) 4321-8765"})
    other = phoned(call, {"name": "Otro", "phone": "55 1111 2222"})
    assert owner(first) == owner(again) != owner(other)
    project_all()
    items = found(call, q="8765")
    assert [(item["customer_id"], item["email"]) for item in items] == [(owner(first), None)]
    profile = ask(call, "GET", f"/admin/customers/{owner(first)}").body
    assert (profile["emails"], profile["totals"]["orders"]) == ([], 2)
    assert [
        row["order_id"]
        for row in ask(call, "GET", "/admin/orders", query={"q": "55 4321 8765"}).body["items"]
    ]


@pytest.mark.capability("D25", "D36")
def test_the_caller_gets_an_address_later_or_is_merged_with_who_has_one(call: Call) -> None:
    stock_product(units=100)
    first, second = phoned(call), phoned(call)
    edit = {"type": "customer", "customer": {"email": "pedro@example.com", "name": "Pedro Rojas"}}
    edit_id = opened(call, first, edit)["edit_id"]
    assert command(call, first, f"edits/{edit_id}/confirm", {"notify": True}).status == 200
    assert "order_edited" in mails(first)  # from now on there is somebody to write to
    assert wiring.desk().load(first).order.without_mail is False
    known = owner(place(call, key="ana", customer=ANA)["order_id"])
    project_all()
    assert merge(call, owner(second), known).status == 200
    assert (owner(second), owner(phoned(call))) == (known, known)


@pytest.mark.capability("D25")
@pytest.mark.parametrize(
    ("customer", "body", "pointer"),
    [
        ({"name": "Pedro"}, PLACE, "/customer/email"),
        ({"name": "Pedro", "phone": "12"}, PLACE, "/customer/email"),
        (PEDRO, {"accept_privacy": True}, "/verified"),
    ],
)
def test_somebody_whom_nobody_can_reach_is_refused(
    call: Call, customer: dict[str, Any], body: dict[str, Any], pointer: str
) -> None:
    stock_product()
    order_id = draft(call, **WHOLE | {"customer": customer})["order"]["order_id"]
    before, units = contents(), level()
    answer = command(call, order_id, "place", body)
    assert answer.status == 422, answer.text
    assert pointer in {error["pointer"] for error in answer.body["errors"]}
    assert (contents(), level()) == (before, units)


@pytest.mark.capability("D25")
def test_what_needs_a_mail_is_refused(call: Call) -> None:
    stock_product()
    order_id = draft(call, **WHOLE | {"customer": PEDRO})["order"]["order_id"]
    quote = command(call, order_id, "quote", {"expires_at": "2027-01-01"})
    assert quote.body["errors"][0]["pointer"] == "/customer/email"
    assert command(call, order_id, "place", PLACE).status == 200
    edit_id = opened(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 1})["edit_id"]
    asked = command(call, order_id, f"edits/{edit_id}/request-acceptance", {})
    assert (asked.status, asked.body["guard"]) == (409, "no-mail-address")
    assert command(call, order_id, f"edits/{edit_id}/confirm", {}).status == 200


@pytest.mark.capability("C22")
def test_such_an_order_is_purged_like_any(call: Call) -> None:
    stock_product()
    order_id = phoned(call)
    assert command(call, order_id, "cancel", {"reason": "test"}).status == 200
    loaded = wiring.desk().load(order_id)
    for effect in loaded.effects:
        wiring.outbox().settle(order_id, effect.effect_id, {})
    purged = command(call, order_id, "purge", {"reason": "test"}, role="admin")
    assert purged.status == 200, purged.text
    assert wiring.orders().load(order_id) is None


def test_a_checkout_still_asks_for_an_address(call: Call) -> None:
    set_section("limits", per_address=100, per_email=100)
    stock_product()
    body = order_body(customer=PEDRO)
    answer = call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": "k"})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/customer/email")
