"""Cards whose money is only authorised at first, and taken when the merchant approves the order."""

from typing import Any

import pytest

from comanda.orders.approve import rejecting
from comanda.orders.cancel import cancelling
from tests.functional.conftest import Call
from tests.functional.edits import confirmed, edit, mxn
from tests.functional.histories import done
from tests.functional.payments.test_paying import pay_again
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import ask, show
from tests.functional.tables import contents

TOTAL, MORE = 23_200, 11_600
UNTIL = "2026-11-28T18:00:00.000Z"
ADD = {"type": "add", "sku": "TAZA-1", "quantity": 2}
FEWER = {"type": "quantity", "sku": "CAFE-1", "quantity": 1}


@pytest.fixture(autouse=True)
def on_approval(aws: None) -> None:
    set_section("payments.stripe", enabled=True, capture="approval")


def placed(call: Call) -> dict[str, Any]:
    stock_product()
    order: dict[str, Any] = place(call, payment_method="stripe")
    return order


def authorized(call: Call, world: World) -> str:
    """An order whose customer has typed the card in."""
    order_id = str(placed(call)["order_id"])
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    return order_id


def capture_of(world: World, order_id: str) -> str:
    """The newest wish to take money."""
    found = [e.effect_id for e in world.loaded(order_id).effects if e.kind == "payment.capture"]
    return max(found, key=lambda name: int(name.rpartition("-")[2]))


def captured(world: World, ref: str = "pi_0001") -> list[int]:
    return [charge.captured for charge in world.bank.payments[ref].charges]


@pytest.mark.capability("C17", "D04")
def test_approval_takes_the_money(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    order = show(call, order_id)
    (entry,) = (one for one in order["ledger"] if one["kind"] == "authorization")
    assert (order["payment"], order["paid"], order["authorized"]) == ("authorized", mxn(0), mxn(TOTAL))
    assert (entry["status"], entry["until"], entry["taking"]) == ("ok", UNTIL, None)
    assert level()["allocated"] == 0
    assert "payment_received" not in world.mails(order_id)

    done(call, order_id, "approve", {})
    order = show(call, order_id)
    assert (order["payment"], order["paid"], order["due"]) == ("authorized", mxn(0), mxn(TOTAL))
    assert captured(world) == [0]
    assert world.settle(order_id, capture_of(world, order_id))
    order = show(call, order_id)
    assert (order["payment"], order["paid"], order["due"]) == ("paid", mxn(TOTAL), mxn(0))
    assert (order["authorized"], order["holds"], captured(world)) == (mxn(0), [], [TOTAL])
    assert level()["allocated"] == 2
    assert world.mails(order_id).count("payment_received") == 1
    assert world.webhook("pi_0001")  # Stripe tells of it as well
    assert world.history(order_id).count("PaymentCaptured") == 1


@pytest.mark.capability("C17", "D04")
def test_what_is_authorised_after_the_approval_is_taken_by_itself(call: Call, world: World) -> None:
    order_id = str(placed(call)["order_id"])
    done(call, order_id, "verify", {})
    done(call, order_id, "approve", {})
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    assert world.order(order_id).payment == "authorized"
    assert world.settle(order_id, capture_of(world, order_id))
    assert (world.order(order_id).payment, captured(world)) == ("paid", [TOTAL])


def test_a_payment_begun_after_the_approval_is_taken_at_once(call: Call, world: World) -> None:
    order = placed(call)
    world.bank.decline("pi_0001")
    assert world.webhook("pi_0001")
    for command in ("verify", "approve"):
        done(call, order["order_id"], command, {})
    for method in ("bank_transfer", "stripe"):
        assert pay_again(call, order, method).status == 201
    assert "pi_0002" not in world.bank.held
    world.bank.pay("pi_0002")
    assert world.webhook("pi_0002")
    assert (world.order(order["order_id"]).payment, captured(world, "pi_0002")) == ("paid", [TOTAL])


def test_money_is_taken_at_once_where_nothing_else_is_set(call: Call, world: World) -> None:
    set_section("payments.stripe", capture="at_once")
    order_id = authorized(call, world)
    assert (world.bank.held, world.order(order_id).payment) == (set(), "paid")
    assert "capture" not in world.order(order_id).terms.to_dict()


@pytest.mark.capability("D07")
@pytest.mark.parametrize("how", ["reject", "cancel"])
def test_an_order_that_is_not_wanted_gives_the_money_up(call: Call, world: World, how: str) -> None:
    order_id = authorized(call, world)
    no = rejecting("no", "merchant", lambda: "salt")
    stop = cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True)
    world.run(order_id, no if how == "reject" else stop)
    assert world.settle(order_id, "void-pi_0001")
    order = world.order(order_id)
    assert (order.lifecycle, order.payment) == ("cancelled", "voided")
    assert world.bank.payments["pi_0001"].status == "void"
    assert "capture" not in world.bank.calls
    assert level()["reserved"] == 0


@pytest.mark.capability("D07")
def test_an_order_that_is_cancelled_before_its_money_is_taken(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "approve", {})
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    capture = capture_of(world, order_id)
    assert world.settle(order_id, capture)
    assert world.effect(order_id, capture).result == {"skipped": "not wanted any more"}
    assert world.settle(order_id, "void-pi_0001")
    order = world.order(order_id)
    assert (order.lifecycle, order.payment, captured(world)) == ("cancelled", "voided", [])


@pytest.mark.capability("D07")
def test_money_that_was_taken_before_the_cancellation_goes_back(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "approve", {})
    world.bank.lost = 1
    world.settle(order_id, capture_of(world, order_id))  # taken, and the answer lost
    world.run(order_id, cancelling("customer", "", "staff:1", lambda: "salt", restock=True, refund=True))
    assert world.settle(order_id, "void-pi_0001")
    (refund,) = [e.effect_id for e in world.loaded(order_id).effects if e.kind == "payment.refund"]
    assert world.settle(order_id, refund)
    order = world.order(order_id)
    assert (order.lifecycle, order.payment) == ("cancelled", "refunded")
    assert sum(one.amount for one in world.bank.payments["pi_0001"].refunds) == TOTAL


@pytest.mark.capability("F03", "F05")
def test_less_is_taken_of_an_order_that_became_cheaper(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    confirmed(call, order_id, FEWER)
    order = show(call, order_id)
    assert (order["payment"], order["due"], order["authorized"]) == ("authorized", mxn(MORE), mxn(TOTAL))
    done(call, order_id, "approve", {})
    assert world.settle(order_id, capture_of(world, order_id))
    order = show(call, order_id)
    assert (order["payment"], order["paid"], order["holds"]) == ("paid", mxn(MORE), [])
    assert captured(world) == [MORE]


@pytest.mark.capability("F03", "F05")
def test_of_an_order_that_became_dearer_the_rest_is_asked_for(call: Call, world: World) -> None:
    order = placed(call)
    order_id = order["order_id"]
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    stock_product("TAZA-1", 5800, 5)
    confirmed(call, order_id, ADD)
    assert world.bank.payments["pi_0001"].status == "authorized"
    assert world.settle(order_id, "pay-2")
    second = next(ref for ref in world.bank.payments if ref != "pi_0001")
    assert (world.bank.payments[second].amount, second in world.bank.held) == (MORE, True)
    done(call, order_id, "approve", {})
    assert world.settle(order_id, capture_of(world, order_id))
    shown = show(call, order_id)
    assert (shown["payment"], shown["paid"], shown["due"]) == ("partially_paid", mxn(TOTAL), mxn(MORE))
    world.bank.pay(second)
    assert world.webhook(second)
    assert world.settle(order_id, capture_of(world, order_id))
    shown = show(call, order_id)
    assert (shown["payment"], shown["paid"], shown["holds"]) == ("paid", mxn(TOTAL + MORE), [])


@pytest.mark.capability("F03")
def test_the_total_stays_while_the_money_is_being_taken(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "approve", {})
    before = contents()
    answer = edit(call, order_id, FEWER)
    assert (answer.status, answer.body["guard"]) == (409, "payment-under-way")
    assert contents() == before


def test_less_is_taken_when_a_part_came_otherwise(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "approve", {})
    first = capture_of(world, order_id)
    done(call, order_id, "mark-paid", {"amount": mxn(3_200)})
    assert world.settle(order_id, first)
    assert world.effect(order_id, first).result == {"skipped": "not wanted any more"}
    second = capture_of(world, order_id)
    assert second != first
    assert world.settle(order_id, second)
    order = show(call, order_id)
    assert (order["payment"], order["paid"], captured(world)) == ("paid", mxn(TOTAL), [TOTAL - 3_200])


def test_what_is_paid_otherwise_is_given_up(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "mark-paid", {})
    assert world.settle(order_id, "void-pi_0001")
    done(call, order_id, "approve", {})
    order = show(call, order_id)
    assert (order["payment"], order["authorized"], captured(world)) == ("paid", mxn(0), [])
    assert not [e for e in world.loaded(order_id).effects if e.kind == "payment.capture"]


def test_staff_take_the_money_before_they_approve(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    told = done(call, order_id, "capture", {})["result"]
    assert told == {"payment_id": "stripe:authorization:pi_0001", "amount": mxn(TOTAL)}
    assert world.settle(order_id, capture_of(world, order_id))
    order = show(call, order_id)
    assert (order["payment"], order["approved"]) == ("paid", False)


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"amount": mxn(TOTAL + 1)}, 422, "/amount/amount"),
        ({"amount": {"amount": 100, "currency": "EUR"}}, 422, "/amount/currency"),
        ({"amount": mxn(0)}, 422, "/amount/amount"),
        ({"payment_id": "stripe:authorization:pi_9"}, 422, "/payment_id"),
    ],
)
def test_no_more_is_taken_than_is_authorised(
    call: Call, world: World, body: dict[str, Any], status: int, told: str
) -> None:
    order_id = authorized(call, world)
    version = str(show(call, order_id)["version"])
    before = contents()
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": "k"}
    answer = ask(call, "POST", f"/admin/orders/{order_id}/capture", body, headers=headers)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (status, told)
    assert contents() == before


def test_nothing_is_taken_where_nothing_is_authorised(call: Call, world: World) -> None:
    order_id = str(placed(call)["order_id"])
    done(call, order_id, "verify", {})
    before = contents()
    headers = {"If-Match": f'"{show(call, order_id)["version"]}"', "Idempotency-Key": "k"}
    answer = ask(call, "POST", f"/admin/orders/{order_id}/capture", {}, headers=headers)
    assert (answer.status, answer.body["guard"]) == (409, "nothing-authorized")
    assert contents() == before


def test_a_refused_capture_waits_for_a_person(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "approve", {})
    capture = capture_of(world, order_id)
    world.bank.refusing = "account_closed"
    assert world.settle(order_id, capture)
    world.bank.refusing = ""
    assert world.effect(order_id, capture).state == "failed"
    assert [hold["detail"] for hold in show(call, order_id)["holds"]] == [f"{capture}: account_closed"]
    done(call, order_id, "retry", {})
    assert world.settle(order_id, capture)
    order = show(call, order_id)
    assert (order["payment"], [hold["open"] for hold in order["holds"]]) == ("paid", [False])


def test_a_refused_capture_is_settled_elsewhere(call: Call, world: World) -> None:
    order_id = authorized(call, world)
    done(call, order_id, "approve", {})
    capture = capture_of(world, order_id)
    world.bank.refusing = "account_closed"
    assert world.settle(order_id, capture)
    done(call, order_id, f"effects/{capture}/settle", {"reason": "pagó en la tienda"})
    order = show(call, order_id)
    assert (order["payment"], order["due"], order["authorized"]) == ("voided", mxn(TOTAL), mxn(0))
    done(call, order_id, "mark-paid", {})
    assert show(call, order_id)["payment"] == "paid"


def test_a_second_payment_is_not_begun_under_an_authorisation(call: Call, world: World) -> None:
    order = placed(call)
    world.bank.pay("pi_0001")
    assert world.webhook("pi_0001")
    before = contents()
    answer = pay_again(call, order, "stripe")
    assert (answer.status, answer.body["guard"]) == (409, "payment-authorized")
    assert contents() == before
