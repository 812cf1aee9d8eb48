"""Shipped, cancelled, refunded by a slip of the hand: taken back whole, or refused with the reason."""

from dataclasses import replace
from typing import Any

import pytest

from comanda import wiring
from comanda.backoffice.routes import StaffRoutes
from comanda.customers.wallet import CREDIT, Account
from comanda.fulfilment.tracking import Scan, recording
from comanda.orders.facts import Origin
from comanda.origin import UNDO_SECONDS
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.edits import opened
from tests.functional.histories import done
from tests.functional.payments.test_refunds import card, pesos
from tests.functional.payments.test_staff_entries import refused
from tests.functional.payments.world import World
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, ask, command, show

pytestmark = pytest.mark.capability("C08", "D07")
PARCEL: dict[str, Any] = {
    "lines": [{"sku": "CAFE-1", "quantity": 1}],
    "carrier": "dhl",
    "tracking_number": "T1",
}
REST = PARCEL | {"lines": [{"sku": "CAFE-1", "quantity": 2}]}
ASIDE = (
    "revision",
    "run",
    "effects",
    "version",
    "history",
    "conversation",
    "updated_at",
    "execution_arn",
    "ledger",
    "refunds",
)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of staff is a one-click event: its mails and refunds wait."""
    plain = StaffRoutes.origin.fget
    assert plain

    def waiting(routes: StaffRoutes) -> Origin:
        return replace(plain(routes), patience=UNDO_SECONDS)

    monkeypatch.setattr(StaffRoutes, "origin", property(waiting))


@pytest.fixture
def paid(call: Call, world: World, patient: None) -> str:
    stock_product()
    order_id = str(place(call)["order_id"])
    approved(call, order_id)
    done(call, order_id, "mark-paid", {"notify": False})
    world.clock.on(minutes=5)
    return order_id


def state(call: Call, order_id: str) -> dict[str, Any]:
    """The order but for what counts and tells its changes."""
    return {name: value for name, value in show(call, order_id).items() if name not in ASIDE}


def mail_of(world: World, order_id: str, event: str) -> Any:
    return next(one for one in world.loaded(order_id).effects if one.data.get("event") == event)


# -- shipped ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("parcel", [PARCEL, REST])
def test_a_parcel_is_taken_back_with_its_units(
    call: Call, world: World, paid: str, parcel: dict[str, Any]
) -> None:
    before, shelf, run = state(call, paid), level(), world.order(paid).run
    name = done(call, paid, "ship", parcel)["result"]["shipment_id"]
    done(call, paid, "undo-ship", {"shipment_id": name})
    assert (state(call, paid), level()) == (before, shelf)
    assert mail_of(world, paid, "shipped").result == {"skipped": "taken back"}
    assert world.order(paid).run == run + (parcel is REST)  # its run waited for the delivery already
    refused(call, paid, "undo-ship", {"shipment_id": name}, "nothing-left")
    done(call, paid, "ship", parcel | {"tracking_number": "T2"})
    assert wiring.orders().by_tracking("T1") == []


def test_a_parcel_that_was_told_or_scanned_stays(call: Call, world: World, paid: str) -> None:
    name = done(call, paid, "ship", PARCEL)["result"]["shipment_id"]
    mail = mail_of(world, paid, "shipped")
    at = stamp(world.clock())
    assert wiring.outbox().claim(paid, mail.effect_id, at=at) is None  # it waits
    world.clock.on(seconds=UNDO_SECONDS + 1)
    assert wiring.outbox().claim(paid, mail.effect_id, at=stamp(world.clock()))
    refused(call, paid, "undo-ship", {"shipment_id": name}, "already-told")
    silent = PARCEL | {"tracking_number": "T2", "notify": False}
    second = done(call, paid, "ship", silent)["result"]["shipment_id"]
    scan(world, paid, second)
    refused(call, paid, "undo-ship", {"shipment_id": second}, "parcel-scanned")
    refused(call, paid, "undo-ship", {"shipment_id": "nobody"}, "", 404)


def scan(world: World, order_id: str, shipment_id: str) -> None:
    seen = Scan("dhl", "T2", "in_transit", stamp(world.clock()))
    told = lambda loaded: recording(loaded.order, [seen], frozenset({shipment_id}), seen.at)  # noqa: E731
    world.run(order_id, told, "provider:dhl")


def test_units_go_back_to_the_place_they_came_from(call: Call, world: World, patient: None) -> None:
    set_section("stock", locations=[{"code": "norte"}])
    stock_product(units=1)
    units = {"delta": 5, "reason": "received", "location": "norte"}
    headers = {"Idempotency-Key": "norte"}
    assert ask(call, "POST", "/admin/stock/CAFE-1/adjust", units, role="admin", headers=headers).status == 200
    order_id = str(place(call)["order_id"])
    approved(call, order_id)
    done(call, order_id, "mark-paid", {"notify": False})
    held = {place.location: place.allocated for place in world.order(order_id).lines[0].held}
    assert held == {"main": 1, "norte": 1} or held == {"norte": 2}
    name = done(call, order_id, "ship", REST)["result"]["shipment_id"]
    done(call, order_id, "undo-ship", {"shipment_id": name})
    assert {p.location: p.allocated for p in world.order(order_id).lines[0].held} == held


# -- cancelled -------------------------------------------------------------------------------------


@pytest.mark.parametrize("restock", [True, False])
@pytest.mark.parametrize("paying", [True, False])
def test_a_cancelled_order_goes_on_as_it_was(
    call: Call, world: World, patient: None, restock: bool, paying: bool
) -> None:
    stock_product()
    order_id = str(place(call)["order_id"])
    approved(call, order_id)
    if paying:
        done(call, order_id, "mark-paid", {"notify": False})
    done(call, order_id, "hold", {"reason": "manual", "note": "mirar"})
    world.clock.on(minutes=5)
    before, shelf, run = state(call, order_id), level(), world.order(order_id).run
    done(call, order_id, "cancel", {"reason": "mistake", "note": "era otro", "restock": restock})
    assert show(call, order_id)["lifecycle"] == "cancelled"
    order = done(call, order_id, "undo-cancel")["order"]
    after = state(call, order_id)
    assert {name: (before[name], told) for name, told in after.items() if told != before[name]} == {}
    assert level() == shelf
    assert order["due"] == (pesos(0) if paying else pesos(23_200))
    assert world.order(order_id).run == run + 1
    assert mail_of(world, order_id, "order_cancelled").state == "done"
    assert {one["status"] for one in show(call, order_id)["refunds"]} <= {"withdrawn"}
    refused(call, order_id, "undo-cancel", {}, "not-cancelled")
    done(call, order_id, "cancel", {"reason": "customer"})
    assert level()["available"] == 10


def test_when_somebody_else_has_the_units_it_stays_cancelled(call: Call, world: World, paid: str) -> None:
    done(call, paid, "cancel", {"reason": "mistake"})
    place(call, "key-2", lines=[{"sku": "CAFE-1", "quantity": 9}])
    answer = command(call, paid, "undo-cancel")
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    assert answer.body["lines"] == [{"sku": "CAFE-1", "requested": 2, "available": 1}]
    assert show(call, paid)["lifecycle"] == "cancelled"


def test_an_end_that_stopped_a_payment_at_its_provider_is_final(
    call: Call, world: World, patient: None
) -> None:
    stock_product()
    order_id = str(place(call, payment_method="stripe")["order_id"])
    approved(call, order_id)
    done(call, order_id, "cancel", {"reason": "mistake"})
    refused(call, order_id, "undo-cancel", {}, "not-cancelled")  # it is being cancelled still
    assert world.settle(order_id, "void-pi_0001")
    assert show(call, order_id)["lifecycle"] == "cancelled"
    refused(call, order_id, "undo-cancel", {}, "moved-on")


def test_a_card_is_paid_back_only_when_nobody_thinks_better_of_it(
    call: Call, world: World, patient: None
) -> None:
    order_id = card(call, world)
    approved_already = show(call, order_id)["approved"] or approved(call, order_id)
    assert approved_already
    world.clock.on(minutes=5)
    before = state(call, order_id)
    done(call, order_id, "cancel", {"reason": "mistake"})
    (effect,) = [one for one in world.loaded(order_id).effects if one.kind == "payment.refund"]
    assert world.settle(order_id, effect.effect_id)  # too early: it is put back
    assert world.effect(order_id, effect.effect_id).state == "wanted"
    done(call, order_id, "undo-cancel")
    assert state(call, order_id) == before
    world.clock.on(seconds=UNDO_SECONDS + 1)
    assert world.settle(order_id, effect.effect_id)
    assert "refund" not in world.bank.calls
    done(call, order_id, "cancel", {"reason": "customer"})
    world.clock.on(seconds=UNDO_SECONDS + 1)
    (second,) = [
        one
        for one in world.loaded(order_id).effects
        if one.kind == "payment.refund" and one.state == "wanted"
    ]
    assert world.settle(order_id, second.effect_id)
    assert show(call, order_id)["payment"] == "refunded"
    refused(call, order_id, "undo-cancel", {}, "moved-on")


# -- refunded --------------------------------------------------------------------------------------


@pytest.mark.parametrize("destination", ["elsewhere", "original"])
def test_a_refund_made_by_hand_is_taken_back(call: Call, world: World, paid: str, destination: str) -> None:
    before = state(call, paid)
    wish = {"amount": pesos(700), "reason": "goodwill", "destination": destination}
    name = done(call, paid, "refund", wish)["result"]["refund_id"]
    assert show(call, paid)["payment"] == "partially_refunded"
    done(call, paid, "undo-refund", {"refund_id": name})
    assert state(call, paid) == before
    (shown,) = show(call, paid)["refunds"]
    assert shown["status"] == "withdrawn"
    assert mail_of(world, paid, "refunded").result == {"skipped": "taken back"}
    refused(call, paid, "undo-refund", {"refund_id": name}, "nothing-granted")
    done(call, paid, "refund", {"reason": "customer"})
    assert show(call, paid)["payment"] == "refunded"


def test_a_refund_that_was_told_stays(call: Call, world: World, paid: str) -> None:
    name = done(call, paid, "refund", {"reason": "goodwill"})["result"]["refund_id"]
    world.clock.on(seconds=UNDO_SECONDS + 1)
    mail = mail_of(world, paid, "refunded")
    assert wiring.outbox().claim(paid, mail.effect_id, at=stamp(world.clock()))
    refused(call, paid, "undo-refund", {"refund_id": name}, "already-told")
    refused(call, paid, "undo-refund", {"refund_id": "r999"}, "", 404)


def test_a_providers_refund_until_it_has_begun(call: Call, world: World, patient: None) -> None:
    order_id = card(call, world)
    name = done(call, order_id, "refund", {"amount": pesos(500), "reason": "goodwill"})["result"]["refund_id"]
    done(call, order_id, "undo-refund", {"refund_id": name})
    assert show(call, order_id)["payment"] == "paid"
    again = done(call, order_id, "refund", {"amount": pesos(500), "reason": "goodwill"})["result"][
        "refund_id"
    ]
    world.clock.on(seconds=UNDO_SECONDS + 1)
    (effect,) = [
        one
        for one in world.loaded(order_id).effects
        if one.kind == "payment.refund" and one.state == "wanted"
    ]
    assert wiring.outbox().claim(order_id, effect.effect_id, at=stamp(world.clock()))
    refused(call, order_id, "undo-refund", {"refund_id": again}, "already-begun")


def test_store_credit_comes_out_of_the_account_again(call: Call, world: World, paid: str) -> None:
    customer = world.order(paid).customer_id
    account = Account(CREDIT, customer, "MXN")
    wish = {"amount": pesos(700), "reason": "goodwill", "destination": "credit"}
    name = done(call, paid, "refund", wish)["result"]["refund_id"]
    assert wiring.wallets().read(account).balance == 700
    done(call, paid, "undo-refund", {"refund_id": name})
    assert wiring.wallets().read(account).balance == 0
    assert show(call, paid)["payment"] == "paid"


def test_an_order_that_was_changed_since_counts_on_its_refund(call: Call, world: World, paid: str) -> None:
    name = done(call, paid, "refund", {"amount": pesos(700), "reason": "goodwill"})["result"]["refund_id"]
    edit = opened(call, paid, {"type": "surcharge", "amount": pesos(100), "title": "Envoltura"})
    done(call, paid, f"edits/{edit['edit_id']}/confirm")
    refused(call, paid, "undo-refund", {"refund_id": name}, "moved-on")
