"""The customer is told, if the shop wants it, that a delivery order is ready to leave."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.mails import deliver, effects, letters, outbox
from tests.functional.payments.world import World
from tests.functional.pickup.counter import SHIP, fetched, shop
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, command, show
from tests.functional.test_backorder import receive, stocked
from tests.functional.test_workflow import pay

pytestmark = pytest.mark.capability("E12")
EVENT = "order_ready"


def bought(call: Call, steps: str = "ship", **wishes: Any) -> str:
    """A paid order of a shop that announces what is ready."""
    set_section("shop", name="Barro y Lana")
    set_section("shipping", deliveries=[SHIP])
    set_section("fulfilment", steps=steps, ready_mail=True)
    order_id = str(place(call, **wishes)["order_id"])
    approved(call, order_id)
    assert EVENT not in effects(order_id)
    pay(order_id)
    return order_id


def told(order_id: str) -> list[str]:
    """The subjects that went out when the effect was delivered twice."""
    outbox().clear()
    for _ in range(2):
        assert deliver(order_id, EVENT) == []
    assert all(one["X-Comanda-Event"] == EVENT for one in letters())
    return [str(one["Subject"]) for one in letters()]


@pytest.mark.parametrize("steps", ["ship", "pick_ship", "pick_pack_ship"])
def test_one_mail_after_the_last_step_before_it_is_sent(call: Call, world: World, steps: str) -> None:
    stock_product()
    order_id = bought(call, steps)
    last = {"ship": [], "pick_ship": ["pick"], "pick_pack_ship": ["pick", "pack"]}[steps]
    for name in last:
        assert EVENT not in effects(order_id)
        done(call, order_id, name)
    number = show(call, order_id)["number"]
    assert told(order_id) == [f"Barro y Lana: el pedido {number} está listo para salir"]
    plain, page = (letters()[0].get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    for text in (plain, page):
        for part in (f"Tu pedido {number} está listo para salir.", "Café CAFE-1", "Puedes seguirlo"):
            assert part in text
    assert "2 × Café CAFE-1" in plain
    history = [fact for fact in show(call, order_id)["history"] if fact["type"] == "DeliveriesReady"]
    assert [fact["data"] for fact in history] == [{"deliveries": [1]}]


def test_it_reads_english_too(call: Call, world: World) -> None:
    stock_product()
    order_id = bought(call, locale="en")
    assert told(order_id) == [f"Barro y Lana: order {show(call, order_id)['number']} is ready to leave"]


def test_without_the_setting_all_is_as_before(call: Call, world: World) -> None:
    stock_product()
    order_id = str(place(call)["order_id"])
    approved(call, order_id)
    pay(order_id)
    set_section("fulfilment", ready_mail=True)  # for orders that are placed from now on
    done(call, order_id, "pick")
    assert EVENT not in effects(order_id)
    assert "DeliveriesReady" not in [fact["type"] for fact in show(call, order_id)["history"]]


def test_what_is_fetched_is_told_by_the_counter_alone(call: Call, world: World) -> None:
    shop()
    set_section("fulfilment", ready_mail=True)
    order_id = str(fetched(call)["order_id"])
    assert EVENT not in effects(order_id)
    done(call, order_id, "ready-for-pickup")
    assert set(effects(order_id)) & {EVENT, "ready_for_pickup"} == {"ready_for_pickup"}


def test_what_is_held_or_left_meanwhile_is_not_announced(call: Call, world: World) -> None:
    stock_product()
    held = bought(call)
    done(call, held, "hold", {"reason": "manual"})
    assert told(held) == []
    assert effects(held)[EVENT].result == {"skipped": "not ready any more"}
    gone = bought(call, key="key-2")
    lines = [{"sku": "CAFE-1", "quantity": 2}]
    done(call, gone, "ship", {"lines": lines, "carrier": "dhl", "tracking_number": "T1"})
    assert told(gone) == []


def test_what_waited_for_stock_is_announced_when_it_came_in(call: Call, world: World) -> None:
    assert stocked("CAFE-1,Café,116,16,2,2026-12-24,").problems == []
    order_id = bought(call, lines=[{"sku": "CAFE-1", "quantity": 5}])
    number = show(call, order_id)["number"]
    assert told(order_id) == [f"Barro y Lana: una parte del pedido {number} está lista para salir"]
    receive(call, 4)
    assert effects(order_id)[EVENT].data["delivery"] == 2
    assert told(order_id) == [f"Barro y Lana: una parte del pedido {number} está lista para salir"]
    text = letters()[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "3 × Café" in text


def test_back_a_step_and_forth_is_told_once(call: Call, world: World) -> None:
    stock_product()
    order_id = bought(call, "pick_ship")
    done(call, order_id, "pick")
    assert len(told(order_id)) == 1
    done(call, order_id, "undo-pick")
    assert command(call, order_id, "pick", key="again").status == 200
    facts = [fact["type"] for fact in show(call, order_id)["history"]]
    assert facts.count("DeliveriesReady") == 1
