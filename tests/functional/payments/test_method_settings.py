"""Each setting of a payment method: refused when it makes no sense, and what it does."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.conftest import Answer, Call
from tests.functional.drafts import WHOLE
from tests.functional.payments.test_refunds import TOTAL
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import ask, show
from tests.functional.tables import contents

WAY = "payments.bank_transfer"
DEMO = Path(__file__).parents[3] / "local" / "demo" / "settings.json"


@pytest.fixture(autouse=True)
def shop(aws: None) -> None:
    stock_product(units=100)


def offered(call: Call, code: str = "bank_transfer") -> dict[str, Any] | None:
    form = call("storefront", "GET", "/checkout/form", query={"locale": "en"}).body
    return next((one for one in form["payment_methods"] if one["code"] == code), None)


def ordered(call: Call, key: str = "one", **more: Any) -> Answer:
    return call("place_order", "POST", "/orders", order_body(**more), headers={"Idempotency-Key": key})


def refused(call: Call, why: str, **more: Any) -> None:
    """The order is refused at its way to pay, and nothing is written."""
    before = contents()
    answer = ordered(call, "refused", **more)
    assert (answer.status, answer.body["type"]) == (422, "invalid"), answer.text
    assert [one["pointer"] for one in answer.body["errors"]] == ["/payment_method"]
    assert why in answer.body["errors"][0]["detail"]
    assert contents() == before


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"surcharge": 100, "discount": 100}, "/discount"),
        ({"surcharge_ppm": 1, "discount_ppm": 1}, "/discount_ppm"),
        ({"discount_ppm": 1_000_001}, "/discount_ppm"),
        ({"minimum": 500, "maximum": 499}, "/maximum"),
        ({"maximum": 0}, "/maximum"),
        ({"minimum": -1}, "/minimum"),
        ({"currencies": ["pesos"]}, "/currencies/0"),
        ({"pickup_only": "yes please"}, "/pickup_only"),
        ({"reserve_on": "whenever"}, "/reserve_on"),
        ({"hold_seconds": 0}, "/hold_seconds"),
        ({"remind_seconds": 60, "reminders": [30]}, "/reminders"),
        ({"cancel_seconds": 0}, "/cancel_seconds"),
        ({"ship_before_payment": 2}, "/ship_before_payment"),
        ({"title": {"fr": "Virement"}}, "/title/fr"),
    ],
)
@pytest.mark.capability("C17")
def test_what_makes_no_sense_is_refused_where_it_stands(call: Call, wrong: Any, pointer: str) -> None:
    before = contents()
    seen = ask(call, "GET", f"/admin/settings/{WAY}", role="admin").headers["etag"]
    answer = ask(call, "PATCH", f"/admin/settings/{WAY}", wrong, role="admin", headers={"If-Match": seen})
    assert (answer.status, [one["pointer"] for one in answer.body["errors"]]) == (422, [pointer])
    assert contents() == before


def changed(call: Call, section: str, body: Any) -> Any:
    path = f"/admin/settings/{section}"
    seen = ask(call, "GET", path, role="admin").headers["etag"]
    return ask(call, "PATCH", path, body, role="admin", headers={"If-Match": seen})


@pytest.mark.capability("C17")
def test_cards_are_typed_in_the_shop_or_on_the_providers_page(call: Call) -> None:
    at = "/admin/settings/payments.stripe"
    assert ask(call, "GET", at, role="admin").body["pay_on"] == "shop"
    assert changed(call, "payments.stripe", {"pay_on": "provider"}).status == 200
    assert ask(call, "GET", at, role="admin").body["pay_on"] == "provider"
    before = contents()
    for section, value in (("payments.stripe", "elsewhere"), (WAY, "shop")):
        answer = changed(call, section, {"pay_on": value})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/pay_on")
    assert contents() == before


@pytest.mark.capability("C17")
def test_only_what_is_enabled_is_offered_with_title_and_formatted_instructions(call: Call) -> None:
    words = {
        "title": {"es": "Banco", "en": "Bank"},
        "instructions": {"es": "**CLABE** 12", "en": "**No.** 12"},
    }
    set_section(WAY, enabled=True, **words)
    assert (found := offered(call)) is not None
    assert (found["title"], found["instructions"]) == ("Bank", "No. 12")
    placed = ordered(call, locale="en")
    assert placed.body["payment_action"]["text"] == "No. 12"
    set_section(WAY, enabled=False)
    assert offered(call) is None
    refused(call, "is not offered")


@pytest.mark.capability("C17")
def test_a_discount_is_taken_off_the_goods_and_taxed_with_them(call: Call) -> None:
    set_section(WAY, enabled=True, discount=1_000, discount_ppm=50_000, title={"es": "Banco", "en": "Bank"})
    assert (found := offered(call)) is not None
    assert (found["discount"]["amount"], found["discount_ppm"]) == (1_000, 50_000)
    placed = ordered(call).body
    less = 1_000 + TOTAL * 5 // 100
    assert (placed["totals"]["discount"]["amount"], placed["totals"]["total"]["amount"]) == (
        less,
        TOTAL - less,
    )
    order = show(call, placed["order_id"])
    assert [(c["title"], c["amount"]["amount"]) for c in order["charges"] if c["amount"]["amount"]] == [
        ("Banco", less)
    ]
    assert sum(line["total"]["amount"] for line in order["lines"]) == TOTAL - less
    set_section(WAY, enabled=True, discount=10 * TOTAL)
    assert ordered(call, "free").body["totals"]["total"]["amount"] == 0  # never below nothing


@pytest.mark.capability("C17")
def test_a_surcharge_is_added(call: Call) -> None:
    set_section(WAY, enabled=True, surcharge=1_000, surcharge_ppm=50_000)
    assert ordered(call).body["totals"]["surcharge"]["amount"] == 1_000 + TOTAL * 5 // 100


@pytest.mark.capability("C17")
def test_orders_below_and_above_its_limits_are_refused(call: Call) -> None:
    set_section(WAY, enabled=True, minimum=TOTAL, maximum=TOTAL)
    assert (found := offered(call)) is not None
    assert (found["minimum"]["amount"], found["maximum"]["amount"]) == (TOTAL, TOTAL)
    refused(call, "takes orders from 232.00 MXN on", lines=[{"sku": "CAFE-1", "quantity": 1}])
    refused(call, "takes orders up to 232.00 MXN", lines=[{"sku": "CAFE-1", "quantity": 3}])
    assert ordered(call).status == 201


@pytest.mark.capability("C17")
def test_a_method_of_other_currencies_is_not_offered(call: Call) -> None:
    set_section(WAY, enabled=True, currencies=["EUR", "USD"])
    assert offered(call) is None
    refused(call, "takes no MXN")
    set_section(WAY, enabled=True, currencies=["EUR", "MXN"])
    assert offered(call) is not None
    assert ordered(call).status == 201


@pytest.mark.capability("C17")
def test_what_is_for_pickup_goes_with_no_other_delivery(call: Call) -> None:
    set_section("payments.at_pickup", enabled=True, pickup_only=True)
    pickup = {"code": "pickup", "title": {"es": "Recoger", "en": "Pick up"}, "needs_address": False}
    send = {"code": "ship", "title": {"es": "Envío", "en": "Shipping"}, "zones": [{"price": 0}]}
    set_section("shipping", deliveries=[send, pickup])
    assert (found := offered(call, "at_pickup")) is not None
    assert found["pickup_only"] is True
    refused(call, "orders that are picked up", payment_method="at_pickup", delivery="ship")
    assert ordered(call, payment_method="at_pickup", delivery="pickup").status == 201


@pytest.mark.capability("C17")
def test_who_pays_another_way_later_meets_the_same_limits(call: Call) -> None:
    set_section("payments.on_delivery", enabled=True, maximum=100)
    placed = place(call)
    seen = show(call, placed["order_id"])
    answer = call(
        "customer_order",
        "POST",
        f"/orders/{placed['order_id']}/payments",
        {"payment_method": "on_delivery"},
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    )
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/payment_method")
    assert show(call, placed["order_id"])["method"] == "bank_transfer"
    assert show(call, placed["order_id"])["version"] == seen["version"]
    set_section(WAY, enabled=True, maximum=100)  # what it was placed with is tried again all the same
    again = call(
        "customer_order",
        "POST",
        f"/orders/{placed['order_id']}/payments",
        {"payment_method": "bank_transfer"},
        headers={"Authorization": f"Bearer {placed['access_token']}"},
    )
    assert again.status == 201, again.text


@pytest.mark.capability("C17")
def test_a_draft_is_held_to_the_limits_when_it_is_placed(call: Call) -> None:
    set_section(WAY, enabled=True, maximum=100)
    made = ask(call, "POST", "/admin/drafts", WHOLE)
    assert made.status == 201, made.text
    order_id, version = made.body["order"]["order_id"], made.body["version"]
    body = {"verified": True, "accept_privacy": True}
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": "draft"}
    answer = ask(call, "POST", f"/admin/orders/{order_id}/place", body, headers=headers)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/payment_method")


def test_units_are_reserved_on_confirmation_where_the_method_says_so(call: Call) -> None:
    set_section(WAY, enabled=True, reserve_on="confirmed", hold_seconds=600, cancel_seconds=9_000)
    order = show(call, ordered(call).body["order_id"])
    assert [line["reserved"] for line in order["lines"]] == [0]
    assert (order["terms"]["reserve_on"], order["terms"]["hold_seconds"]) == ("confirmed", 600)


def test_the_waits_and_trust_of_a_method_are_the_orders_terms(call: Call) -> None:
    set_section(
        WAY, enabled=True, remind_seconds=60, reminders=[120], cancel_seconds=600, ship_before_payment=True
    )
    order = show(call, ordered(call).body["order_id"])
    terms = order["terms"]
    assert terms["ship_before_payment"] is True
    assert order["created_at"] < terms["remind_at"] < terms["reminders"][0] < terms["pay_by"]


@pytest.mark.parametrize("method", ["store_credit", "bitcoin"])
def test_the_demo_shop_refuses_a_method_that_it_does_not_offer(call: Call, method: str) -> None:
    for name, values in json.loads(DEMO.read_text()).items():
        if name.startswith("payments."):
            set_section(name, **values)
    refused(call, "", payment_method=method)
    assert ordered(call, payment_method="cheque").status == 201
