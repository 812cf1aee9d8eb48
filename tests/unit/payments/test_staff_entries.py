"""Staff enter what banks do: payments that come back, fees, disputes."""

from dataclasses import replace

import pytest

from comanda.errors import Invalid, NotFound, WrongState
from comanda.orders.balance import balance
from comanda.orders.consequences import Consequences
from comanda.orders.course import Course
from comanda.orders.decision import Decision, Loaded
from comanda.orders.derive import amount_due
from comanda.orders.model import Ending, Order, Terms
from comanda.orders.refunds import ELSEWHERE, refundable
from comanda.orders.vocabulary import HoldReason, Lifecycle, Method, Payment
from comanda.payments.bounce import Bounce, bouncing, undoing_bounce
from comanda.payments.dispute import Claim, closing_dispute, disputing
from comanda.payments.fee import Fee, recording_fee, withdrawing_fee
from comanda.payments.grant_refund import Terms as Grant
from comanda.payments.grant_refund import executing, refunding
from comanda.payments.ledger import recording
from comanda.payments.mark_paid import marking_paid
from comanda.payments.provider import Dispute, ProviderRecord, Wanted
from comanda.payments.refund_plan import Wish
from comanda.settings.sections import PaymentMethod
from tests.payments.fake import FakeProvider
from tests.payments.made import AT, ORIGIN, TOTAL, after, intent, transfer, unpaid_order

RULES = PaymentMethod(enabled=True, remind_seconds=600, cancel_seconds=1200)
TERMS = Terms(remind_at="2026-11-20T00:00:00.000Z", pay_by="2026-11-21T00:00:00.000Z")


def salt() -> str:
    return "salt"


def followed(order: Order, decision: Decision) -> tuple[list[str], Order]:
    """The mails that follow by themselves, and the order after all that does."""
    course = Consequences(None).follow(Course(order, ORIGIN).add(decision))  # type: ignore[arg-type]
    mails = [str(one.data["event"]) for one in course.decision.effects if one.kind == "mail"]
    return mails, course.after


def paid(*amounts: int | None, **more: object) -> Order:
    """An order paid by transfer, in these parts."""
    order = unpaid_order(transfer(), method=Method.BANK_TRANSFER, approved=True, announced=True, **more)
    for amount in amounts or (None,):
        order = after(order, marking_paid(ORIGIN, salt, amount=amount)(Loaded(order, {})))
    return order


def bounce(order: Order, **asked: object) -> Decision:
    told = Bounce(**{"reason": "no_funds"} | asked)  # type: ignore[arg-type]
    return bouncing(told, lambda method: RULES, AT, salt)(Loaded(order, {}))


@pytest.mark.capability("F05")
def test_a_payment_that_comes_back_is_owed_again_and_asked_for_by_new_deadlines() -> None:
    order = replace(paid(terms=TERMS), reminded=True)
    mails, order = followed(order, bounce(order, note="Cheque 123 de Ana"))
    assert (order.payment, amount_due(order)) == (Payment.FAILED, TOTAL)
    assert [(e.kind, e.status, e.reason) for e in order.ledger] == [
        ("capture", "bounced", "no_funds"),
        ("intent", "failed", "bounced"),
    ]
    assert (order.terms.remind_at, order.terms.pay_by) == (
        "2026-11-21T18:10:00.000Z",
        "2026-11-21T18:20:00.000Z",
    )
    assert not order.reminded
    (hold,) = order.open_holds
    assert (hold.reason, hold.detail) == (HoldReason.PAYMENT_BOUNCED, "manual:capture:paid-1: no_funds")
    assert order.personal[hold.note]
    assert mails == ["payment_failed"]


def test_the_customer_is_not_written_to_where_staff_do_it_themselves() -> None:
    order = paid()
    assert followed(order, bounce(order, notify=False))[0] == []


def test_one_of_two_payments_comes_back_and_has_to_be_named() -> None:
    order = paid(20_000, None)
    with pytest.raises(Invalid, match="name one of"):
        bounce(order)
    with pytest.raises(Invalid):
        bounce(order, payment_id="manual:capture:paid-9")
    _, order = followed(order, bounce(order, payment_id="manual:capture:paid-1"))
    assert (order.payment, amount_due(order)) == (Payment.PARTIALLY_PAID, 20_000)


def test_the_hold_goes_once_the_money_is_made_good_or_the_bank_thought_again() -> None:
    _, bounced = followed(paid(), bounce(paid()))
    mails, made_good = followed(bounced, marking_paid(ORIGIN, salt)(Loaded(bounced, {})))
    assert (made_good.payment, made_good.open_holds) == (Payment.PAID, ())
    assert [e.status for e in made_good.ledger if e.kind == "intent"] == ["ok"]
    mails, undone = followed(bounced, undoing_bounce("", AT)(Loaded(bounced, {})))
    assert (undone.payment, undone.open_holds) == (Payment.PAID, ())
    assert undone.ledger == paid().ledger
    assert mails == ["payment_received"]
    _, both = followed(made_good, undoing_bounce("", AT)(Loaded(made_good, {})))
    assert (both.payment, amount_due(both)) == (Payment.OVERPAID, -TOTAL)


def test_a_hold_that_staff_opened_themselves_stays_theirs() -> None:
    _, order = followed(paid(), bounce(paid()))
    order = replace(order, holds=(*order.holds, replace(order.holds[0], hold_id="h99", detail="")))
    _, order = followed(order, marking_paid(ORIGIN, salt)(Loaded(order, {})))
    assert [hold.hold_id for hold in order.open_holds] == ["h99"]


def test_nothing_to_take_back_and_nothing_to_undo() -> None:
    with pytest.raises(WrongState) as refused:
        bounce(unpaid_order(transfer(), method=Method.BANK_TRANSFER))
    assert refused.value.guard == "nothing-to-bounce"
    with pytest.raises(WrongState) as refused:
        undoing_bounce("", AT)(Loaded(paid(), {}))
    assert refused.value.guard == "nothing-bounced"


def test_money_that_is_to_be_given_back_cannot_also_come_back() -> None:
    granted = refunding(lambda order: Wish(), Grant("customer", execute=False), AT, salt)
    order = after(paid(), granted(Loaded(paid(), {})))
    with pytest.raises(WrongState) as refused:
        bounce(order)
    assert refused.value.guard == "refund-granted"


def test_money_that_went_back_before_is_a_loss_that_a_person_looks_at() -> None:
    order = paid()
    given = refunding(lambda order: Wish(amount=5_000), Grant("customer", execute=True), AT, salt)
    order = after(order, given(Loaded(order, {})))
    _, order = followed(order, bounce(order))
    assert {hold.reason for hold in order.open_holds} == {"payment_bounced", "payment_mismatch"}
    assert balance(order.ledger).kept == -5_000


@pytest.mark.parametrize("how", ["cancelled", "ending"])
def test_an_order_that_has_ended_asks_for_nothing(how: str) -> None:
    end = {"lifecycle": Lifecycle.CANCELLED} if how == "cancelled" else {}
    order = replace(paid(terms=TERMS), ending=Ending("cancelled", "customer", "staff:1"), **end)  # type: ignore[arg-type]
    order = replace(order, ending=None) if how == "cancelled" else order
    decision = bounce(order)
    assert decision.facts[0].data["terms"] == {}
    assert [e["status"] for e in decision.facts[0].data["also"]] == ["void"]
    mails, order = followed(order, decision)
    assert "payment_failed" not in mails
    assert order.open_holds == ()


def test_a_closed_order_is_owed_again_and_may_be_paid() -> None:
    order = replace(paid(), lifecycle=Lifecycle.CLOSED)
    with pytest.raises(WrongState):
        marking_paid(ORIGIN, salt)(Loaded(order, {}))
    _, order = followed(order, bounce(order))
    assert order.terms.pay_by == ""
    _, order = followed(order, marking_paid(ORIGIN, salt)(Loaded(order, {})))
    assert (order.payment, order.lifecycle) == (Payment.PAID, Lifecycle.CLOSED)


def test_units_that_wait_for_money_wait_from_now_on() -> None:
    terms = Terms(hold_seconds=300)
    order = replace(paid(terms=terms), reserved_until="2026-11-21T00:00:00.000Z", approved=False)
    assert followed(order, bounce(order))[1].reserved_until == "2026-11-21T18:05:00.000Z"


def fee(order: Order, **asked: object) -> Decision:
    told = Fee(**{"amount": 1_500, "reason": "bank"} | asked)  # type: ignore[arg-type]
    return recording_fee(told, AT, salt)(Loaded(order, {}))


def test_a_fee_that_is_noted_changes_nothing_that_anybody_owes() -> None:
    order = paid()
    decision = fee(order, note="Comisión SPEI", payment_id="manual:capture:paid-1")
    noted = after(order, decision)
    entry = next(e for e in noted.ledger if e.kind == "fee")
    assert (entry.amount, entry.parent, entry.reason) == (1_500, "paid-1", "bank")
    assert (noted.payment, noted.totals, noted.version) == (Payment.PAID, order.totals, order.version)
    assert "SPEI" not in str(decision.facts)
    assert decision.personal[entry.reference].value == "Comisión SPEI"
    gone = after(noted, withdrawing_fee(decision.result["fee_id"], AT)(Loaded(noted, {})))
    assert [e.status for e in gone.ledger if e.kind == "fee"] == ["void"]


@pytest.mark.capability("F05")
def test_a_fee_that_is_charged_is_owed_beside_the_goods_and_can_be_taken_off() -> None:
    order = paid()
    given = refunding(lambda order: Wish(amount=5_000), Grant("goodwill", execute=True), AT, salt)
    order = after(order, given(Loaded(order, {})))
    decision = fee(order, title="Cheque devuelto")
    charged = after(order, decision)
    assert charged.totals.total == TOTAL + 1_500
    assert charged.totals.tax == order.totals.tax  # it makes good a loss: no tax
    assert charged.lines == order.lines
    assert amount_due(charged) == 1_500  # what was given back of a paid order is not asked for again
    assert charged.payment == Payment.PARTIALLY_PAID
    fee_id = decision.result["fee_id"]
    off = after(charged, withdrawing_fee(fee_id, AT)(Loaded(charged, {})))
    assert (off.totals, off.charges, amount_due(off)) == (order.totals, order.charges, 0)
    with pytest.raises(WrongState) as refused:
        withdrawing_fee(fee_id, AT)(Loaded(off, {}))
    assert refused.value.guard == "fee-withdrawn"


def test_fees_that_cannot_be_charged() -> None:
    for order, guard in (
        (replace(paid(), lifecycle=Lifecycle.CLOSED), "order-ended"),
        (unpaid_order(replace(intent(), status="processing")), "payment-under-way"),
    ):
        with pytest.raises(WrongState) as refused:
            fee(order, title="Cheque devuelto")
        assert refused.value.guard == guard
        assert fee(order).facts[0].type == "FeeRecorded"
    with pytest.raises(Invalid):
        fee(replace(paid(), terms=Terms(payable=False)), title="Cheque devuelto")
    with pytest.raises(NotFound):
        withdrawing_fee("f99", AT)(Loaded(paid(), {}))


def dispute(order: Order, **asked: object) -> Decision:
    claim = Claim(**{"reason": "fraudulent"} | asked)  # type: ignore[arg-type]
    return disputing(claim, AT, salt)(Loaded(order, {}))


def closed(order: Order, dispute_id: str, how: str) -> Order:
    return followed(order, closing_dispute(dispute_id, how, AT)(Loaded(order, {})))[1]


@pytest.mark.capability("F16")
def test_a_dispute_sets_the_money_aside_and_its_end_gives_or_takes_it() -> None:
    decision = dispute(paid(), note="llamó su banco")
    _, order = followed(paid(), decision)
    name = decision.result["dispute_id"]
    assert decision.result == {
        "dispute_id": name,
        "amount": {"amount": TOTAL, "currency": "MXN"},
        "status": "open",
    }
    assert (order.payment, refundable(order)) == (Payment.PAID, 0)
    assert [hold.reason for hold in order.open_holds] == ["dispute"]
    won = closed(order, name, "won")
    assert (won.payment, refundable(won), won.open_holds) == (Payment.PAID, TOTAL, ())
    lost = closed(order, name, "lost")
    assert (lost.payment, amount_due(lost), refundable(lost)) == (Payment.REFUNDED, TOTAL, 0)
    assert [hold.reason for hold in lost.open_holds] == ["dispute"]
    with pytest.raises(WrongState) as refused:
        closing_dispute(name, "lost", AT)(Loaded(lost, {}))
    assert refused.value.guard == "dispute-closed"
    again = closed(lost, name, "won")  # the bank thought again
    assert (again.payment, amount_due(again), again.open_holds) == (Payment.PAID, 0, ())


def test_no_more_is_disputed_than_is_left_and_nothing_disputed_is_paid_back_by_hand() -> None:
    granted = refunding(lambda order: Wish(amount=5_000), Grant("customer", execute=False), AT, salt)
    decision = granted(Loaded(paid(), {}))
    order = after(paid(), decision)
    with pytest.raises(WrongState) as refused:
        dispute(order, amount=TOTAL + 1)
    assert refused.value.guard == "dispute-exceeds-payment"
    order = after(order, dispute(order))  # what is only granted has not gone yet
    with pytest.raises(WrongState) as refused:
        executing(str(decision.result["refund_id"]), AT)(Loaded(order, {}))
    assert refused.value.guard == "refund-exceeds-payment"
    with pytest.raises(WrongState):
        dispute(order)


def test_refunds_made_elsewhere_lessen_what_can_be_disputed() -> None:
    given = refunding(lambda order: Wish(amount=5_000), Grant("other", True, ELSEWHERE), AT, salt)
    order = after(paid(), given(Loaded(paid(), {})))
    assert dispute(order).result["amount"]["amount"] == TOTAL - 5_000


def carded() -> tuple[Order, ProviderRecord]:
    bank = FakeProvider()
    ref = bank.start(Wanted("order-1", "pay-1", "P-1", TOTAL, "MXN")).ref
    bank.pay(ref)
    order = unpaid_order(intent(ref), announced=True)
    return after(order, recording(order, bank.payments[ref], AT)), bank.payments[ref]


def test_a_dispute_that_its_provider_reports_later_is_the_same_one() -> None:
    order, record = carded()
    entered = dispute(order)
    order = after(order, entered)
    reported = Dispute("du_1", record.charges[0].ref, TOTAL, "MXN", "open", "fraudulent")
    order = after(order, recording(order, replace(record, disputes=(reported,)), AT))
    assert sorted((e.provider, e.status) for e in order.ledger if e.kind == "dispute") == [
        ("manual", "void"),
        ("stripe", "pending"),
    ]
    assert len(order.open_holds) == 1
    for name in (str(entered.result["dispute_id"]), "du_1"):
        with pytest.raises(WrongState) as refused:
            closing_dispute(name, "lost", AT)(Loaded(order, {}))
        assert refused.value.guard == "provider-decides"
    lost = recording(order, replace(record, disputes=(replace(reported, status="lost"),)), AT)
    assert balance(after(order, lost).ledger).disputed == TOTAL


def test_a_won_dispute_of_the_provider_lets_the_order_go_on() -> None:
    order, record = carded()
    reported = Dispute("du_1", record.charges[0].ref, TOTAL, "MXN", "open", "fraudulent")
    order = after(order, recording(order, replace(record, disputes=(reported,)), AT))
    won = recording(order, replace(record, disputes=(replace(reported, status="won"),)), AT)
    assert followed(order, won)[1].open_holds == ()


def test_money_that_a_bank_takes_after_it_went_back_is_for_a_person_to_settle() -> None:
    order, record = carded()
    given = refunding(lambda order: Wish(), Grant("customer", True, ELSEWHERE), AT, salt)
    order = after(order, given(Loaded(order, {})))
    reported = Dispute("du_1", record.charges[0].ref, 5_000, "MXN", "lost", "fraudulent")
    order = after(order, recording(order, replace(record, disputes=(reported,)), AT))
    assert [hold.reason for hold in order.open_holds] == ["dispute", "payment_mismatch"]
    assert order.open_holds[1].detail == "5000 MXN more went back than came in"
