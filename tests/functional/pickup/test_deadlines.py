"""Nobody comes: one reminder, then what the settings say, judged when it is due and not before."""

from typing import Any

import pytest

from comanda import wiring
from comanda.conversation.view import order_view, section_names
from comanda.orders.facts import Origin
from comanda.times import later, stamp
from comanda.workflow.judge import deadline
from comanda.workflow.timeouts import judge_deadlines
from tests.functional.conftest import Call
from tests.functional.histories import done
from tests.functional.mails import deliver, effects
from tests.functional.payments.world import World
from tests.functional.pickup.counter import code_of, fetched, shop
from tests.functional.shop import level
from tests.functional.staff import show

pytestmark = pytest.mark.capability("D19")
DAY = 86_400


def waiting(call: Call, **terms: Any) -> tuple[str, dict[str, Any]]:
    """An order that waits at the counter of a shop with such terms."""
    shop(**terms)
    placed = fetched(call)
    order_id = str(placed["order_id"])
    done(call, order_id, "ready-for-pickup")
    return order_id, placed


def looked(world: World, order_id: str) -> None:
    """The sweep looks at the order until nothing is due."""
    now = stamp(world.clock())
    while (
        wiring.desk().run(order_id, lambda loaded: judge_deadlines(loaded, now), Origin("system", "t", now))
    ).changed:
        pass


def test_it_is_reminded_of_once_and_then_held_for_the_staff(call: Call, world: World) -> None:
    order_id, placed = waiting(call, remind_seconds=DAY, expire_seconds=3 * DAY)
    ready = world.order(order_id).pickup
    assert ready is not None
    assert deadline(world.order(order_id)) == later(ready.ready_at, DAY)
    looked(world, order_id)
    assert "PickupReminded" not in world.history(order_id)
    world.clock.on(days=1)
    looked(world, order_id)
    looked(world, order_id)
    assert world.history(order_id).count("PickupReminded") == 1
    assert deliver(order_id, "pickup_reminder") == []
    assert effects(order_id)["pickup_reminder"].result.keys() >= {"message_id"}
    assert deadline(world.order(order_id)) == later(ready.ready_at, 3 * DAY)
    world.clock.on(days=2)
    looked(world, order_id)
    order = show(call, order_id)
    (hold,) = order["holds"]
    assert (hold["reason"], hold["open"], order["label"]) == ("not_collected", True, "to_review")
    assert order["fulfilment"] == "ready_for_pickup"  # it still lies there
    looked(world, order_id)
    assert len(show(call, order_id)["holds"]) == 1
    done(
        call, order_id, "hand-over", {"code": code_of(call, placed), "name": "Ana"}
    )  # who comes late, gets it
    after = show(call, order_id)
    assert (after["fulfilment"], after["holds"][0]["open"]) == ("delivered", False)


def test_staff_give_more_time_and_the_reminder_begins_anew(call: Call, world: World) -> None:
    order_id, _ = waiting(call, remind_seconds=DAY, expire_seconds=2 * DAY)
    world.clock.on(days=2)
    looked(world, order_id)
    done(call, order_id, "ready-for-pickup", {"lines": [], "notify": False})
    order = show(call, order_id)
    assert (order["pickup"]["late"], order["holds"][0]["open"]) == (False, False)
    assert order["pickup"]["until"] == later(stamp(world.clock()), 2 * DAY)
    world.clock.on(days=1)
    looked(world, order_id)
    assert world.history(order_id).count("PickupReminded") == 2


def test_by_setting_it_is_cancelled_and_back_on_sale(call: Call, world: World) -> None:
    order_id, _ = waiting(call, remind_seconds=None, expire_seconds=DAY, overdue="cancel")
    world.clock.on(days=1)
    looked(world, order_id)
    order = show(call, order_id)
    assert (order["lifecycle"], order["cancel_reason"]) == ("cancelled", "not_collected")
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 0, "available": 10}
    assert effects(order_id)["order_cancelled"]
    assert order["pickup"]["lines"] == []


def test_what_was_partly_handed_over_is_held_and_never_cancelled(call: Call, world: World) -> None:
    order_id, placed = waiting(call, remind_seconds=None, expire_seconds=DAY, overdue="cancel")
    one = {"lines": [{"sku": "CAFE-1", "quantity": 1}]}
    done(call, order_id, "hand-over", {"code": code_of(call, placed), "name": "Ana"} | one)
    world.clock.on(days=1)
    looked(world, order_id)
    order = show(call, order_id)
    assert (order["lifecycle"], order["holds"][0]["reason"]) == ("placed", "not_collected")


def test_or_it_only_stands_in_the_list_as_late(call: Call, world: World) -> None:
    order_id, _ = waiting(call, remind_seconds=None, expire_seconds=DAY, overdue="none")
    world.clock.on(days=1)
    looked(world, order_id)
    order = show(call, order_id)
    assert (order["holds"], order["pickup"]["late"]) == ([], True)
    assert deadline(world.order(order_id)).startswith("9999")


@pytest.mark.parametrize("gone", ["hand-over", "not-ready", "cancel"])
def test_what_waits_no_more_is_not_asked_for(call: Call, world: World, gone: str) -> None:
    order_id, placed = waiting(call, remind_seconds=DAY, expire_seconds=2 * DAY)
    bodies = {"hand-over": {"code": code_of(call, placed), "name": "Ana"}, "cancel": {"reason": "customer"}}
    done(call, order_id, gone, bodies.get(gone, {}))
    world.clock.on(days=5)
    looked(world, order_id)
    assert {"PickupReminded", "PickupOverdue"}.isdisjoint(world.history(order_id))


def test_what_waits_to_be_paid_at_the_counter_is_not_cancelled_for_want_of_money(
    call: Call, world: World
) -> None:
    order_id, _ = waiting(call, remind_seconds=None, expire_seconds=30 * DAY)
    loaded = wiring.desk().load(order_id)
    shown = order_view(loaded, wiring.settings().sections(section_names(loaded.order)), "es")
    assert (shown.due_amount > 0, shown.pay_by) == (True, "")  # no day is named that does not count
    world.clock.on(days=20)  # long after the time to pay
    looked(world, order_id)
    assert show(call, order_id)["lifecycle"] == "placed"
    assert "PaymentReminded" not in world.history(order_id)
    done(call, order_id, "not-ready")
    looked(world, order_id)
    assert show(call, order_id)["cancel_reason"] == "unpaid"
