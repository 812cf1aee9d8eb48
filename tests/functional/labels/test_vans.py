"""A carrier is asked to fetch parcels: once, whatever is repeated or lost, and settled where nobody knows."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Answer
from tests.functional.labels_world import WISH, LabelWorld
from tests.functional.shop import set_section
from tests.functional.staff import ask
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("D12")

VAN = "/admin/vans/5b6f0f0e-8d5c-4d3a-9a39-1f6a1f1f6f10"


def wish(*orders: str, **changes: Any) -> dict[str, Any]:
    asked = {"account": "easypost", "carrier": "FedEx", "day": "2026-11-23", "ready_from": "10:00"}
    return asked | {"ready_until": "17:30", "orders": list(orders), "note": "Timbre 2"} | changes


@pytest.fixture
def order_id(shop: LabelWorld) -> str:
    order_id = shop.ready()
    shop.does(order_id, "buy-label", WISH)
    shop.work(order_id)
    return order_id


def sent(shop: LabelWorld, body: dict[str, Any], path: str = VAN) -> Answer:
    return ask(shop.call, "PUT", path, body)


def test_a_van_is_asked_for_once_and_listed(shop: LabelWorld, order_id: str) -> None:
    first = sent(shop, wish(order_id))
    assert first.status == 200, first.text
    assert (first.body["state"], first.body["confirmation"]) == ("booked", "CONF1")
    assert first.body["amount"] == {"amount": 5_000, "currency": "MXN"}
    assert first.body["labels"] == [{"order_id": order_id, "label_id": "l1"}]
    (asked,) = shop.carrier.vans
    assert (asked.day, asked.ready_from, asked.ready_until, asked.offset) == (
        "2026-11-23",
        "10:00",
        "17:30",
        "-06:00",
    )
    assert asked.place.city == "Naucalpan"
    assert len(asked.labels) == len(asked.boxes) == 1
    before = contents()
    assert sent(shop, wish(order_id)).body == first.body
    assert contents() == before
    assert len(shop.carrier.vans) == 1
    assert ask(shop.call, "GET", "/admin/vans").body == {"items": [first.body], "next": None}


def test_the_same_id_is_not_taken_for_another_van(shop: LabelWorld, order_id: str) -> None:
    sent(shop, wish(order_id))
    before = contents()
    answer = sent(shop, wish(order_id, day="2026-11-24"))
    assert (answer.status, answer.body["guard"]) == (409, "van-asked-otherwise")
    assert contents() == before
    assert len(shop.carrier.vans) == 1


def test_a_carrier_that_refuses_or_is_down_sends_nobody(shop: LabelWorld, order_id: str) -> None:
    shop.carrier.down = True
    answer = sent(shop, wish(order_id))
    assert (answer.body["state"], answer.body["reason"]) == ("refused", "the carrier does not answer")
    assert shop.carrier.vans == []
    settled = ask(shop.call, "POST", f"{VAN}/settle", {"comes": True})
    assert (settled.status, settled.body["guard"]) == (409, "van-not-open")


def test_what_nobody_knows_is_not_asked_again_but_settled(shop: LabelWorld, order_id: str) -> None:
    shop.carrier.lost = 1
    assert sent(shop, wish(order_id)).body["state"] == "unknown"
    assert sent(shop, wish(order_id)).body["state"] == "unknown"
    assert len(shop.carrier.vans) == 1
    told = ask(shop.call, "POST", f"{VAN}/settle", {"comes": True, "confirmation": "TEL-77"})
    assert (told.status, told.body["state"], told.body["confirmation"]) == (200, "booked", "TEL-77")
    again = ask(shop.call, "POST", f"{VAN}/settle", {"comes": False})
    assert (again.status, again.body["guard"]) == (409, "van-not-open")
    assert sent(shop, wish(order_id)).body["confirmation"] == "TEL-77"


def test_who_died_while_asking_leaves_a_van_that_nobody_knows_of(
    shop: LabelWorld, order_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise SystemExit("the function ended")

    desk = wiring.carrier_desk()
    monkeypatch.setattr(desk, "request_pickup", dies)
    with pytest.raises(SystemExit):
        sent(shop, wish(order_id))
    monkeypatch.undo()
    assert ask(shop.call, "GET", "/admin/vans").body["items"][0]["state"] in ("asked", "unknown")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"day": "2026-11-21"}, "/day"),
        ({"day": "2026-02-31"}, "/day"),
        ({"ready_until": "09:00"}, "/ready_until"),
        ({"account": "ups"}, "/account"),
        ({"carrier": "dhl"}, "/orders/0"),
        ({"orders": ["nobody"]}, "/orders/0"),
    ],
)
def test_what_cannot_be_asked_changes_nothing(
    shop: LabelWorld, order_id: str, changes: dict[str, Any], pointer: str
) -> None:
    before = contents()
    answer = sent(shop, wish(order_id) | changes)
    assert answer.status == 422, answer.text
    assert answer.body["errors"][0]["pointer"] == pointer
    assert contents() == before
    assert shop.carrier.vans == []


def test_without_a_sender_there_is_nowhere_to_come_to(shop: LabelWorld, order_id: str) -> None:
    set_section("carriers", accounts=[{"code": "easypost"}], senders={})
    answer = sent(shop, wish(order_id))
    assert (answer.status, answer.body["guard"]) == (409, "no-sender")
