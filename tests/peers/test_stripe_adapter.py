"""The Stripe adapter against the running peer: the port's contract, over the official SDK and the wire."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from comanda.errors import ProviderUnavailable
from comanda.payments.provider import ProviderRefused, Started
from comanda.payments.stripe import StripeProvider
from comanda.payments.stripe_checkout import PAID_ON, SESSION
from comanda.payments.stripe_webhook import SWEPT
from tests.payments.contract import WANTED, ProviderContract
from tests.peers.provider import API_KEY, Peers

pytestmark = pytest.mark.enable_socket
BACK = "https://shop.example/orders/order-1?access=token"


def now() -> datetime:
    return datetime.now(UTC)


class StripeBank:
    def __init__(self, peers: Peers) -> None:
        self.peers = peers
        self.sdk = peers.client()
        self.at = now()
        self.provider = StripeProvider(
            lambda: {"api_key": API_KEY}, lambda: peers.stripe_url, lambda: self.at
        )

    def pay(self, ref: str) -> None:
        self.sdk.v1.payment_intents.confirm(ref, {"payment_method": "pm_card_visa"})

    def decline(self, ref: str) -> None:
        with pytest.raises(stripe.CardError):
            self.sdk.v1.payment_intents.confirm(ref, {"payment_method": "pm_card_chargeDeclined"})

    def process(self, ref: str) -> None:
        self._control("POST", f"/stripe/payment_intents/{ref}/processing")

    def authorized(self, order_id: str, amount: int) -> str:
        made = self.sdk.v1.payment_intents.create(
            {
                "amount": amount,
                "currency": "mxn",
                "capture_method": "manual",
                "confirm": True,
                "payment_method": "pm_card_visa",
                "metadata": {"order_id": order_id},
            }
        )
        return str(made.id)

    def dispute(self, ref: str, amount: int) -> str:
        made = self._control("POST", "/stripe/disputes", {"payment_intent": ref, "amount": amount})
        return str(made["id"])

    def close_dispute(self, ref: str, dispute: str, status: str) -> None:
        self._control("POST", f"/stripe/disputes/{dispute}/close", {"status": status})

    def fail_refund(self, ref: str, refund: str) -> None:
        self._control(
            "POST", f"/stripe/refunds/{refund}/fail", {"failure_reason": "expired_or_canceled_card"}
        )

    def outage(self) -> None:
        for method in ("GET", "POST"):
            self._control("POST", "/stripe/trouble", {"count": 50, "status": 503, "method": method})

    def lose_answers(self) -> None:
        self._control("POST", "/stripe/trouble", {"count": 50, "lost_answer": True})

    def mend(self) -> None:
        self.peers.control("DELETE", "/stripe/trouble")

    def count(self) -> int:
        return len(self.sdk.v1.payment_intents.list({"limit": 100}).data)

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self.peers.control(method, path, body)
        assert status in (200, 201), answer
        return answer


class StripePageBank(StripeBank):
    """The same bank, for customers who pay on Stripe's page."""

    def pay(self, ref: str) -> None:
        self._control("POST", f"/stripe/checkout_sessions/{ref}/pay")

    def decline(self, ref: str) -> None:
        card = {"payment_method": "pm_card_chargeDeclined"}
        self._control("POST", f"/stripe/checkout_sessions/{ref}/pay", card)

    def process(self, ref: str) -> None:
        self._control("POST", f"/stripe/checkout_sessions/{ref}/processing")

    def authorized(self, order_id: str, amount: int) -> str:
        price: Any = {"currency": "mxn", "unit_amount": amount, "product_data": {"name": "P-1"}}
        made = self.sdk.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [{"price_data": price, "quantity": 1}],
                "success_url": BACK,
                "metadata": {"order_id": order_id},
                "payment_intent_data": {"capture_method": "manual", "metadata": {PAID_ON: SESSION}},
            }
        )
        self.pay(made.id)
        return str(made.id)

    def dispute(self, ref: str, amount: int) -> str:
        return super().dispute(self.intent(ref), amount)

    def count(self) -> int:
        return len(self.sdk.v1.checkout.sessions.list({"limit": 100}).data)

    def intent(self, ref: str) -> str:
        return str(self.sdk.v1.checkout.sessions.retrieve(ref).payment_intent)


@pytest.fixture
def bank(request: pytest.FixtureRequest, peers: Peers) -> StripeBank:
    return StripePageBank(peers) if request.cls is TestStripePage else StripeBank(peers)


@pytest.mark.capability("C17", "D05")
class TestStripeAdapter(ProviderContract):
    pass


@pytest.mark.capability("C17", "D05")
class TestStripePage(ProviderContract):
    UNKNOWN = "cs_test_unknown"
    WANTED = replace(WANTED, hosted=True, return_url=BACK, locale="es", email="ana@example.com")

    def leads_on(self, started: Started) -> bool:
        own = started.action["type"] == "redirect" and not started.repeatable
        return own and str(started.action["url"]).endswith(started.ref)

    def test_the_record_of_its_intent_is_that_of_the_session(self, bank: StripePageBank) -> None:
        ref, _ = self.paid(bank)
        assert bank.provider.fetch(bank.intent(ref)) == bank.provider.fetch(ref)

    def test_what_settles_later_fails_for_good(self, bank: StripePageBank) -> None:
        ref = bank.provider.start(self.WANTED).ref
        bank.process(ref)
        with pytest.raises(ProviderRefused):
            bank.provider.void(ref, "order-1:void-1")
        bank._control("POST", f"/stripe/payment_intents/{bank.intent(ref)}/settle", {"outcome": "failed"})
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.charges) == ("failed", ())
        bank.provider.void(ref, "order-1:void-2")
        bank.provider.void(ref, "order-1:void-2")
        given_up = bank.provider.fetch(ref)
        assert given_up
        assert given_up == replace(record, status="void")

    def test_one_that_time_has_ended_is_void(self, bank: StripePageBank) -> None:
        ref = bank.provider.start(self.WANTED).ref
        bank.decline(ref)
        bank._control("POST", f"/stripe/checkout_sessions/{ref}/lapse")
        record = bank.provider.fetch(ref)
        assert record
        assert record.status == "void"
        bank.provider.void(ref, "order-1:void-1")
        with pytest.raises(ProviderRefused):
            bank.provider.resume(ref)

    def test_it_says_what_is_paid_by_whom_and_where_it_leads(self, bank: StripePageBank) -> None:
        until = bank.at + timedelta(hours=2)
        ref = bank.provider.start(replace(self.WANTED, until=until)).ref
        session = bank.sdk.v1.checkout.sessions.retrieve(ref)
        assert (session.amount_total, session.currency, session.locale) == (23_200, "mxn", "es")
        assert (session.customer_email, session.client_reference_id) == ("ana@example.com", "order-1")
        assert session.success_url == f"{BACK}&redirect_status=succeeded"
        assert (session.cancel_url, session.expires_at) == (BACK, int(until.timestamp()))
        names = {"order_id": "order-1", "effect_id": "pay-1", "number": "P-000001"}
        assert session.to_dict()["metadata"] == names
        assert "oxxo" in (session.excluded_payment_method_types or [])
        bank.pay(ref)
        intent = bank.sdk.v1.payment_intents.retrieve(bank.intent(ref))
        assert intent.metadata.to_dict() == names | {PAID_ON: SESSION}
        assert (intent.description, intent.amount) == ("P-000001", 23_200)

    @pytest.mark.parametrize(("hours", "lasts"), [(0, 31 * 60), (2, 2 * 3600), (200, 24 * 3600)])
    def test_it_ends_with_the_orders_patience_as_far_as_it_can(
        self, bank: StripePageBank, hours: int, lasts: int
    ) -> None:
        until = bank.at + timedelta(hours=hours, minutes=-1 if hours == 0 else 0)
        ref = bank.provider.start(replace(self.WANTED, until=until)).ref
        session = bank.sdk.v1.checkout.sessions.retrieve(ref)
        assert abs(session.expires_at - int(bank.at.timestamp()) - lasts) <= 5

    def test_a_try_that_asked_for_something_else_is_gone_on_with(self, bank: StripePageBank) -> None:
        """The answer was lost, and the customer's address mended, or the page chosen, since then."""
        bank.lose_answers()
        with pytest.raises(ProviderUnavailable):
            bank.provider.start(self.WANTED)
        bank.mend()
        (begun,) = bank.sdk.v1.checkout.sessions.list({}).data
        assert bank.provider.start(replace(self.WANTED, email="ana.maria@example.com")).ref == begun.id
        assert bank.provider.start(replace(self.WANTED, hosted=False)).ref == begun.id
        assert (bank.count(), bank.sdk.v1.payment_intents.list({}).data) == (1, [])

    def test_the_intent_of_a_session_is_not_found_as_what_was_begun(self, bank: StripePageBank) -> None:
        ref, _ = self.paid(bank)
        span = (bank.at - timedelta(hours=1), bank.at + timedelta(hours=1))
        assert bank.provider.find_by_reference("order-1", "pay-1", *span) == ref


def test_the_sweep_asks_for_no_more_kinds_of_events_than_stripe_takes(bank: StripeBank) -> None:
    assert list(bank.provider.happened(bank.at, bank.at)) == []
    assert len(SWEPT) <= 20


def test_a_wrong_key_is_the_operators_to_mend(peers: Peers) -> None:
    provider = StripeProvider(lambda: {"api_key": "sk_test_wrong"}, lambda: peers.stripe_url, now)
    with pytest.raises(ProviderUnavailable):
        provider.start(WANTED)
    with pytest.raises(ProviderUnavailable):
        StripeProvider(dict, lambda: peers.stripe_url, now).fetch("pi_1")


def test_a_rotated_key_is_used_at_once(peers: Peers) -> None:
    keys = itertools.chain(["sk_test_wrong"], itertools.repeat(API_KEY))
    provider = StripeProvider(lambda: {"api_key": next(keys)}, lambda: peers.stripe_url, now)
    with pytest.raises(ProviderUnavailable):
        provider.start(WANTED)
    assert provider.start(WANTED).ref


def test_nothing_listens_there() -> None:
    provider = StripeProvider(lambda: {"api_key": API_KEY}, lambda: "http://127.0.0.1:9", now)
    with pytest.raises(ProviderUnavailable):
        provider.fetch("pi_1")


@pytest.mark.capability("D05")
def test_the_banks_reference_comes_along(bank: StripeBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    record = bank.provider.fetch(ref)
    assert record
    assert record.charges[0].bank_ref == "123456"


def test_many_refunds_are_all_seen(bank: StripeBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    for number in range(12):
        bank.sdk.v1.refunds.create({"payment_intent": ref, "amount": 100 + number})
    record = bank.provider.fetch(ref)
    assert record
    assert sorted(refund.amount for refund in record.refunds) == [100 + n for n in range(12)]
    assert {refund.effect_id for refund in record.refunds} == {""}
