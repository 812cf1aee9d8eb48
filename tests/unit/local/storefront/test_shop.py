"""The shop's server: languages, cookies, search, the order's first sentence, and whom it trusts."""

import re

import pytest

from local.storefront import kept
from local.storefront.after import state_of
from local.storefront.browsing import folded
from local.storefront.checkout import fitting
from local.storefront.speech import LANGUAGES, Speech, preferred, words
from local.storefront.visit import HERE
from tests.unit.local.storefront.fake_api import FORM, LINE, TOTALS, Browser, FakeApi, mxn

ITEM = {
    "sku": "CAF-1", "name": "Café de olla", "price": mxn(14_500), "available": 4, "backorder": None,
    "image": "images/cafe.svg", "price_breaks": [], "units_per_box": 1, "minimum_quantity": 1,
}  # fmt: skip


def test_every_text_is_in_both_languages_with_the_same_gaps():
    es, en = (words(language) for language in LANGUAGES)
    assert es.keys() == en.keys()
    for name in es:
        assert sorted(re.findall(r"{\w+}", es[name])) == sorted(re.findall(r"{\w+}", en[name])), name


def test_every_text_is_said_by_a_page():
    pages = "".join(page.read_text() for page in (HERE / "templates").iterdir())
    said = set(re.findall(r"""(?:say|known)\("([a-z_.]+)\"""", pages))
    families = tuple(name for name in said if name.endswith("."))
    by_code = (*families, "error.", "down", "busy")  # the server names these
    assert {name for name in words("es") if name not in said and not name.startswith(by_code)} == set()
    assert said - set(families) <= words("es").keys()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "es"), ("en-GB,en;q=0.9,es;q=0.8", "en"), ("es-MX,en;q=0.9", "es"), ("fr,en;q=0.5", "en"),
        ("de", "es"), ("en;q=0,es;q=0.1", "es"), ("en;q=x", "es"), ("es;q=0.2,en;q=0.7", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_first_that_the_browser_wants_and_we_have(accepted: str, language: str):
    assert preferred(accepted) == language


def test_money_and_times_are_written_as_people_do():
    assert Speech("es", "America/Mexico_City").money(mxn(123_450)) == "$1,234.50"
    assert Speech("en", "America/Mexico_City").money(mxn(123_450)) == "MX$1,234.50"
    assert Speech("es", "America/Mexico_City").money({"amount": 500, "currency": "JPY"}) in (
        "¥500",
        "JPY 500",
        "JPY500",
    )
    assert Speech("en", "America/Mexico_City").moment("2026-11-22T18:05:00Z") == "22 Nov 2026, 12:05"


def test_cookies_of_others_and_nonsense_do_no_harm():
    read = kept.read("a=b; shop_orders=o1:t-1|o2:t_2|<x>; bad;;=; shop_cart=c1")
    assert (read.cart, read.orders) == ("c1", {"o1": "t-1", "o2": "t_2"})
    assert kept.read("") == kept.Kept("", "", "", "", {})


def test_the_newest_orders_are_kept_each_once():
    read = kept.Kept("", "", "", "", {f"o{n}": "t" for n in range(kept.MOST_ORDERS)})
    cookie = kept.with_order(read, "o3", "new")
    found = list(kept.read(cookie.split(";")[0]).orders.items())
    assert found[0] == ("o3", "new")
    assert len(found) == kept.MOST_ORDERS
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_search_passes_over_capitals_and_accents():
    assert folded("CAFÉ de Ólla") == "cafe de olla"
    api = FakeApi({"GET /products": (200, {"items": [ITEM], "next": None})})
    assert "Café de olla" in Browser(api).get("/?q=OLLA+cafe").body.decode()
    assert "No encontramos nada" in Browser(api).get("/?q=miel").body.decode()


def test_what_is_sold_out_cannot_be_added():
    api = FakeApi({"GET /products": (200, {"items": [ITEM | {"available": 0}], "next": None})})
    shown = Browser(api).get("/").body.decode()
    assert "Agotado" in shown
    assert 'action="/cart"' not in shown


def test_texts_from_outside_are_escaped_and_scripts_come_from_here_alone():
    nasty = ITEM | {"name": "<script>alert(1)</script>"}
    reply = Browser(FakeApi({"GET /products": (200, {"items": [nasty], "next": None})})).get("/")
    assert b"<script>alert" not in reply.body
    assert "script-src 'self';" in reply.headers["Content-Security-Policy"]


def test_forms_of_other_sites_are_refused():
    api = FakeApi()
    assert Browser(api).post("/cart", {"sku": "A"}, origin="https://evil.example").status == 403
    assert api.asked == []


@pytest.mark.parametrize(
    ("back", "place"), [("/cart", "/cart"), ("//evil.example", "/"), ("https://evil", "/")]
)
def test_the_choice_of_language_leads_back_and_nowhere_else(back: str, place: str):
    done = Browser(FakeApi()).post("/language", {"language": "en", "back": back})
    assert done.headers["Location"] == place
    assert "shop_language=en" in done.cookies[0]


@pytest.mark.capability("D19")
def test_what_waits_at_the_shop_is_shown_with_its_code():
    place = {"code": "pickup", "place": "Av. Juárez 10 <b>", "hours": "10 a 19 h"}
    taken = {"at": "2026-11-23T18:00:00.000Z", "name": "Luis", "lines": []}
    pickup = {
        "ready": True, "ready_at": "2026-11-22T18:00:00.000Z", "until": "2026-11-29T18:00:00.000Z",
        "location": place, "code": "2D7P-4R8V", "qr": "<svg></svg>", "lines": [], "handed_over": [taken],
    }  # fmt: skip
    order = {
        "order_id": "o1", "number": "P-1", "created_at": "2026-11-22T18:00:00.000Z", "lifecycle": "placed",
        "payment": "pending", "fulfilment": "ready_for_pickup", "verified": True, "approved": True,
        "payment_method": "at_pickup", "delivery": "pickup", "lines": [], "shipments": [], "totals": TOTALS,
        "due": mxn(0), "history": [], "pickup": pickup,
    }  # fmt: skip
    page = Browser(FakeApi({"GET /orders/o1": (200, order)}), shop_orders="o1:t").get("/orders/o1")
    text = page.body.decode()
    assert page.status == 200
    for part in ("2D7P-4R8V", "data:image/svg+xml,%3Csvg%3E", "Av. Juárez 10 &lt;b&gt;", "Entregado a Luis"):
        assert part in text
    assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]


PARCEL = {
    "shipment_id": "s1", "carrier": "fedex", "carrier_name": "FedEx", "tracking_number": "T1 <b>",
    "tracking_url": "https://track.example/T1", "status": "in_transit", "status_text": "en camino",
    "expected_at": "2026-11-25T18:00:00.000Z", "shipped_at": "2026-11-22T18:00:00.000Z", "delivered_at": None,
    "lines": [{"line_id": "l1", "sku": "A", "quantity": 2, "name": "Café <b>"}], "consignment": "s1",
    "parcel": {"number": 1, "of": 2},
}  # fmt: skip
OTHER = PARCEL | {
    "shipment_id": "s2", "tracking_number": "T2", "tracking_url": None, "status": "new_one",
    "status_text": "dicho por la tienda", "parcel": {"number": 2, "of": 2},
    "lines": [{"line_id": "l2", "sku": "B", "quantity": 1, "name": "Taza"}],
}  # fmt: skip
PARTLY = {
    "order_id": "o1", "number": "P-1", "created_at": "2026-11-22T18:00:00.000Z", "lifecycle": "placed",
    "payment": "paid", "fulfilment": "partially_delivered", "verified": True, "approved": True,
    "payment_method": "stripe", "delivery": "ship", "totals": TOTALS, "due": mxn(0), "history": [],
    "pickup": None, "shipments": [PARCEL, OTHER],
    "lines": [LINE | {"backordered": 1, "promised_at": "2026-12-01"}],
}  # fmt: skip


@pytest.mark.capability("D14", "D17")
@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("es", ("Bulto 1 de 2", "en camino", "Una parte de tu pedido está entregada",
                "1 en espera de existencias", "para el 1 de diciembre de 2026")),
        ("en", ("Parcel 1 of 2", "on its way", "Part of your order is delivered", "1 waiting for stock",
                "for December 1, 2026")),
    ],
)  # fmt: skip
def test_each_parcel_is_shown_with_its_state_and_what_is_in_it(language: str, parts: tuple[str, ...]):
    api = FakeApi({"GET /orders/o1": (200, PARTLY)})
    page = Browser(api, shop_orders="o1:t", shop_language=language).get("/orders/o1").body.decode()
    shown = page.partition('id="parcels"')[2]
    first, _, second = shown.partition("T2")
    for part in parts:
        assert part in page
    assert '<a href="https://track.example/T1" rel="noopener">T1 &lt;b&gt;</a>' in first
    assert "2 × Café &lt;b&gt;" in first
    assert "Taza" not in first
    assert "1 × Taza" in second
    assert "dicho por la tienda" in shown  # a state for which the shop has no word of its own


def test_an_order_of_another_browser_is_not_shown():
    api = FakeApi()
    assert Browser(api, shop_orders="o2:t").get("/orders/o1").status == 404
    assert api.sent("GET /orders/o1") == []


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("token=abc", ""),
        ("access=abc&token=EC-1", ""),
        ("access=abc&token=EC-1&PayerID=P1", "?redirect_status=returned"),
        ("access=abc&status=approved&payment_id=1", "?redirect_status=returned"),
        ("access=abc&status=pending", ""),
    ],
)
def test_a_token_in_the_address_moves_into_a_cookie(query: str, left: str):
    done = Browser(FakeApi()).get(f"/orders/o1?{query}")
    assert (done.status, done.headers["Location"]) == (303, f"/orders/o1{left}")
    assert "o1:abc" in done.cookies[0]


@pytest.mark.parametrize(
    ("changes", "waits", "state"),
    [
        ({}, False, "unpaid"),
        ({}, True, "confirming"),
        ({"payment": "failed"}, False, "failed"),
        ({"payment": "authorized"}, False, "authorized"),
        ({"payment": "authorized", "verified": False}, False, "paid_unverified"),
        ({"payment": "paid"}, False, "paid"),
        ({"payment": "paid", "fulfilment": "shipped"}, False, "shipped"),
        ({"lifecycle": "awaiting_verification"}, False, "unverified"),
        ({"verified": False, "payment": "paid"}, False, "paid_unverified"),
        ({"lifecycle": "awaiting_verification", "payment": "failed"}, False, "failed"),
        ({"lifecycle": "cancelled", "payment": "refunded"}, False, "cancelled"),
        ({"payment": "none", "payment_method": "request"}, False, "requested"),
    ],
)
def test_the_first_sentence_tells_what_matters_most(changes: dict[str, object], waits: bool, state: str):
    usual = {"lifecycle": "placed", "payment": "pending", "fulfilment": "unfulfilled"}
    order = usual | {"payment_method": "stripe", "verified": True} | changes
    assert state_of(order, waits=waits) == state
    for language in LANGUAGES:
        assert words(language)[f"state.{state}"]


@pytest.mark.parametrize(
    ("limits", "due", "collected", "fits"),
    [
        ({}, 100, False, True),
        ({"minimum": mxn(100)}, 100, False, True),
        ({"minimum": mxn(101)}, 100, False, False),
        ({"maximum": mxn(100)}, 100, False, True),
        ({"maximum": mxn(99)}, 100, False, False),
        ({"pickup_only": True}, 100, True, True),
        ({"pickup_only": True}, 100, False, False),
    ],
)
def test_ways_to_pay_that_do_not_fit_are_left_out(
    limits: dict[str, object], due: int, collected: bool, fits: bool
):
    method = FORM["payment_methods"][0] | limits
    assert bool(fitting([method], due, collected=collected)) is fits


def test_only_files_of_the_shop_are_served():
    browser = Browser(FakeApi())
    assert browser.get("/images/cafe.svg").headers["Content-Type"] == "image/svg+xml"
    assert browser.get("/static/../shop.py").status == 404
