"""Orders held by rule: found after placing, shown to staff, shipped once they say so."""

from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.dynamo.client import client
from comanda.times import later
from tests.functional.backbone import Backbone, backbone
from tests.functional.conftest import Call
from tests.functional.shop import ADDRESS, place, set_section, stock_product
from tests.functional.staff import command, show
from tests.functional.test_workflow import verify

__all__ = ["backbone"]


def holds(call: Call, order_id: str) -> dict[str, list[str]]:
    """The open holds with the rules that found something."""
    found = show(call, order_id)["holds"]
    return {hold["reason"]: [hint["rule"] for hint in hold["hints"]] for hold in found if hold["open"]}


def placed(call: Call, backbone: Backbone, key: str, *, confirmed: bool = True, **changes: Any) -> str:
    order_id = str(place(call, key=key, **changes)["order_id"])
    backbone.settle()
    if confirmed:
        verify(call, order_id)
        backbone.settle()
    return order_id


def rules(**values: Any) -> None:
    set_section("hints", **values)
    set_section("limits", per_address=1000, per_email=1000)
    wiring.hints_of.cache_clear()


@pytest.mark.capability("F26")
def test_the_same_order_twice_holds_the_second_until_staff_release_it(call: Call, backbone: Backbone) -> None:
    rules(same_contents_minutes=60)
    stock_product(units=100)
    first = placed(call, backbone, "one")
    assert holds(call, first) == {}
    second = placed(call, backbone, "two")
    other = placed(call, backbone, "three", lines=[{"sku": "CAFE-1", "quantity": 5}])
    assert holds(call, second) == {"duplicate_suspected": ["same_contents"]}
    assert (holds(call, first), holds(call, other)) == ({}, {})
    hold = show(call, second)["holds"][0]
    assert hold["hints"][0]["orders"] == [first]
    for name, body in (("approve", {}), ("mark-paid", {})):
        assert command(call, second, name, body).status == 200  # only shipping waits
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "carrier": "dhl", "tracking_number": "T1"}
    refused = command(call, second, "ship", parcel, key="ship-1")
    assert (refused.status, refused.body["guard"]) == (409, "on-hold")
    assert command(call, second, "release-hold", {"hold_id": hold["hold_id"]}).status == 200
    wiring.suspicion().look_at(second)
    assert holds(call, second) == {}  # released for good
    assert command(call, second, "ship", parcel, key="ship-2").status == 200


@pytest.mark.capability("F26")
def test_a_repeat_of_what_was_cancelled_is_no_duplicate(call: Call, backbone: Backbone) -> None:
    rules(same_contents_minutes=60)
    stock_product(units=100)
    first = placed(call, backbone, "one")
    assert command(call, first, "cancel", {"reason": "mistake"}).status == 200
    assert holds(call, placed(call, backbone, "two")) == {}


@pytest.mark.capability("F26")
def test_many_orders_for_one_telephone_and_other_signs_are_one_hold(call: Call, backbone: Backbone) -> None:
    rules(
        most_orders=2,
        most_by=["phone"],
        amount_over=20_000,
        countries_differ=True,
        disposable_domains=["example.com"],
    )
    stock_product(units=100)
    away = ADDRESS | {"country": "US", "state": "NY", "postal_code": "10001", "city": "New York"}
    ids = [
        placed(
            call,
            backbone,
            f"k{number}",
            customer={"email": f"a{number}@example.com", "name": "A", "phone": "5512345678"},
        )
        for number in range(3)
    ]
    assert holds(call, ids[1]) == {"fraud_suspected": ["amount_over", "disposable_address"]}
    assert holds(call, ids[2]) == {"fraud_suspected": ["many_by_phone", "amount_over", "disposable_address"]}
    differs = placed(call, backbone, "billed", billing_address=away)
    assert "countries_differ" in holds(call, differs)["fraud_suspected"]


@pytest.mark.capability("F26")
def test_express_goods_wait_for_a_confirmed_address(call: Call, backbone: Backbone) -> None:
    rules(express=["ship"])
    stock_product(units=100)
    order_id = placed(call, backbone, "paid-first", confirmed=False)
    assert holds(call, order_id) == {}  # nobody would ship it yet
    assert command(call, order_id, "mark-paid", {}).status == 200
    backbone.settle()
    assert holds(call, order_id) == {"fraud_suspected": ["unverified_express"]}
    assert holds(call, placed(call, backbone, "confirmed")) == {}


@pytest.mark.capability("F26")
def test_looking_twice_changes_nothing(call: Call, backbone: Backbone) -> None:
    rules(amount_over=1, same_contents_minutes=60)
    stock_product(units=100)
    order_id = placed(call, backbone, "one")
    before = show(call, order_id)
    for _ in range(2):
        wiring.suspicion().look_at(order_id)
    assert show(call, order_id) == before
    seen = [
        item
        for item in boto3.client("dynamodb").scan(TableName="DedupeTable")["Items"]
        if item["pk"]["S"].startswith("HINT#")
    ]
    assert [len(item["orders"]["SS"]) for item in seen] == [1]
    assert all("expires_at" in item for item in seen)


@pytest.mark.capability("F26")
def test_while_no_rule_is_on_nothing_is_asked_of_any_table(call: Call, backbone: Backbone) -> None:
    set_section("limits", per_address=1000, per_email=1000)
    stock_product(units=100)
    order_id = placed(call, backbone, "one")
    wiring.suspicion().look_at(order_id)  # the rules are known for a minute
    asked: list[str] = []

    def note(model: Any, **_: Any) -> None:
        asked.append(model.name)

    client().meta.events.register("before-call.dynamodb", note)
    try:
        assert wiring.suspicion().look_at(order_id) is None
    finally:
        client().meta.events.unregister("before-call.dynamodb", note)
    assert asked == []
    assert holds(call, order_id) == {}


@pytest.mark.capability("F26")
def test_a_busy_key_stays_bounded(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from comanda.orders import hint_counts

    monkeypatch.setattr(hint_counts, "MOST", 6)
    counts = hint_counts.HintCounts("DedupeTable")
    at = "2026-11-22T12:00:00.000Z"
    for number in range(12):
        told = counts.add("key", f"o-{number:02d}", later(at, number * 60), minutes=3)
        assert (f"o-{number:02d}", later(at, number * 60)) in told
        assert all(moment_at >= later(at, (number - 3) * 60) for _, moment_at in told)
    item = boto3.client("dynamodb").get_item(TableName="DedupeTable", Key={"pk": {"S": "HINT#key"}})["Item"]
    assert len(item["orders"]["SS"]) <= 6
