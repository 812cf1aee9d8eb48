"""What every payment provider behind the port has to do; the double in memory and the real adapter alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from comanda.errors import ProviderUnavailable
from comanda.payments.provider import (
    Charge,
    PaymentProvider,
    ProviderRefused,
    RefundWanted,
    Started,
    Wanted,
)

WANTED = Wanted("order-1", "pay-1", "P-000001", 23_200, "MXN")


class Bank(Protocol):
    """The world around a provider: customers, banks, outages."""

    provider: PaymentProvider

    def pay(self, ref: str) -> None: ...
    def decline(self, ref: str) -> None: ...
    def process(self, ref: str) -> None: ...
    def authorized(self, order_id: str, amount: int) -> str: ...
    def dispute(self, ref: str, amount: int) -> str: ...
    def close_dispute(self, ref: str, dispute: str, status: str) -> None: ...
    def fail_refund(self, ref: str, refund: str) -> None: ...
    def outage(self) -> None: ...
    def lose_answers(self) -> None: ...
    def mend(self) -> None: ...
    def count(self) -> int: ...


class ProviderContract:
    """Subclass it and give a fixture `bank`. `UNKNOWN` is a reference that nobody was given, `DECLINED` what
    a refused card is told, `NAMES_REFUNDS` whether a refund carries our name there."""

    UNKNOWN = "pi_unknown"
    DECLINED = "generic_decline"
    NAMES_REFUNDS = True
    WANTED = WANTED

    def leads_on(self, started: Started) -> bool:
        """Whether the action takes a customer to this payment."""
        action = started.action
        own = (action["type"], action["id"]) == ("stripe_payment_intent", started.ref)
        return own and started.ref in action["client_secret"]

    def paid(self, bank: Bank) -> tuple[str, str]:
        """A paid payment and its charge."""
        ref = bank.provider.start(self.WANTED).ref
        bank.pay(ref)
        record = bank.provider.fetch(ref)
        assert record
        return ref, record.charges[0].ref

    def test_a_payment_begins_and_carries_its_reference(self, bank: Bank) -> None:
        started = bank.provider.start(self.WANTED)
        assert self.leads_on(started)
        record = bank.provider.fetch(started.ref)
        assert record
        assert (record.status, record.amount, record.currency) == ("pending", 23_200, "MXN")
        assert (record.order_id, record.effect_id, record.charges) == ("order-1", "pay-1", ())
        assert bank.provider.resume(started.ref) == started

    def test_the_same_key_begins_one_payment(self, bank: Bank) -> None:
        assert bank.provider.start(self.WANTED) == bank.provider.start(self.WANTED)
        assert bank.count() == 1

    def test_what_is_not_there_is_nothing(self, bank: Bank) -> None:
        assert bank.provider.fetch(self.UNKNOWN) is None

    def test_a_paid_payment_shows_its_charge(self, bank: Bank) -> None:
        ref, charge = self.paid(bank)
        record = bank.provider.fetch(ref)
        assert record
        assert record.status == "succeeded"
        assert [replace(one, bank_ref="") for one in record.charges] == [
            Charge(charge, 23_200, 23_200, "MXN")
        ]
        assert (record.refunds, record.disputes) == ((), ())

    def test_a_decline_says_why_and_can_be_made_good(self, bank: Bank) -> None:
        ref = bank.provider.start(self.WANTED).ref
        bank.decline(ref)
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.failure, record.charges) == ("failed", self.DECLINED, ())
        bank.pay(ref)
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.failure) == ("succeeded", "")

    def test_a_slow_payment_is_processing(self, bank: Bank) -> None:
        ref = bank.provider.start(self.WANTED).ref
        bank.process(ref)
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.charges) == ("processing", ())

    def test_authorised_money_is_captured_in_part(self, bank: Bank) -> None:
        ref = bank.authorized("order-1", 10_000)
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.charges[0].captured) == ("authorized", 0)
        bank.provider.capture(ref, 4_000, "order-1:capture-1")
        bank.provider.capture(ref, 4_000, "order-1:capture-1")
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.charges[0].captured, record.refunds) == ("succeeded", 4_000, ())
        with pytest.raises(ProviderRefused):
            bank.provider.capture(ref, 4_000, "order-1:capture-2")

    def test_an_open_payment_is_voided_once(self, bank: Bank) -> None:
        ref = bank.provider.start(self.WANTED).ref
        bank.provider.void(ref, "order-1:void-1")
        bank.provider.void(ref, "order-1:void-1")
        record = bank.provider.fetch(ref)
        assert record
        assert record.status == "void"
        reserved = bank.authorized("order-1", 10_000)
        bank.provider.void(reserved, "order-1:void-2")
        record = bank.provider.fetch(reserved)
        assert record
        assert (record.status, record.refunds) == ("void", ())

    def test_money_that_came_is_not_voided(self, bank: Bank) -> None:
        ref, _ = self.paid(bank)
        with pytest.raises(ProviderRefused):
            bank.provider.void(ref, "order-1:void-1")
        record = bank.provider.fetch(ref)
        assert record
        assert record.status == "succeeded"

    def test_a_refund_is_made_once_and_never_beyond_what_is_there(self, bank: Bank) -> None:
        ref, charge = self.paid(bank)
        wanted = RefundWanted("order-1", "refund-1", ref, charge, 5_000, "MXN")
        refund = bank.provider.refund(wanted)
        assert (refund.status, refund.amount, refund.currency) == ("ok", 5_000, "MXN")
        assert (refund.charge, refund.effect_id) == (charge, "refund-1")
        assert bank.provider.refund(wanted) == refund
        record = bank.provider.fetch(ref)
        assert record
        assert record.refunds == (refund if self.NAMES_REFUNDS else replace(refund, effect_id=""),)
        with pytest.raises(ProviderRefused):
            bank.provider.refund(RefundWanted("order-1", "refund-2", ref, charge, 20_000, "MXN"))

    def test_what_was_refused_may_be_tried_again_under_its_key(self, bank: Bank) -> None:
        ref, charge = self.paid(bank)
        first = bank.provider.refund(RefundWanted("order-1", "refund-1", ref, charge, 20_000, "MXN"))
        second = RefundWanted("order-1", "refund-2", ref, charge, 10_000, "MXN")
        for _ in range(2):
            with pytest.raises(ProviderRefused):
                bank.provider.refund(second)
        bank.fail_refund(ref, first.ref)
        refund = bank.provider.refund(second)
        assert (refund.status, refund.amount) == ("ok", 10_000)
        assert bank.provider.refund(second) == refund
        record = bank.provider.fetch(ref)
        assert record
        assert sorted((one.status, one.amount) for one in record.refunds) == [
            ("failed", 20_000),
            ("ok", 10_000),
        ]

    @pytest.mark.parametrize("end", ["won", "lost"])
    def test_a_dispute_is_open_then_decided(self, bank: Bank, end: str) -> None:
        ref, charge = self.paid(bank)
        dispute = bank.dispute(ref, 23_200)
        record = bank.provider.fetch(ref)
        assert record
        assert [(d.ref, d.charge, d.amount, d.status) for d in record.disputes] == [
            (dispute, charge, 23_200, "open")
        ]
        bank.close_dispute(ref, dispute, end)
        record = bank.provider.fetch(ref)
        assert record
        assert [d.status for d in record.disputes] == [end]

    def test_a_payment_is_found_by_its_reference(self, bank: Bank) -> None:
        ref = bank.provider.start(self.WANTED).ref
        now = datetime.now(UTC)
        hour = timedelta(hours=1)
        assert bank.provider.find_by_reference("order-1", "pay-1", now - hour, now) == ref
        assert bank.provider.find_by_reference("order-1", "pay-2", now - hour, now) is None
        assert bank.provider.find_by_reference("order-1", "pay-1", now - 3 * hour, now - 2 * hour) is None

    def test_what_happened_is_told_again(self, bank: Bank) -> None:
        before = datetime.now(UTC) - timedelta(minutes=1)
        ref, charge = self.paid(bank)
        declined = bank.provider.start(replace(self.WANTED, effect_id="pay-2")).ref
        bank.decline(declined)
        bank.provider.refund(RefundWanted("order-1", "refund-1", ref, charge, 5_000, "MXN"))
        now = datetime.now(UTC) + timedelta(minutes=1)
        told = [bank.provider.fetch(event.ref) for event in bank.provider.happened(before, now)]
        assert {record.ref for record in told if record} == {ref, declined}
        long_ago = before - timedelta(hours=2)
        assert list(bank.provider.happened(long_ago, long_ago + timedelta(hours=1))) == []

    def test_an_outage_passes(self, bank: Bank) -> None:
        bank.outage()
        with pytest.raises(ProviderUnavailable):
            bank.provider.start(self.WANTED)
        with pytest.raises(ProviderUnavailable):
            bank.provider.fetch(self.UNKNOWN)
        bank.mend()
        assert bank.provider.start(self.WANTED).ref
        assert bank.count() == 1

    def test_a_lost_answer_does_not_begin_a_second_payment(self, bank: Bank) -> None:
        bank.lose_answers()
        with pytest.raises(ProviderUnavailable):
            bank.provider.start(self.WANTED)
        bank.mend()
        started = bank.provider.start(self.WANTED)
        assert bank.count() == 1
        record = bank.provider.fetch(started.ref)
        assert record
        assert record.status == "pending"
