"""Signs of duplicates and fraud: what each rule finds, and what it lets pass."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.orders.decision import Loaded
from comanda.orders.hints import SAME, keys_of, look, suspecting
from comanda.orders.model import Hold, Order
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.settings.sections import Hints, PaymentMethod
from comanda.times import later
from tests.unit.orders.shop import TestShop

CONTACT = {"email": "ana@correo.example.com", "name": "Ana", "phone": "+525512345678"}
PLACE = {"line1": "Calle 1", "city": "Puebla", "postal_code": "72000", "country": "MX"}


@pytest.fixture
def order() -> Order:
    placed = TestShop().place((("A", 1),), Method.BANK_TRANSFER, PaymentMethod(enabled=True), known=True)
    return replace(placed, customer_id="c-1")


def with_texts(order: Order, **texts: Any) -> Loaded:
    return Loaded(order, {"contact": CONTACT, "shipping": PLACE} | texts)


def found(loaded: Loaded, seen: dict[str, Any] | None = None, **rules: Any) -> list[str]:
    return [hint.rule for hint in look(loaded, Hints(**rules), seen or {})]


@pytest.mark.capability("F26")
@pytest.mark.parametrize(
    ("rules", "changes", "texts", "rule"),
    [
        ({"countries_differ": True}, {}, {"billing": PLACE | {"country": "US"}}, "countries_differ"),
        ({"amount_over": 1}, {}, {}, "amount_over"),
        ({"express": ("ship",)}, {"delivery": "ship", "verified": False}, {}, "unverified_express"),
        ({"disposable_domains": ("example.com",)}, {}, {}, "disposable_address"),
        ({"disposable_domains": ("CORREO.example.com ",)}, {}, {}, "disposable_address"),
    ],
)
def test_a_rule_finds_what_it_is_for_and_nothing_while_it_is_off(
    order: Order, rules: dict[str, Any], changes: dict[str, Any], texts: dict[str, Any], rule: str
) -> None:
    loaded = with_texts(replace(order, **changes), **texts)
    assert found(loaded, **rules) == [rule]
    assert found(loaded) == []
    by_phone = with_texts(replace(order, channel=Channel.PHONE, **changes), **texts)
    assert found(by_phone, **rules) == []  # staff have spoken to them


@pytest.mark.capability("F26")
@pytest.mark.parametrize(
    ("rules", "changes", "texts"),
    [
        ({"countries_differ": True}, {}, {"billing": PLACE}),
        ({"countries_differ": True}, {}, {}),
        ({"amount_over": 10**9}, {}, {}),
        ({"express": ("ship",)}, {"delivery": "ship", "verified": True}, {}),
        ({"express": ("ship",)}, {"delivery": "pickup", "verified": False}, {}),
        ({"disposable_domains": ("ample.com", "o.example.com")}, {}, {}),
    ],
)
def test_what_only_looks_alike_passes(
    order: Order, rules: dict[str, Any], changes: dict[str, Any], texts: dict[str, Any]
) -> None:
    assert found(with_texts(replace(order, **changes), **texts), **rules) == []


@pytest.mark.capability("F26")
def test_the_same_goods_a_moment_before_or_after_are_a_duplicate(order: Order) -> None:
    at = order.created_at
    near, far = later(at, 9 * 60), later(at, 11 * 60)
    mine = (order.order_id, at)
    assert found(with_texts(order), {SAME: [mine, ("o-2", near)]}, same_contents_minutes=10) == [SAME]
    assert found(with_texts(order), {SAME: [mine, ("o-2", far)]}, same_contents_minutes=10) == []
    assert found(with_texts(order), {SAME: [mine]}, same_contents_minutes=10) == []


@pytest.mark.capability("F26")
def test_more_orders_than_usual_from_one_place(order: Order) -> None:
    seen = {"phone": [(f"o-{number}", order.created_at) for number in range(3)]}
    assert found(with_texts(order), seen, most_orders=3) == ["many_by_phone"]
    assert found(with_texts(order), seen, most_orders=4) == []
    assert found(with_texts(order), seen, most_orders=3, most_by=("email",)) == []


def test_an_order_is_counted_under_what_the_rules_ask_for_and_nobody_reads_whom(order: Order) -> None:
    loaded = with_texts(order)
    assert keys_of(loaded, Hints()) == {}
    assert keys_of(loaded, Hints(same_contents_minutes=5)).keys() == {SAME}
    keys = keys_of(loaded, Hints(most_orders=2))
    assert keys.keys() == {"phone", "address", "email"}
    assert not any(part in str(keys) for part in ("ana", "5512345678", "Calle"))
    respelt = with_texts(
        order, shipping=PLACE | {"line1": "CALLE  1"}, contact=CONTACT | {"phone": "52 55 1234 5678"}
    )
    assert keys_of(respelt, Hints(most_orders=2)) == keys
    other = with_texts(replace(order, customer_id="c-2"))
    assert keys_of(other, Hints(same_contents_minutes=5)) != keys_of(loaded, Hints(same_contents_minutes=5))


@pytest.mark.capability("F26")
def test_each_hold_is_opened_once_and_what_staff_released_stays_so(order: Order) -> None:
    loaded = with_texts(order)
    hints = look(loaded, Hints(amount_over=1, countries_differ=True), {})
    facts = suspecting(hints, order.created_at)(loaded).facts
    assert [fact.data["hold"]["reason"] for fact in facts] == ["fraud_suspected"]
    hold = Hold.from_dict(facts[0].data["hold"])
    assert [hint.rule for hint in hold.hints] == ["amount_over"]
    released = replace(order, holds=(replace(hold, closed_at=order.created_at, closed_by="staff:1"),))
    assert suspecting(hints, order.created_at)(with_texts(released)).facts == ()
    ended = replace(order, lifecycle=Lifecycle.CANCELLED)
    assert suspecting(hints, order.created_at)(with_texts(ended)).facts == ()
