"""The PayPal adapter against the running peer: the port's contract, over the wire."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from comanda.errors import ProviderUnavailable
from comanda.payments import paypal
from comanda.payments.paypal import PayPalProvider
from comanda.payments.provider import CannotTell, ProviderRefused, RefundWanted, Started, Wanted
from tests.payments.contract import WANTED, Bank, ProviderContract
from tests.peers.paypal import PayPalPeer
from tests.peers.provider import PAYPAL_CLIENT, PAYPAL_SECRET, WEBHOOK_ID, Peers

pytestmark = pytest.mark.enable_socket

KEYS = {"client_id": PAYPAL_CLIENT, "client_secret": PAYPAL_SECRET, "webhook_id": WEBHOOK_ID}


def adapter(peers: Peers, keys: dict[str, str] | None = None) -> PayPalProvider:
    told = KEYS if keys is None else keys
    return PayPalProvider(lambda: told, lambda: peers.paypal_url)


class PayPalBank:
    """Paying here is what a customer and we do together: approve, then capture."""

    def __init__(self, peers: Peers) -> None:
        self.peer = PayPalPeer(peers)
        self.provider = adapter(peers)
        self.keys = (f"order-1:capture-{number}" for number in itertools.count(100))

    def pay(self, ref: str) -> None:
        self.peer.decide(ref)
        record = self.provider.fetch(ref)
        assert record
        self.provider.capture(ref, record.amount, next(self.keys))

    def decline(self, ref: str) -> None:
        """A capture that is reviewed and then declined."""
        self.process(ref)
        [capture] = self.peer.all()[0]["purchase_units"][0]["payments"]["captures"]
        self.peer.control("POST", f"/captures/{capture['id']}/settle", {"outcome": "declined"})

    def process(self, ref: str) -> None:
        self.peer.control("POST", f"/orders/{ref}/pending")
        self.pay(ref)

    def authorized(self, order_id: str, amount: int) -> str:
        made = self.peer.order(f"{amount // 100}.00", intent="AUTHORIZE")
        self.peer.decide(made["id"])
        status, answer = self.peer.call("POST", f"/v2/checkout/orders/{made['id']}/authorize", {})
        assert status == 201, answer
        return str(made["id"])

    def dispute(self, ref: str, amount: int) -> str:
        record = self.provider.fetch(ref)
        assert record
        value = {"currency_code": "MXN", "value": f"{amount // 100}.{amount % 100:02d}"}
        wish = {"capture": record.charges[0].ref, "amount": value}
        return str(self.peer.control("POST", "/disputes", wish)["dispute_id"])

    def close_dispute(self, ref: str, dispute: str, status: str) -> None:
        outcome = {"won": "RESOLVED_SELLER_FAVOUR", "lost": "RESOLVED_BUYER_FAVOUR"}[status]
        self.peer.control("POST", f"/disputes/{dispute}/close", {"outcome": outcome})

    def fail_refund(self, ref: str, refund: str) -> None:
        self.peer.control("POST", f"/refunds/{refund}/fail")

    def outage(self) -> None:
        for method in ("GET", "POST"):
            self.peer.control("POST", "/trouble", {"count": 50, "status": 503, "method": method})

    def lose_answers(self) -> None:
        self.peer.control("POST", "/trouble", {"count": 50, "lost_answer": True})

    def mend(self) -> None:
        self.peer.control("DELETE", "/trouble")

    def count(self) -> int:
        return len(self.peer.all())


@pytest.fixture
def bank(peers: Peers) -> PayPalBank:
    return PayPalBank(peers)


@pytest.mark.capability("C19", "D05")
class TestPayPalAdapter(ProviderContract):
    UNKNOWN = "5O190127TN364715T"

    def leads_on(self, started: Started) -> bool:
        page = f"/checkoutnow?token={started.ref}"
        return started.action["type"] == "redirect" and started.action["url"].endswith(page)

    def test_a_decline_says_why_and_can_be_made_good(self, bank: Bank) -> None:
        """By another order: this one is at its end."""
        ref = bank.provider.start(WANTED).ref
        bank.decline(ref)
        record = bank.provider.fetch(ref)
        assert record
        assert (record.status, record.failure, record.charges) == ("failed", "DECLINED", ())
        again = bank.provider.start(Wanted("order-1", "pay-2", "P-000001", 23_200, "MXN")).ref
        bank.pay(again)
        record = bank.provider.fetch(again)
        assert record
        assert (record.status, record.failure) == ("succeeded", "")

    def test_a_payment_is_found_by_its_reference(self, bank: Bank) -> None:
        """PayPal cannot be asked that, and the adapter does not pretend."""
        now = datetime.now(UTC)
        with pytest.raises(CannotTell):
            bank.provider.find_by_reference("order-1", "pay-1", now - timedelta(hours=1), now)

    def test_what_happened_is_told_again(self, bank: Bank) -> None:
        """A refund's event names the capture, which leads to the payment."""
        before = datetime.now(UTC) - timedelta(minutes=1)
        ref, charge = self.paid(bank)
        bank.provider.refund(RefundWanted("order-1", "refund-1", ref, charge, 5_000, "MXN"))
        now = datetime.now(UTC) + timedelta(minutes=1)
        told = {event.ref for event in bank.provider.happened(before, now)}
        assert told == {ref, f"capture/{charge}"}
        record = bank.provider.fetch(f"capture/{charge}")
        assert record
        assert record.ref == ref
        long_ago = before - timedelta(hours=2)
        assert list(bank.provider.happened(long_ago, long_ago + timedelta(hours=1))) == []


def test_a_long_list_of_what_happened_is_read_to_its_end(
    bank: PayPalBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paypal, "PAGE_SIZE", 2)
    before = datetime.now(UTC) - timedelta(minutes=1)
    refs = [bank.provider.start(replace(WANTED, effect_id=f"pay-{n}")).ref for n in range(5)]
    for ref in refs:
        bank.peer.decide(ref)
    told = bank.provider.happened(before, datetime.now(UTC) + timedelta(minutes=1))
    assert [event.ref for event in told] == refs[::-1]


def test_an_approval_waits_for_us_and_is_captured_once(bank: PayPalBank) -> None:
    ref = bank.provider.start(WANTED).ref
    with pytest.raises(ProviderRefused, match="ORDER_NOT_APPROVED"):
        bank.provider.capture(ref, 23_200, "order-1:capture-1")
    bank.peer.decide(ref)
    record = bank.provider.fetch(ref)
    assert record
    assert (record.status, record.charges) == ("approved", ())
    assert record.approval
    with pytest.raises(ProviderRefused, match="AMOUNT_MISMATCH"):
        bank.provider.capture(ref, 23_100, "order-1:capture-2")
    for _ in range(2):
        bank.provider.capture(ref, 23_200, "order-1:capture-3")
    with pytest.raises(ProviderRefused, match="ORDER_ALREADY_CAPTURED"):
        bank.provider.capture(ref, 23_200, "order-1:capture-4")


def test_a_declined_instrument_takes_nothing_and_another_may_be_chosen(bank: PayPalBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.peer.decide(ref, "decline")
    first = bank.provider.fetch(ref)
    with pytest.raises(ProviderRefused, match="INSTRUMENT_DECLINED"):
        bank.provider.capture(ref, 23_200, "order-1:capture-1")
    bank.peer.decide(ref)
    second = bank.provider.fetch(ref)
    assert first
    assert second
    assert (first.status, second.status) == ("approved", "approved")
    assert first.approval != second.approval
    bank.provider.capture(ref, 23_200, "order-1:capture-2")


def test_what_is_given_up_is_never_captured(bank: PayPalBank) -> None:
    """PayPal lets nobody cancel an order that is not captured, so that we mark it there."""
    ref = bank.provider.start(WANTED).ref
    bank.peer.decide(ref)
    bank.provider.void(ref, "order-1:void-1")
    with pytest.raises(ProviderRefused, match="GIVEN_UP"):
        bank.provider.capture(ref, 23_200, "order-1:capture-1")
    record = bank.provider.fetch(ref)
    assert record
    assert (record.status, record.order_id, record.effect_id) == ("void", "order-1", "pay-1")


def test_what_paypal_has_forgotten_is_given_up_already(bank: PayPalBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.peer.control("POST", f"/orders/{ref}/forget")
    assert bank.provider.fetch(ref) is None
    bank.provider.void(ref, "order-1:void-1")


def test_a_capture_leads_to_its_order(bank: PayPalBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    record = bank.provider.fetch(ref)
    assert record
    assert bank.provider.fetch(f"capture/{record.charges[0].ref}") == record
    assert bank.provider.fetch("capture/UNKNOWN") is None


def test_a_refund_made_at_paypal_is_not_ours(bank: PayPalBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    record = bank.provider.fetch(ref)
    assert record
    charge = record.charges[0].ref
    amount = {"currency_code": "MXN", "value": "10.00"}
    status, _ = bank.peer.call("POST", f"/v2/payments/captures/{charge}/refund", {"amount": amount})
    assert status == 201
    bank.provider.refund(RefundWanted("order-1", "refund-1", ref, charge, 2_000, "MXN"))
    record = bank.provider.fetch(ref)
    assert record
    assert [(one.effect_id, one.amount, one.charge) for one in record.refunds] == [
        ("", 1_000, charge),
        ("refund-1", 2_000, charge),
    ]


def test_a_wrong_key_is_the_operators_to_mend(peers: Peers) -> None:
    for keys in ({**KEYS, "client_secret": "wrong"}, {"webhook_id": "only"}):
        with pytest.raises(ProviderUnavailable):
            adapter(peers, keys).start(WANTED)


def test_a_token_is_asked_for_once_and_again_when_it_is_refused(peers: Peers) -> None:
    provider = adapter(peers)
    clock = itertools.count(1_000_000.0, 1.0)
    provider.client.clock = lambda: next(clock)
    first = provider.start(WANTED).ref
    kept = provider.client._token
    assert provider.fetch(first)
    assert provider.client._token == kept
    assert kept
    provider.client._token = (kept[0], "revoked", kept[2])
    assert provider.fetch(first)
    assert provider.client._token is not None
    assert provider.client._token[1] not in ("revoked", kept[1])


def test_an_old_token_is_not_used_again(peers: Peers) -> None:
    provider = adapter(peers)
    moments = [1_000_000.0]
    provider.client.clock = lambda: moments[0]
    ref = provider.start(WANTED).ref
    kept = provider.client._token
    moments[0] += 32_400 - 59
    provider.fetch(ref)
    assert provider.client._token != kept


def test_nothing_listens_there() -> None:
    provider = PayPalProvider(lambda: KEYS, lambda: "http://127.0.0.1:9")
    with pytest.raises(ProviderUnavailable):
        provider.fetch("5O190127TN364715T")


def test_disputes_that_may_not_be_read_stop_no_payment(bank: PayPalBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    bank.peer.control(
        "POST", "/trouble", {"count": 1, "status": 403, "method": "GET", "path": "/v1/customer/disputes"}
    )
    record = bank.provider.fetch(ref)
    assert record
    assert (record.status, record.disputes) == ("succeeded", ())
