"""What follows by itself from what has happened."""

from dataclasses import replace
from typing import Any

import pytest

from comanda.links.issue import Links
from comanda.links.keys import Keys
from comanda.orders.consequences import Consequences
from comanda.orders.course import Course
from comanda.orders.decision import Decision, Effect
from comanda.orders.derive import derived
from comanda.orders.facts import Happened
from comanda.orders.model import Ending, Order, Terms
from comanda.orders.vocabulary import Lifecycle
from tests.examples import ORIGIN, TOTAL, a_hold, a_line, a_shipment, an_entry, an_order, happening, named
from tests.fakes import FakeWallets

CONSEQUENCES = Consequences(Links(None, lambda: Keys("key")), wallets=FakeWallets())  # type: ignore[arg-type]


def follows(before: Order | None, *facts: Happened, stock: bool = True) -> Decision:
    """What is decided in all when `facts` happen to an order."""
    course = Course(before, ORIGIN).add(Decision(facts=facts))
    return CONSEQUENCES.follow(course, stock=stock).decision


def order_after(before: Order, decision: Decision) -> Order:
    return Course(before, ORIGIN).add(decision).after


def mails(decision: Decision) -> list[str]:
    return sorted(effect.data["event"] for effect in decision.effects if effect.kind == "mail")


def captured(amount: int = TOTAL) -> Happened:
    return Happened("PaymentCaptured", {"entry": an_entry("capture", amount).to_dict()})


APPROVED = Happened("OrderApproved", {"by": "merchant"})
VERIFIED = Happened("EmailVerified", {"by": "link"})
GUEST = an_order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False)
RESERVED = an_order(announced=True, lines=(a_line(reserved=2),))
NOTHING_HELD = an_order(announced=True, lines=(a_line(),))


@pytest.mark.capability("A07", "A11", "D02")
def test_a_confirmed_address_tells_the_merchant_and_the_customer() -> None:
    decision = follows(GUEST, VERIFIED)
    assert named(decision) == ["EmailVerified", "MerchantNotified"]
    assert mails(decision) == ["merchant_order", "order_placed"]
    assert len(decision.also) == 2  # the links to approve and to the CSV
    (told,) = [effect for effect in decision.effects if effect.effect_id == "mail-merchant_order"]
    assert set(told.data["links"]) == {"approve", "csv"}


@pytest.mark.capability("D02")
def test_money_tells_the_merchant_of_an_unconfirmed_order_at_once_and_says_so() -> None:
    decision = follows(GUEST, captured())
    assert named(decision) == ["PaymentCaptured", "MerchantNotified"]
    assert happening(decision, "MerchantNotified").data == {"verified": False}
    assert mails(decision) == ["merchant_order", "payment_received"]
    assert order_after(GUEST, decision).lifecycle == Lifecycle.PLACED


def test_the_merchant_is_told_once_and_early_if_the_shop_wants_it() -> None:
    assert named(follows(replace(GUEST, announced=True), VERIFIED)) == ["EmailVerified"]
    early = replace(GUEST, terms=Terms(notify_merchant="placed"))
    placed = Happened("OrderPlaced", {"order": early.to_dict()})
    assert named(follows(None, placed)) == ["OrderPlaced", "MerchantNotified"]
    late = Happened("OrderPlaced", {"order": GUEST.to_dict()})
    assert named(follows(None, late)) == ["OrderPlaced"]


def test_a_shop_may_approve_by_itself_but_not_before_the_address_is_confirmed() -> None:
    automatic = replace(GUEST, terms=Terms(approval="automatic"))
    assert named(follows(automatic, Happened("PaymentReminded", {}))) == ["PaymentReminded"]
    decision = follows(automatic, VERIFIED)
    assert named(decision) == ["EmailVerified", "OrderApproved", "MerchantNotified"]
    assert mails(decision) == ["merchant_order", "order_placed"]  # the placing says it all


@pytest.mark.capability("A22")
def test_the_customer_is_told_of_the_approval() -> None:
    assert mails(follows(RESERVED, APPROVED)) == ["order_approved"]


def test_reserved_units_are_allocated_once_approved_and_paid_in_either_order() -> None:
    approved_first = follows(replace(RESERVED, approved=True), captured())
    assert named(approved_first) == ["PaymentCaptured", "StockAllocated"]
    paid = derived(replace(RESERVED, ledger=(an_entry("capture"),)))
    assert named(follows(paid, APPROVED)) == ["OrderApproved", "StockAllocated"]
    assert named(follows(RESERVED, APPROVED)) == ["OrderApproved"]
    assert named(follows(replace(RESERVED, approved=True), captured(TOTAL - 1))) == ["PaymentCaptured"]
    on_credit = replace(RESERVED, terms=Terms(ship_before_payment=True))
    assert named(follows(on_credit, APPROVED)) == ["OrderApproved", "StockAllocated"]


@pytest.mark.capability("E13")
def test_what_is_reserved_on_confirmation_is_reserved_when_the_merchant_confirms() -> None:
    later = replace(NOTHING_HELD, terms=Terms(reserve_on="confirmed"))
    assert named(follows(later, captured())) == ["PaymentCaptured"]
    decision = follows(later, APPROVED)
    assert named(decision) == ["OrderApproved", "StockReserved"]
    assert sum(move.reserved for move in decision.moves) == 2


def test_confirmed_without_stock_it_is_held_once_and_asks_again_when_released() -> None:
    later = replace(NOTHING_HELD, terms=Terms(reserve_on="confirmed"))
    held = follows(later, APPROVED, stock=False)
    assert named(held) == ["OrderApproved", "HoldOpened"]
    assert happening(held, "HoldOpened").data["hold"]["reason"] == "out_of_stock"
    order = order_after(later, held)
    assert named(
        follows(order, Happened("OrderExported", {"destination": "d", "batch": "b", "version": 1}))
    ) == ["OrderExported"]
    released = Happened("HoldReleased", {"hold_id": order.open_holds[0].hold_id})
    assert named(follows(order, released)) == ["HoldReleased", "StockReserved"]


ENDED_UNPAID = derived(
    an_order(
        lifecycle=Lifecycle.CANCELLED,
        cancel_reason="unpaid",
        announced=True,
        approved=True,
        lines=(a_line(cancelled=2),),
    )
)


@pytest.mark.parametrize("lifecycle", [Lifecycle.CANCELLED, Lifecycle.EXPIRED])
@pytest.mark.capability("G03")
def test_late_money_revives_an_order_that_ended_for_want_of_it(lifecycle: Lifecycle) -> None:
    reason = "expired" if lifecycle == Lifecycle.EXPIRED else "unpaid"
    ended = replace(ENDED_UNPAID, lifecycle=lifecycle, cancel_reason=reason)
    decision = follows(ended, captured())
    assert named(decision) == [
        "PaymentCaptured",
        "OrderRevived",
        "StockReserved",
        "RunStarted",
        "StockAllocated",
    ]
    assert Effect("run-2", "lifecycle", {"run": 2}) in decision.effects
    revived = order_after(ended, decision)
    assert (revived.lifecycle, revived.run, revived.payment) == (Lifecycle.PLACED, 2, "paid")
    assert [(line.allocated, line.cancelled) for line in revived.lines] == [(2, 0)]


@pytest.mark.capability("G03")
def test_late_money_without_stock_is_held_for_a_person() -> None:
    decision = follows(ENDED_UNPAID, captured(), stock=False)
    assert named(decision) == ["PaymentCaptured", "HoldOpened"]
    assert happening(decision, "HoldOpened").data["hold"]["reason"] == "late_payment"
    assert decision.moves == ()
    assert order_after(ENDED_UNPAID, decision).lifecycle == Lifecycle.CANCELLED


@pytest.mark.parametrize("reason", ["customer_request", "rejected", "fraud"])
@pytest.mark.capability("G03")
def test_late_money_for_an_order_that_somebody_ended_is_held(reason: str) -> None:
    decision = follows(replace(ENDED_UNPAID, cancel_reason=reason), captured())
    assert named(decision) == ["PaymentCaptured", "HoldOpened"]


@pytest.mark.capability("G03")
@pytest.mark.parametrize(("refund", "held"), [(False, ["late_payment"]), (True, [])])
def test_money_that_comes_while_somebody_ends_the_order_is_given_back_or_held(
    refund: bool, held: list[str]
) -> None:
    ending = Ending("cancelled", "customer", "staff:1", refund=refund)
    attempt = an_entry("intent", status="pending", ref="pi_1")
    asked = derived(replace(RESERVED, ending=ending, ledger=(attempt,)))
    money = an_entry("capture", ref="ch_1", parent="pi_1")
    after = order_after(asked, follows(asked, Happened("PaymentCaptured", {"entry": money.to_dict()})))
    assert after.lifecycle == Lifecycle.CANCELLED
    assert [hold.reason for hold in after.open_holds] == held
    assert [e.status for e in after.ledger if e.kind == "refund"] == (["pending"] if refund else [])


def test_a_late_refund_or_failure_revives_nothing() -> None:
    refund = an_entry("refund", 100, ref="re_1")
    paid_once = derived(replace(ENDED_UNPAID, ledger=(an_entry("capture", 100),)))
    for entry, fact in ((refund, "RefundExecuted"), (an_entry("intent", status="failed"), "PaymentFailed")):
        assert named(follows(paid_once, Happened(fact, {"entry": entry.to_dict()}))) == [fact]


@pytest.mark.parametrize(
    ("fact", "entry", "told"),
    [
        ("PaymentCaptured", an_entry("capture"), ["payment_received"]),
        ("PaymentAuthorized", an_entry("authorization"), []),
        ("PaymentFailed", an_entry("intent", status="failed"), ["payment_failed"]),
        ("PaymentProcessing", an_entry("intent", status="processing"), []),
    ],
)
@pytest.mark.capability("C20", "D08")
def test_what_the_customer_is_told_of_money(fact: str, entry: Any, told: list[str]) -> None:
    assert mails(follows(RESERVED, Happened(fact, {"entry": entry.to_dict()}))) == told


@pytest.mark.capability("D08")
def test_a_receipt_is_left_out_where_the_order_wants_none() -> None:
    assert mails(follows(replace(RESERVED, terms=Terms(receipt=False)), captured())) == []


@pytest.mark.capability("C28")
def test_a_refund_is_told_but_what_a_bank_takes_back_is_not() -> None:
    paid = derived(replace(RESERVED, ledger=(an_entry("capture"),)))
    refund = an_entry("refund", 100, ref="re_1").to_dict()
    dispute = an_entry("dispute", 100, ref="dp_1").to_dict()
    assert mails(follows(paid, Happened("RefundExecuted", {"entry": refund}))) == ["refunded"]
    assert mails(follows(paid, Happened("DisputeClosed", {"entry": dispute}))) == []


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [
        ("cancelled", "unpaid", ["order_cancelled"]),
        ("rejected", "rejected", ["order_rejected"]),
        ("expired", "expired", []),  # whoever never confirmed the address is not written to
    ],
)
@pytest.mark.capability("C21")
def test_what_the_customer_is_told_of_the_end(kind: str, reason: str, told: list[str]) -> None:
    asked = Happened("EndingAsked", {"ending": Ending(kind, reason, "system").to_dict()})
    decision = follows(replace(NOTHING_HELD, verified=False), asked)
    assert mails(decision) == told
    over = order_after(replace(NOTHING_HELD, verified=False), decision)
    note = Happened("HoldOpened", {"hold": a_hold().to_dict()})
    assert mails(follows(over, note)) == []


@pytest.mark.capability("C23")
def test_each_parcel_is_announced_once_when_it_arrives() -> None:
    on_its_way = replace(
        RESERVED, shipments=(a_shipment(), a_shipment(shipment_id="s2", tracking_number="JD0002"))
    )
    arrived = {"status": "delivered", "delivered_at": ORIGIN.at}
    first = Happened("ShipmentScanned", {"shipment_id": "s1", "changes": arrived})
    decision = follows(on_its_way, first)
    assert [effect.effect_id for effect in decision.effects] == ["mail-delivered-s1"]
    then = order_after(on_its_way, decision)
    again = Happened("ShipmentScanned", {"shipment_id": "s1", "changes": {"scan_rank": 9}})
    assert mails(follows(then, again)) == []
