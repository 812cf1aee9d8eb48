"""Goods put aside for whoever fetches them: the code, the counter, who took them, and taking that back."""

import re
from typing import Any

import pytest

from comanda import wiring
from comanda.orders.close import close_order
from comanda.orders.facts import Origin
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.histories import done, items
from tests.functional.mails import deliver, effects, letters
from tests.functional.payments.world import World
from tests.functional.pickup.counter import code_of, customers, fetched, shop, unchanged
from tests.functional.shop import ADDRESS, level
from tests.functional.staff import ask, show
from tests.functional.tables import contents
from tests.unit.orders.delivery_orders import delivery_orders_are_sound

pytestmark = pytest.mark.capability("D19")
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def test_what_is_ready_is_told_and_shown_with_a_code_that_is_stored_nowhere(call: Call, world: World) -> None:
    shop(remind_seconds=3600, expire_seconds=7200)
    placed = fetched(call)
    order_id = str(placed["order_id"])
    assert customers(call, placed)["pickup"] is None
    told = done(call, order_id, "ready-for-pickup", {"shelf": "B3"})
    assert told["order"]["fulfilment"] == "ready_for_pickup"
    assert told["order"]["label"] == "processed"
    assert told["order"]["pickup"]["shelf"] == "B3"
    shown = customers(call, placed)
    assert shown["fulfilment"] == "ready_for_pickup"
    pickup = shown["pickup"]
    assert CODE.fullmatch(pickup["code"])
    assert pickup["location"]["place"] == "Av. Juárez 10, Centro"
    assert pickup["until"] == told["result"]["until"] == "2026-11-21T20:00:00.000Z"
    assert [line["quantity"] for line in pickup["lines"]] == [2]
    everything = "".join(one for rows in contents().values() for one in rows)
    bare = pickup["code"].replace("-", "")
    assert bare not in everything
    assert pickup["code"] not in everything
    assert bare not in str(items(order_id))


def test_the_mail_says_where_when_and_by_which_code(call: Call, world: World) -> None:
    shop()
    placed = fetched(call, locale="en")
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    assert deliver(order_id, "ready_for_pickup") == []
    mail = letters()[-1]
    assert mail["X-Comanda-Event"] == "ready_for_pickup"
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    code = code_of(call, placed)
    for text in (plain, page):
        for part in (code, "10 Juárez Av., Centro", "Monday to Friday, 10 to 19", "Coffee CAFE-1"):
            assert part in text
    (picture,) = (part for part in mail.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == f"<code-{code.replace('-', '')}>"
    assert f"cid:code-{code.replace('-', '')}" in page
    assert picture.get_payload(decode=True)[:4] == b"\x89PNG"  # type: ignore[index]


def test_whoever_shows_the_code_gets_the_goods(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    code = code_of(call, placed)
    found = ask(call, "POST", "/admin/pickups/find", {"code": code.replace("-", " ").lower()})
    assert found.body["order_id"] == order_id
    assert level()["on_hand"] == 10
    told = done(call, order_id, "hand-over", {"code": code, "name": "Luis Muñoz", "paid": True})
    order = told["order"]
    assert (order["fulfilment"], order["payment"], order["label"]) == ("delivered", "paid", "delivered")
    assert level() == {"on_hand": 8, "reserved": 0, "allocated": 0, "available": 8}
    (taken,) = order["pickup"]["handed_over"]
    assert (taken["name"], taken["by_code"]) == ("Luis Muñoz", True)
    assert deliver(order_id, "delivered") == []
    text = letters()[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Luis Muñoz" in text
    assert "Luis" not in str(items(order_id, "FACT"))
    assert effects(order_id)["payment_received"]
    assert show(call, order_id)["lifecycle"] == "placed"
    shown = customers(call, placed)["pickup"]
    assert (shown["ready"], shown["code"], shown["handed_over"][0]["name"]) == (False, None, "Luis Muñoz")


def test_a_wrong_code_is_refused_precisely_and_not_tried_for_long(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    for _ in range(5):
        refused = unchanged(call, order_id, "hand-over", {"code": "AAAA-AAAA", "name": "Luis"})
        assert refused.body["errors"] == [
            {"pointer": "/code", "detail": "this is not the pickup code of the order"}
        ]
    right = {"code": code_of(call, placed), "name": "Ana"}
    limited = unchanged(call, order_id, "hand-over", right)
    assert limited.body["type"].endswith("rate-limited")
    assert int(limited.headers["retry-after"]) > 0
    world.clock.on(minutes=1)
    done(call, order_id, "hand-over", right)


def test_codes_are_not_guessed_one_after_the_other(call: Call, world: World) -> None:
    shop()
    for number in range(30):
        answer = ask(call, "POST", "/admin/pickups/find", {"code": f"AAAA-{number:04}"})
        assert answer.status == 404, answer.text
    assert ask(call, "POST", "/admin/pickups/find", {"code": "AAAA-9999"}).status == 429


def test_handed_over_twice_says_when_and_to_whom(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    number = show(call, order_id)["number"]
    assert unchanged(call, order_id, "hand-over", {"number": number, "name": "A"}).body["guard"] == (
        "nothing-at-counter"
    )
    done(call, order_id, "ready-for-pickup")
    code = code_of(call, placed)
    wrong = unchanged(call, order_id, "hand-over", {"number": "P-0", "name": "Ana"})
    assert wrong.body["errors"][0]["pointer"] == "/number"
    assert unchanged(call, order_id, "hand-over", {"name": "Ana"}).status == 422
    late = unchanged(call, order_id, "hand-over", {"code": code, "name": "Ana", "at": "2026-11-21T18:00:01Z"})
    assert late.body["errors"][0]["pointer"] == "/at"
    done(call, order_id, "hand-over", {"number": number.lower(), "name": "Ana"})
    again = unchanged(call, order_id, "hand-over", {"code": code, "name": "Otro"})
    assert again.body["guard"] == "already-handed-over"
    assert "Ana" in again.body["detail"]
    assert show(call, order_id)["pickup"]["handed_over"][0]["at"] in again.body["detail"]
    stranger = unchanged(call, order_id, "hand-over", {"code": "AAAA-AAAA", "name": "Otro"})
    assert "Ana" not in stranger.text  # who has no code learns nothing


def test_some_of_it_at_a_time_under_one_code(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    one = {"lines": [{"sku": "CAFE-1", "quantity": 1}]}
    done(call, order_id, "ready-for-pickup", one)
    code = code_of(call, placed)
    assert unchanged(call, order_id, "ready-for-pickup", {"lines": [{"sku": "CAFE-1", "quantity": 2}]}).body[
        "guard"
    ] == ("not-enough-to-ship")
    done(call, order_id, "ready-for-pickup", one)
    assert code_of(call, placed) == code
    done(call, order_id, "hand-over", {"code": code, "name": "Ana"} | one)
    order = show(call, order_id)
    assert (order["fulfilment"], order["pickup"]["lines"][0]["quantity"]) == ("partially_delivered", 1)
    listed = ask(call, "GET", "/admin/pickups").body["items"]
    assert [row["order_id"] for row in listed] == [order_id]
    refused = unchanged(
        call,
        order_id,
        "hand-over",
        {"code": code, "name": "Ana", "lines": [{"sku": "CAFE-1", "quantity": 2}]},
    )
    assert refused.body["guard"] == "not-so-many"
    done(call, order_id, "hand-over", {"code": code, "name": "Ana"})
    assert show(call, order_id)["fulfilment"] == "delivered"
    assert ask(call, "GET", "/admin/pickups").body["items"] == []


def test_a_hand_over_by_mistake_is_taken_back(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    before, shelf = show(call, order_id)["pickup"], level()
    made = done(call, order_id, "hand-over", {"code": code_of(call, placed), "name": "Ana"})
    run = world.order(order_id).run
    done(call, order_id, "undo-hand-over", {"hand_over_id": made["result"]["hand_over_id"]})
    after = show(call, order_id)
    assert (after["pickup"], level()) == (before, shelf)
    assert after["fulfilment"] == "ready_for_pickup"
    assert world.order(order_id).run == run + 1
    refused = unchanged(call, order_id, "undo-hand-over", made["result"])
    assert refused.body["guard"] == "nothing-handed-over"
    done(call, order_id, "hand-over", {"code": code_of(call, placed), "name": "Ana"})


@pytest.mark.capability("D19", "D18")
def test_a_hand_over_from_before_the_plan_counts_where_it_is_when_taken_back(
    call: Call, world: World
) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    one = {"lines": [{"sku": "CAFE-1", "quantity": 1}]}
    done(call, order_id, "ready-for-pickup", one)
    made = done(call, order_id, "hand-over", {"code": code_of(call, placed), "name": "Ana"} | one)
    done(call, order_id, "pick", one)  # from now on the delivery orders are stored
    done(call, order_id, "undo-hand-over", {"hand_over_id": made["result"]["hand_over_id"]})
    delivery_orders_are_sound(world.order(order_id))
    (delivery,) = show(call, order_id)["deliveries"]
    assert [(own["quantity"], own["shipped"]) for own in delivery["lines"]] == [(2, 0)]


def test_an_order_that_was_closed_by_its_hand_over_is_opened_again(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    paid = {"code": code_of(call, placed), "name": "Ana", "paid": True, "notify": False}
    made = done(call, order_id, "hand-over", paid)
    at = Origin("system", "test", stamp(world.clock()))
    close_order(wiring.desk(), order_id, world.order(order_id).run, at)
    assert show(call, order_id)["lifecycle"] == "closed"
    done(call, order_id, "undo-hand-over", {"hand_over_id": made["result"]["hand_over_id"]})
    order = show(call, order_id)
    axes = [order[name] for name in ("lifecycle", "payment", "fulfilment")]
    assert axes == ["placed", "paid", "ready_for_pickup"]


def test_what_is_not_ready_after_all_waits_no_more(call: Call, world: World) -> None:
    shop()
    placed = fetched(call)
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    done(call, order_id, "not-ready")
    assert show(call, order_id)["fulfilment"] == "unfulfilled"
    assert customers(call, placed)["pickup"]["code"] is None
    assert deliver(order_id, "ready_for_pickup") == []
    assert effects(order_id)["ready_for_pickup"].result == {"skipped": "nothing waits any more"}
    assert unchanged(call, order_id, "not-ready", {}).body["guard"] == "nothing-at-counter"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"location": "ship"}, "/location"), ({"until": "2020-01-01"}, "/until")],
)
def test_nonsense_is_refused(call: Call, world: World, body: dict[str, Any], pointer: str) -> None:
    shop()
    order_id = str(fetched(call)["order_id"])
    assert unchanged(call, order_id, "ready-for-pickup", body).body["errors"][0]["pointer"] == pointer


def test_what_is_sent_is_not_fetched(call: Call, world: World) -> None:
    shop()
    sent = fetched(call, delivery="ship", shipping_address=ADDRESS, payment_method="bank_transfer")
    order_id = str(sent["order_id"])
    done(call, order_id, "mark-paid")
    assert unchanged(call, order_id, "ready-for-pickup", {}).body["guard"] == "not-fetched"
