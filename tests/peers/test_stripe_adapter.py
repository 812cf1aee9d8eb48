"""The Stripe adapter against the running peer: the port's contract, over the official SDK and the wire."""

import itertools
from typing import Any

import pytest
import stripe

from comanda.errors import ProviderUnavailable
from comanda.payments.stripe import StripeProvider
from tests.payments.contract import WANTED, ProviderContract
from tests.peers.provider import API_KEY, Peers

pytestmark = pytest.mark.enable_socket


class StripeBank:
    def __init__(self, peers: Peers) -> None:
        self.peers = peers
        self.sdk = peers.client()
        self.provider = StripeProvider(lambda: {"api_key": API_KEY}, lambda: peers.stripe_url)

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


@pytest.fixture
def bank(peers: Peers) -> StripeBank:
    return StripeBank(peers)


@pytest.mark.capability("C17", "D05")
class TestStripeAdapter(ProviderContract):
    pass


def test_a_wrong_key_is_the_operators_to_mend(peers: Peers) -> None:
    provider = StripeProvider(lambda: {"api_key": "sk_test_wrong"}, lambda: peers.stripe_url)
    with pytest.raises(ProviderUnavailable):
        provider.start(WANTED)
    with pytest.raises(ProviderUnavailable):
        StripeProvider(dict, lambda: peers.stripe_url).fetch("pi_1")


def test_a_rotated_key_is_used_at_once(peers: Peers) -> None:
    keys = itertools.chain(["sk_test_wrong"], itertools.repeat(API_KEY))
    provider = StripeProvider(lambda: {"api_key": next(keys)}, lambda: peers.stripe_url)
    with pytest.raises(ProviderUnavailable):
        provider.start(WANTED)
    assert provider.start(WANTED).ref


def test_nothing_listens_there() -> None:
    provider = StripeProvider(lambda: {"api_key": API_KEY}, lambda: "http://127.0.0.1:9")
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
