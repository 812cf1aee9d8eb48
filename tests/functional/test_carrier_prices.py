"""Carriers' prices at checkout: asked, promised, charged as promised, and never in the way of an order."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Busy
from comanda.fulfilment.carriers.port import Rate, RateRequest
from tests.functional.conftest import Answer, Call
from tests.functional.shop import ADDRESS, order_body, place, set_section, stock_product
from tests.functional.staff import show
from tests.functional.tables import contents

SENDER = {
    "name": "Barro y Lana",
    "line1": "Calle 1",
    "city": "Querétaro",
    "postal_code": "76000",
    "country": "MX",
}
SLOW = Rate("ups", "ups", "11", 14250, "MXN", "UPS Standard", 3, "2026-11-27")
FAST = Rate("ups", "ups", "65", 28990, "MXN", "UPS Worldwide Saver", 1, "2026-11-24")
FOREIGN = Rate("easypost", "dhl", "Express", 900, "USD", "DHL Express")
OTHER = Rate("easypost", "estafeta", "Terrestre", 11000, "MXN")
SHIP = {
    "code": "ship",
    "title": {"es": "A domicilio", "en": "Home delivery"},
    "zones": [{"countries": ["MX"], "price": 19900, "free_from": 100_000}],
    "slots": ["mañana", "tarde"],
    "rates": {
        "services": [
            {"account": "ups", "service": "65", "title": {"es": "Mañana mismo", "en": "Tomorrow"}},
            {"account": "ups"},
            {"account": "easypost", "carrier": "dhl"},
            {"account": "closed"},
        ],
        "markup_ppm": 100_000,
        "markup": 500,
    },
}


@dataclass
class Told:
    rates: tuple[Rate, ...]
    failed: dict[str, str]


@dataclass
class Carriers:
    """Stands for the function that asks carriers."""

    rates_told: tuple[Rate, ...] = (SLOW, FAST, FOREIGN, OTHER)
    broken: bool = False
    asked: list[tuple[list[str], RateRequest]] = field(default_factory=list)

    def rates(self, accounts: Sequence[str], wanted: RateRequest) -> Told:
        self.asked.append((list(accounts), wanted))
        if self.broken:
            raise Busy("the carriers cannot be asked just now")
        return Told(tuple(one for one in self.rates_told if one.account in accounts), {})


@pytest.fixture
def carriers(aws: None, monkeypatch: pytest.MonkeyPatch) -> Carriers:
    made = Carriers()
    monkeypatch.setattr(wiring, "quick_carrier_desk", lambda: made)
    stock_product(weight_grams=400)
    accounts = [{"code": "ups"}, {"code": "easypost"}, {"code": "closed", "enabled": False}]
    set_section("carriers", accounts=accounts, senders={"": SENDER}, box={"weight_grams": 100})
    monkeypatch.setattr(wiring, "carrier_codes", lambda: ("ups", "easypost"))
    set_section("shipping", deliveries=[SHIP, {"code": "pickup", "needs_address": False}])
    return made


def prices(call: Call, **changes: Any) -> Answer:
    body = {
        "lines": [{"sku": "CAFE-1", "quantity": 2}],
        "shipping_address": ADDRESS,
        "locale": "es",
    } | changes
    return call("storefront", "POST", "/checkout/delivery-prices", body)


def items(call: Call, **changes: Any) -> list[dict[str, Any]]:
    answer = prices(call, **changes)
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.body["items"]
    return found


def quote(call: Call, service: str = "11", **changes: Any) -> str:
    found = (one for one in items(call, **changes) if one["service"] and one["service"]["code"] == service)
    return str(next(found)["quote"])


def refused(call: Call, **changes: Any) -> dict[str, Any]:
    before = contents()
    answer = call(
        "place_order", "POST", "/orders", order_body(**changes), headers={"Idempotency-Key": "k-no"}
    )
    assert answer.status == 422, answer.text
    assert contents() == before
    [error] = answer.body["errors"]
    assert error["pointer"] == "/delivery_quote"
    found: dict[str, Any] = error
    return found


@pytest.mark.capability("F22")
def test_every_way_is_priced_cheapest_service_first(call: Call, carriers: Carriers) -> None:
    found = items(call)
    shown = [
        (
            one["delivery"],
            one["price"]["amount"],
            one["service"] and one["service"]["name"],
            one["arrives_on"],
        )
        for one in found
    ]
    assert shown == [
        ("ship", 16175, "UPS Standard", "2026-11-27"),
        ("ship", 32389, "Mañana mismo", "2026-11-24"),
        ("pickup", 0, None, None),
    ]
    assert found[0]["slots"] == ["mañana", "tarde"]
    [(accounts, wanted)] = carriers.asked
    assert accounts == ["easypost", "ups"]
    assert (wanted.box.weight_grams, wanted.sender.city, wanted.recipient.postal_code) == (
        900,
        "Querétaro",
        "06700",
    )


@pytest.mark.capability("F22")
def test_what_was_promised_is_charged_and_kept_whatever_carriers_say_later(
    call: Call, carriers: Carriers
) -> None:
    chosen = quote(call)
    carriers.broken = True
    carriers.asked.clear()
    order_id = place(call, delivery_quote=chosen, delivery_slot="tarde")["order_id"]
    order = show(call, order_id)
    assert order["totals"]["shipping"]["amount"] == 16175
    kept = wiring.desk().load(order_id).order
    assert (kept.carriage.account, kept.carriage.service, kept.carriage.cost) == ("ups", "11", 14250)
    [charge] = [one for one in kept.charges if one.kind == "shipping"]
    assert (charge.title, charge.amount) == ("A domicilio (UPS Standard)", 16175)
    assert kept.delivery_slot == "tarde"
    assert carriers.asked == []


@pytest.mark.capability("F22")
@pytest.mark.parametrize("trouble", ["broken", "none", "no sender"])
def test_no_order_fails_because_a_carrier_does(call: Call, carriers: Carriers, trouble: str) -> None:
    carriers.broken = trouble == "broken"
    carriers.rates_told = () if trouble == "none" else carriers.rates_told
    if trouble == "no sender":
        set_section("carriers", senders={})
    [home, _] = items(call)
    assert (home["price"]["amount"], home["service"], home["quote"]) == (19900, None, None)
    order_id = place(call)["order_id"]
    assert show(call, order_id)["totals"]["shipping"]["amount"] == 19900
    assert wiring.desk().load(order_id).order.carriage is None


@pytest.mark.capability("F22")
def test_from_the_threshold_on_the_chosen_service_is_free(call: Call, carriers: Carriers) -> None:
    many = [{"sku": "CAFE-1", "quantity": 9}]
    found = items(call, lines=many)
    assert {one["price"]["amount"] for one in found} == {0}
    order_id = place(call, lines=many, delivery_quote=found[0]["quote"])["order_id"]
    assert show(call, order_id)["totals"]["shipping"]["amount"] == 0
    assert wiring.desk().load(order_id).order.carriage.service == "11"


def test_a_cart_is_priced_as_its_lines(call: Call, carriers: Carriers) -> None:
    cart = call("storefront", "POST", "/carts", {"lines": [{"sku": "CAFE-1", "quantity": 2}]}).body["cart_id"]
    chosen = quote(call, lines=None, cart_id=cart)
    order_id = place(call, lines=None, cart_id=cart, delivery_quote=chosen)["order_id"]
    assert show(call, order_id)["totals"]["shipping"]["amount"] == 16175


def test_a_promise_holds_for_its_place_its_weight_and_its_way(call: Call, carriers: Carriers) -> None:
    chosen = quote(call)
    elsewhere = ADDRESS | {"postal_code": "21000", "state": "Baja California"}
    assert "another address" in refused(call, delivery_quote=chosen, shipping_address=elsewhere)["detail"]
    heavier = [{"sku": "CAFE-1", "quantity": 3}]
    assert "another weight" in refused(call, delivery_quote=chosen, lines=heavier)["detail"]
    assert "for the delivery ship" in refused(call, delivery_quote=chosen, delivery="pickup")["detail"]


def test_a_promise_ends_and_cannot_be_forged(
    call: Call, carriers: Carriers, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = quote(call)
    assert "no price of ours" in refused(call, delivery_quote=chosen[:-2] + "aa")["detail"]
    assert "no price of ours" in refused(call, delivery_quote="x")["detail"]
    later = datetime.now(UTC) + timedelta(seconds=3601)
    wiring.checkout.cache_clear()
    monkeypatch.setattr(wiring, "now", lambda: later)
    assert "any more" in refused(call, delivery_quote=chosen)["detail"]


def test_the_same_order_in_other_spellings_of_its_address(call: Call, carriers: Carriers) -> None:
    chosen = quote(call)
    spelt = ADDRESS | {"state": " cdmx ", "country": "mx", "line1": "Otra calle 2"}
    assert place(call, delivery_quote=chosen, shipping_address=spelt)["totals"]["shipping"]["amount"] == 16175


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"lines": None}, "/lines"),
        ({"cart_id": "c", "lines": [{"sku": "CAFE-1", "quantity": 1}]}, "/lines"),
        ({"shipping_address": {"country": "MX"}}, "/shipping_address/postal_code"),
    ],
)
def test_a_question_without_goods_or_place_is_refused(
    call: Call, carriers: Carriers, changes: dict[str, Any], pointer: str
) -> None:
    answer = prices(call, **changes)
    assert answer.status == 422
    assert [one["pointer"] for one in answer.body["errors"]] == [pointer]
    assert carriers.asked == []


def test_the_form_says_where_prices_are_asked_for(call: Call, carriers: Carriers) -> None:
    form = call("storefront", "GET", "/checkout/form").body["delivery"]
    assert [(one["code"], one["carrier_prices"]) for one in form] == [("ship", True), ("pickup", False)]


def test_a_plain_order_loads_nothing_of_it(call: Call) -> None:
    """What signs promises is loaded by those alone who make or hold one."""
    stock_product()
    names = ("comanda.storefront.delivery_offers", "comanda.storefront.delivery_prices")
    for name in names:
        sys.modules.pop(name, None)
    place(call)
    assert not set(names) & set(sys.modules)
