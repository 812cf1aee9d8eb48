"""The Mercado Pago adapter against the running peer: the port's contract, over the wire."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comanda.errors import ProviderUnavailable
from comanda.payments.mercadopago import MercadoPagoProvider
from comanda.payments.provider import ProviderRefused, RefundWanted, Started, Wanted
from tests.payments.contract import WANTED, ProviderContract
from tests.peers.mercadopago import ACCESS_TOKEN, MercadoPagoPeer

pytestmark = pytest.mark.enable_socket


class MercadoPagoBank:
    def __init__(self, peer: MercadoPagoPeer) -> None:
        self.peer = peer
        self.provider = MercadoPagoProvider(
            lambda: {"access_token": ACCESS_TOKEN}, lambda: peer.url, lambda: datetime.now(UTC)
        )

    def pay(self, ref: str) -> None:
        self.peer.attempt(ref, "pay")

    def decline(self, ref: str) -> None:
        self.peer.attempt(ref, "decline")

    def process(self, ref: str) -> None:
        self.peer.attempt(ref, "review")

    def authorized(self, order_id: str, amount: int) -> str:
        made = (
            self.peer.sdk()
            .payment()
            .create(
                {
                    "token": "card_approved",
                    "transaction_amount": amount / 100,
                    "capture": False,
                    "metadata": {"order_id": order_id},
                }
            )
        )
        return str(made["response"]["id"])

    def dispute(self, ref: str, amount: int) -> str:
        (payment,) = self.peer.payments(ref)
        assert payment["transaction_amount"] * 100 == amount
        made = self.peer.act(f"payments/{payment['id']}/chargeback")
        return f"chargeback-{made['payment_id']}"

    def close_dispute(self, ref: str, dispute: str, status: str) -> None:
        found = self.peer.sdk().chargeback().search({"payment_id": dispute.removeprefix("chargeback-")})
        self.peer.act(f"chargebacks/{found['response']['results'][0]['id']}/close", {"status": status})

    def fail_refund(self, ref: str, refund: str) -> None:
        self.peer.act(f"refunds/{refund}/decide", {"outcome": "rejected"})

    def outage(self) -> None:
        for method in ("GET", "POST"):
            self.peer.act("trouble", {"count": 50, "status": 503, "method": method}, status=201)

    def lose_answers(self) -> None:
        self.peer.act("trouble", {"count": 50, "lost_answer": True}, status=201)

    def mend(self) -> None:
        self.peer.control("DELETE", "/mercadopago/trouble")

    def count(self) -> int:
        found = self.peer.sdk().preference().search({})
        return int(found["response"]["total"])


@pytest.fixture
def bank(mercadopago: MercadoPagoPeer) -> MercadoPagoBank:
    return MercadoPagoBank(mercadopago)


@pytest.mark.capability("C17", "D05", "G05")
class TestMercadoPagoAdapter(ProviderContract):
    UNKNOWN = "446566691-2b3b2f9a-0000-4000-8000-000000000000"
    DECLINED = "cc_rejected_other_reason"
    NAMES_REFUNDS = False

    def leads_on(self, started: Started) -> bool:
        return started.action["type"] == "redirect" and started.ref in started.action["url"]


def test_a_payment_leads_to_the_attempt_it_belongs_to(bank: MercadoPagoBank) -> None:
    """A webhook names one payment; the record is that of all tries at the same page."""
    ref = bank.provider.start(WANTED).ref
    bank.decline(ref)
    bank.pay(ref)
    tries = bank.peer.payments(ref)
    assert [one["status"] for one in tries] == ["approved", "rejected"]
    for one in tries:
        record = bank.provider.fetch(str(one["id"]))
        assert record
        assert record == bank.provider.fetch(ref)
        assert (record.ref, record.status, len(record.charges)) == (ref, "succeeded", 1)
        assert (record.charges[0].ref, record.charges[0].bank_ref) == (str(tries[0]["id"]), "301299")
    assert bank.provider.fetch("12345678901") is None


def test_who_pays_twice_has_paid_twice(bank: MercadoPagoBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    bank.pay(ref)
    record = bank.provider.fetch(ref)
    assert record
    assert [charge.captured for charge in record.charges] == [23_200, 23_200]


@pytest.mark.capability("C17")
def test_a_voucher_is_paid_days_later_or_not_at_all(bank: MercadoPagoBank) -> None:
    ref = bank.provider.start(WANTED).ref
    voucher = bank.peer.attempt(ref, "voucher")
    record = bank.provider.fetch(ref)
    assert record
    assert (record.status, record.charges) == ("pending", ())
    bank.peer.act(f"payments/{voucher['id']}/expire")
    record = bank.provider.fetch(ref)
    assert record
    assert (record.status, record.failure) == ("failed", "expired")
    second = bank.peer.attempt(ref, "voucher")
    bank.peer.act(f"payments/{second['id']}/settle")
    record = bank.provider.fetch(ref)
    assert record
    assert (record.status, record.charges[0].ref) == ("succeeded", str(second["id"]))


def test_a_voucher_in_a_customers_hand_is_voided_with_the_page(bank: MercadoPagoBank) -> None:
    ref = bank.provider.start(WANTED).ref
    voucher = bank.peer.attempt(ref, "voucher")
    bank.provider.void(ref, "order-1:void-1")
    record = bank.provider.fetch(ref)
    assert record
    assert record.status == "void"
    assert bank.peer.control("POST", f"/mercadopago/payments/{voucher['id']}/settle", {})[0] == 400
    assert bank.peer.control("POST", f"/mercadopago/preferences/{ref}/pay")[0] == 409


@pytest.mark.capability("G02")
def test_the_page_and_its_vouchers_end_before_the_order_does(bank: MercadoPagoBank) -> None:
    now = datetime.now(UTC)
    week = Wanted("order-1", "pay-1", "P-1", 23_200, "MXN", "https://shop.example/o", now + timedelta(days=7))
    made = bank.peer.preference(bank.provider.start(week).ref)
    assert datetime.fromisoformat(made["expiration_date_to"]) < now + timedelta(days=7)
    assert datetime.fromisoformat(made["date_of_expiration"]) < now + timedelta(days=7, hours=-1)
    assert made["back_urls"]["success"] == "https://shop.example/o"
    hour = Wanted("order-2", "pay-1", "P-2", 23_200, "MXN", "", now + timedelta(hours=1))
    started = bank.provider.start(hour)
    made = bank.peer.preference(started.ref)
    assert made["date_of_expiration"] is None
    assert bank.peer.control("POST", f"/mercadopago/preferences/{started.ref}/voucher")[0] == 404
    bank.pay(started.ref)


@pytest.mark.parametrize(("currency", "amount", "price"), [("CLP", 1990, 1990), ("MXN", 1, 0.01)])
def test_amounts_are_those_of_the_currency(
    bank: MercadoPagoBank, currency: str, amount: int, price: float
) -> None:
    ref = bank.provider.start(Wanted("order-1", "pay-1", "P-1", amount, currency)).ref
    assert bank.peer.preference(ref)["items"][0]["unit_price"] == price
    bank.pay(ref)
    record = bank.provider.fetch(ref)
    assert record
    assert (record.amount, record.currency, record.charges[0].captured) == (amount, currency, amount)


def test_a_slow_refund_is_pending_until_it_is_there(bank: MercadoPagoBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    (payment,) = bank.peer.payments(ref)
    refund = bank.peer.act(f"payments/{payment['id']}/refund", {"amount": 50, "status": "in_process"})
    for outcome, status in (("", "pending"), ("approved", "ok"), ("rejected", "failed")):
        if outcome:
            bank.peer.act(f"refunds/{refund['id']}/decide", {"outcome": outcome})
        record = bank.provider.fetch(ref)
        assert record
        assert [(one.amount, one.status) for one in record.refunds] == [(5_000, status)]


def test_a_refund_before_a_chargeback_is_not_taken_twice(bank: MercadoPagoBank) -> None:
    ref = bank.provider.start(WANTED).ref
    bank.pay(ref)
    record = bank.provider.fetch(ref)
    assert record
    charge = record.charges[0].ref
    bank.provider.refund(RefundWanted("order-1", "refund-1", ref, charge, 3_200, "MXN"))
    bank.peer.act(f"payments/{charge}/chargeback")
    record = bank.provider.fetch(ref)
    assert record
    assert [(one.amount, one.status) for one in record.disputes] == [(20_000, "open")]
    assert [one.amount for one in record.refunds] == [3_200]
    with pytest.raises(ProviderRefused):
        bank.provider.refund(RefundWanted("order-1", "refund-2", ref, charge, 100, "MXN"))


def test_a_wrong_token_is_the_operators_to_mend(mercadopago: MercadoPagoPeer) -> None:
    for secret in ({"access_token": "TEST-wrong"}, {}):
        provider = MercadoPagoProvider(lambda: secret, lambda: mercadopago.url, lambda: datetime.now(UTC))  # noqa: B023
        with pytest.raises(ProviderUnavailable):
            provider.start(WANTED)
    nowhere: dict[str, Any] = {"access_token": ACCESS_TOKEN}
    provider = MercadoPagoProvider(lambda: nowhere, lambda: "http://127.0.0.1:9", lambda: datetime.now(UTC))
    with pytest.raises(ProviderUnavailable):
        provider.fetch("1")
