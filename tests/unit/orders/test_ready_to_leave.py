"""When a delivery order is ready to leave, and that its customer is told once."""

from dataclasses import replace

import pytest

from comanda.fulfilment.pick import STEPS, stepped
from comanda.links.issue import Links
from comanda.links.keys import Keys
from comanda.orders.consequences import Consequences
from comanda.orders.course import Course
from comanda.orders.decision import Decision
from comanda.orders.delivery_status import ready_to_leave
from comanda.orders.derive import derived
from comanda.orders.facts import Happened
from comanda.orders.model import Ending, Line, Order, Pickup, ShipmentLine, Terms
from comanda.orders.vocabulary import Lifecycle
from tests.examples import AT, ORIGIN, a_hold, a_line, a_shipment, an_entry, an_order
from tests.fakes import FakeWallets

pytestmark = pytest.mark.capability("E12")
CONSEQUENCES = Consequences(Links(None, lambda: Keys("key")), wallets=FakeWallets())  # type: ignore[arg-type]
APPROVED = Happened("OrderApproved", {"by": "merchant"})
RELEASED = Happened("HoldReleased", {"hold_id": "h1"})
QUIET = Happened("PaymentReminded", {})


def an_order_of(steps: str, *lines: Line, mail: bool = True, **more: object) -> Order:
    """A paid order that its merchant has not confirmed yet."""
    terms = Terms(steps=steps, ready_mail=mail)
    given = {"announced": True, "ledger": (an_entry("capture"),), "terms": terms} | more
    return derived(an_order(lines=lines or (a_line(reserved=2),), **given))


def confirmed(steps: str = "ship", **more: object) -> Order:
    """It is confirmed and nobody has been told."""
    return an_order_of(steps, a_line(allocated=2), approved=True, **more)


def after(order: Order, what: Happened | str, units: int = 2) -> tuple[Order, list[str]]:
    """The order after a fact or a step of its units, with all that follows, and which mails say that
    something is ready."""
    if isinstance(what, Happened):
        decided = Decision(facts=(what,))
    else:
        decided = stepped(order, STEPS[what], ((1, "l1", units),))
    course = CONSEQUENCES.follow(Course(order, ORIGIN).add(decided))
    names = [one.effect_id for one in course.decision.effects]
    return course.after, [name for name in names if name.startswith("mail-order_ready")]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("ship", ["approve"]),
        ("pick_ship", ["pick"]),
        ("pick_pack_ship", ["pack"]),
    ],
)
def test_it_is_told_after_the_last_step_before_it_is_sent(steps: str, told: list[str]) -> None:
    order, seen = an_order_of(steps), []
    for name in ("approve", "pick", "pack", "remind"):
        order, mails = after(order, {"approve": APPROVED, "remind": QUIET}.get(name, name))
        assert mails in ([], ["mail-order_ready-1"])
        seen += [name] if mails else []
    assert (seen, order.told_ready) == (told, (1,))


def test_nothing_is_told_or_stored_unless_the_shop_wants_it() -> None:
    order, mails = after(an_order_of("ship", mail=False), APPROVED)
    assert (mails, order.lines[0].allocated) == ([], 2)
    assert "told_ready" not in order.snapshot()
    assert "ready_mail" not in order.snapshot()["terms"]


def test_some_of_it_picked_is_not_all_of_it() -> None:
    order, mails = after(confirmed("pick_ship"), "pick", units=1)
    assert mails == []
    order, mails = after(order, "pick", units=1)
    assert mails == ["mail-order_ready-1"]


def test_what_goes_back_a_step_and_forth_is_told_once() -> None:
    order, _ = after(confirmed("pick_ship"), "pick")
    order, back = after(order, "undo-pick")
    order, again = after(order, "pick")
    assert (back, again, order.told_ready) == ([], [], (1,))


def test_a_delivery_order_that_waited_for_stock_is_told_when_its_units_came_in() -> None:
    short = a_line("l2", "TAZA-1", 1, backordered=1, promised_at="2026-12-14")
    order, mails = after(an_order_of("ship", a_line(reserved=2), short), APPROVED)
    assert mails == ["mail-order_ready-1"]
    came = {"line_id": "l2", "sku": "TAZA-1", "location": "main", "quantity": 1}
    order, mails = after(order, Happened("BackorderFilled", {"lines": [came]}))
    assert (mails, order.told_ready) == (["mail-order_ready-2"], (1, 2))


@pytest.mark.parametrize(
    "why",
    [
        {"holds": (a_hold(),)},
        {"lifecycle": Lifecycle.CANCELLED},
        {"approved": False},
        {"lines": (a_line(reserved=2),), "ledger": ()},  # not paid
        {"lines": (a_line(allocated=1, reserved=1),), "ledger": ()},
    ],
    ids=["held", "ended", "not confirmed", "not paid", "paid in part"],
)
def test_nothing_is_told_of_what_may_not_leave(why: dict[str, object]) -> None:
    order, mails = after(derived(replace(confirmed(), **why)), QUIET)  # type: ignore[arg-type]
    assert (mails, order.told_ready) == ([], ())


def test_an_order_that_is_about_to_end_sends_nothing_more() -> None:
    assert [work.delivery.number for work in ready_to_leave(confirmed())] == [1]
    assert ready_to_leave(confirmed(ending=Ending("cancelled", "customer", "staff:1"))) == ()


def test_it_is_told_when_the_hold_is_over() -> None:
    held = confirmed(holds=(a_hold(),))
    assert after(held, QUIET)[1] == []
    assert after(held, RELEASED)[1] == ["mail-order_ready-1"]


def test_what_leaves_at_once_is_told_by_its_parcel() -> None:
    parcel = a_shipment(("l1", "CAFE-1", 2))
    taken = [{"line_id": "l1", "sku": "CAFE-1", "location": "main", "quantity": 2}]
    left = Happened("LinesShipped", {"shipment": parcel.to_dict(), "taken": taken})
    order, mails = after(confirmed(), left)
    assert (mails, order.lines[0].shipped, order.told_ready) == ([], 2, ())


def test_what_is_put_aside_at_the_counter_has_a_mail_of_its_own() -> None:
    aside = Pickup("1", "mark", "ship", AT, (ShipmentLine("l1", "CAFE-1", 2),))
    assert after(confirmed(pickup=aside), QUIET)[1] == []
