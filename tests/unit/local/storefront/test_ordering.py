"""From form to order: what is asked of the API, and what a person sees of each refusal."""

import pytest

from local.storefront.checkout import NOBODYS_TOTAL, field_of, order_body
from tests.unit.local.storefront.fake_api import CART, FORM, PRICED, TOTALS, TYPED, Browser, FakeApi

PLACED = {"order_id": "o1", "number": "P-1", "access_token": "secret-1"}


def page(reply: object) -> str:
    return reply.body.decode()  # type: ignore[attr-defined]


def test_looking_at_the_total_asks_for_the_order_at_one_that_nobody_means():
    api = FakeApi({"POST /orders": PRICED})
    seen = Browser(api).post("/checkout", TYPED)
    ((body, headers),) = api.sent("POST /orders")
    assert body["expected_total"] == {"amount": NOBODYS_TOTAL, "currency": "MXN"}
    assert (body["cart_id"], body["accept_privacy"], body["fields"]) == ("c1", True, {"gift": False})
    assert "shipping_address" not in body
    assert headers["Idempotency-Key"]
    assert seen.status == 200
    assert 'name="total" value="29000"' in page(seen)
    assert 'name="customer.email" value="ana@example.com"' in page(seen)


def test_the_confirmed_total_and_key_are_those_of_the_page():
    api = FakeApi({"POST /orders": (201, PLACED)})
    browser = Browser(api)
    for _ in range(2):
        done = browser.post("/orders", TYPED | {"total": "29000", "attempt": "k1", "cart_id": "c1"})
        assert (done.status, done.headers["Location"]) == (303, "/orders/o1")
    (first, again) = api.sent("POST /orders")
    assert first == again
    assert first[0]["expected_total"]["amount"] == 29_000
    assert first[1]["Idempotency-Key"] == "k1"
    assert any(cookie.startswith("shop_orders=") and "HttpOnly" in cookie for cookie in done.cookies)
    assert any(cookie.startswith("shop_cart=") and "Max-Age=0" in cookie for cookie in done.cookies)


def test_a_second_press_waits_for_the_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    api = FakeApi({"POST /orders": [(409, {"type": "in-progress"}), (201, PLACED)]})
    done = Browser(api).post("/orders", TYPED | {"total": "29000", "attempt": "k1"})
    assert done.headers["Location"] == "/orders/o1"
    assert {headers["Idempotency-Key"] for _, headers in api.sent("POST /orders")} == {"k1"}


def test_who_pays_elsewhere_is_sent_there_at_once():
    action = {"type": "redirect", "url": "https://pay.example/1"}
    api = FakeApi({"POST /orders": (201, PLACED | {"payment_action": action})})
    done = Browser(api).post("/orders", TYPED | {"total": "29000", "attempt": "k1"})
    assert done.headers["Location"] == "https://pay.example/1"


def test_a_total_that_changed_meanwhile_is_shown_to_be_confirmed_again():
    changed = TOTALS | {"total": {"amount": 31_000, "currency": "MXN"}}
    api = FakeApi({"POST /orders": (409, {"type": "price-changed", "totals": changed})})
    seen = Browser(api).post("/orders", TYPED | {"total": "29000", "attempt": "k1"})
    assert seen.status == 409
    assert 'name="total" value="31000"' in page(seen)
    assert 'value="k1"' not in page(seen)
    assert "El total cambió" in page(seen)


@pytest.mark.parametrize(
    ("problem", "field", "said"),
    [
        ({"type": "invalid", "errors": [{"pointer": "/shipping_address/city", "detail": "falta"}]},
         "shipping_address.city", "falta"),
        ({"type": "invalid", "errors": [{"pointer": "/customer/email", "detail": "The part after"}]},
         "customer.email", "Escribe un correo"),
        ({"type": "invalid", "errors": [{"pointer": "/fields/gift", "detail": "uno de: a <b>"}]},
         "fields.gift", "uno de: a &lt;b&gt;"),
        ({"type": "privacy-not-accepted", "detail": "accept_privacy"}, "accept_privacy", "Para pedir"),
    ],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(problem, field, said):
    seen = Browser(FakeApi({"POST /orders": (422, problem)})).post("/checkout", TYPED)
    assert seen.status == 422
    assert f'id="{field}-error">{said}' in page(seen)
    assert 'value="ana@example.com"' in page(seen)


def test_the_carts_own_contact_is_refused_at_the_same_fields():
    problem = (422, {"type": "invalid", "errors": [{"pointer": "/name", "detail": "falta"}]})
    api = FakeApi({"PUT /carts/c1/contact": problem})
    assert 'id="customer.name-error">Escribe tu nombre.' in page(Browser(api).post("/checkout", TYPED))
    assert api.sent("POST /orders") == []


def test_too_few_units_lead_back_to_the_cart_with_what_is_left():
    lines = [{"sku": "A", "requested": 2, "available": 1}]
    seen = Browser(FakeApi({"POST /orders": (409, {"type": "out-of-stock", "lines": lines})})).post(
        "/orders", TYPED | {"total": "29000", "attempt": "k1"}
    )
    assert (seen.status, "A: pediste 2, quedan 1" in page(seen)) == (409, True)


def test_an_api_that_is_down_keeps_what_was_typed_and_the_key():
    seen = Browser(FakeApi(down=True)).post("/orders", TYPED | {"total": "29000", "attempt": "k1"})
    assert seen.status == 503
    assert "La tienda no responde" in page(seen)
    assert 'name="attempt" value="k1"' in page(seen)
    assert 'name="customer.email" value="ana@example.com"' in page(seen)


def test_a_shop_that_takes_no_orders_says_so():
    closed = {"GET /checkout/form": (200, FORM | {"payment_methods": []})}
    assert "La tienda está cerrada" in page(Browser(FakeApi(closed)).get("/checkout"))


def test_nobody_orders_an_empty_cart():
    api = FakeApi({"GET /carts/c1": (200, CART | {"lines": []})})
    assert Browser(api).post("/checkout", TYPED).headers["Location"] == "/cart"
    assert api.sent("POST /orders") == []


def test_an_address_is_sent_only_where_the_delivery_needs_one():
    typed = TYPED | {"shipping_address.line1": " Calle 1 ", "shipping_address.country": "MX"}
    assert "shipping_address" not in order_body(typed, FORM, "c1", "es", 1)
    sent = order_body(typed | {"delivery": "ship"}, FORM, "c1", "es", 1)
    assert sent["shipping_address"] == {"line1": "Calle 1", "country": "MX"}
    assert field_of("/shipping_address/line1") == "shipping_address.line1"


ADDRESSED = TYPED | {
    "delivery": "ship",
    "shipping_address.line1": "Calle 5 núm. 12",
    "shipping_address.line2": "Depto. <3>",
    "shipping_address.city": "cuauhtemoc",
    "shipping_address.postal_code": "6700",
    "shipping_address.country": "MX",
}
BETTER = {"line1": "Calle 5 núm. 12", "line2": "Depto. <3>", "city": "Cuauhtémoc", "state": "CDMX"}
DOUBT = {
    "verdict": "odd",
    "findings": [{"field": "city", "what": "spelling", "text": "La ciudad se escribe <de otro modo>."}],
    "suggestion": BETTER | {"postal_code": "06700", "country": "MX"},
}


def test_a_better_address_is_offered_and_one_press_takes_it():
    api = FakeApi({"POST /orders": PRICED, "POST /checkout/address": (200, DOUBT)})
    seen = Browser(api).post("/checkout", ADDRESSED)
    ((asked, _),) = api.sent("POST /checkout/address")
    assert asked["delivery"] == "ship"
    assert (asked["address"]["city"], asked["address"]["postal_code"]) == ("cuauhtemoc", "6700")
    assert "state" not in asked["address"]
    assert "&lt;de otro modo&gt;" in page(seen)
    offer, _, order = page(seen).partition('action="/checkout"')[2].partition('action="/orders"')
    assert offer.count('name="shipping_address.city"') == 1
    assert 'name="shipping_address.city" value="Cuauhtémoc"' in offer
    assert 'name="shipping_address.line2" value="Depto. &lt;3&gt;"' in offer
    assert 'name="customer.email" value="ana@example.com"' in offer
    assert 'name="shipping_address.city" value="cuauhtemoc"' in order  # what was typed is ordered as it is
    assert 'name="total" value="29000"' in order


def test_a_doubt_without_a_suggestion_is_said_and_hinders_nothing():
    doubt = {"verdict": "unusable", "findings": DOUBT["findings"]}
    api = FakeApi({"POST /orders": PRICED, "POST /checkout/address": (200, doubt)})
    seen = page(Browser(api).post("/checkout", ADDRESSED))
    assert "La ciudad se escribe" in seen
    assert 'action="/checkout"' not in seen
    assert 'name="total" value="29000"' in seen


@pytest.mark.parametrize(
    "answer",
    [(429, {"type": "rate-limited"}), (503, {}), (422, {"type": "invalid"}), (200, {"findings": []})],
)
def test_a_check_that_has_nothing_to_say_or_does_not_answer_hinders_nothing(answer):
    api = FakeApi({"POST /orders": PRICED, "POST /checkout/address": answer})
    seen = Browser(api).post("/checkout", ADDRESSED)
    assert (seen.status, "Mira la dirección" in page(seen)) == (200, False)
    assert 'name="total" value="29000"' in page(seen)


def test_nobody_asks_about_an_address_that_nothing_is_sent_to():
    api = FakeApi({"POST /orders": PRICED})
    Browser(api).post("/checkout", ADDRESSED | {"delivery": "pickup"})
    assert api.sent("POST /checkout/address") == []
