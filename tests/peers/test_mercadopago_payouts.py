"""Released money reports of the Mercado Pago peer, and what our adapter reads of payouts and chargebacks."""

from datetime import UTC, datetime, timedelta

import pytest

from comanda.payments.mercadopago import MercadoPagoProvider
from comanda.payments.payout import BEFORE, CHARGE, DISPUTE, LEFT, OTHER, REFUND, NotReady, Payout, PayoutLine
from tests.payments.contract import WANTED
from tests.peers.mercadopago import ACCESS_TOKEN, MercadoPagoPeer, keyed

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def provider(mercadopago: MercadoPagoPeer) -> MercadoPagoProvider:
    return MercadoPagoProvider(
        lambda: {"access_token": ACCESS_TOKEN}, lambda: mercadopago.url, lambda: datetime.now(UTC)
    )


def paid(provider: MercadoPagoProvider, peer: MercadoPagoPeer) -> str:
    """A payment of 232 pesos, of which Mercado Pago keeps 12.10."""
    ref = provider.start(WANTED).ref
    return str(peer.attempt(ref, "pay")["id"])


def look(provider: MercadoPagoProvider) -> list[tuple[Payout, list[PayoutLine]]]:
    """Ask for a report, and read it when it is there."""
    now = datetime.now(UTC) + timedelta(hours=7)  # so that what is there is no longer fresh
    list_of = []
    for turn in (0, 1):
        try:
            list_of = list(provider.payouts(now - timedelta(days=2), now + timedelta(hours=7 * turn)))
        except NotReady:
            assert turn == 0
    found = [(one, list(provider.payout_lines(one))) for one in list_of]
    for payout, lines in found:
        assert sum(line.net for line in lines) == payout.amount
    return found


@pytest.mark.capability("F25")
def test_a_payout_is_read_with_what_each_order_leaves(
    provider: MercadoPagoProvider, mercadopago: MercadoPagoPeer
) -> None:
    first = paid(provider, mercadopago)
    refund = mercadopago.sdk().refund().create(first, {"amount": 50.0}, keyed("back-1"))["response"]
    mercadopago.act("payouts", {"amount": 100})
    second = paid(provider, mercadopago)
    mercadopago.act("payouts", {})
    with pytest.raises(NotReady):
        list(provider.payouts(datetime.now(UTC) - timedelta(days=2), datetime.now(UTC)))
    (one, lines), (_, later) = look(provider)
    assert (one.provider, one.status, one.amount, one.currency) == ("mercadopago", "paid", 10_000, "MXN")
    assert [(x.kind, x.amount, x.fee, x.source, x.order_id) for x in lines] == [
        (CHARGE, 23_200, 1_210, first, WANTED.order_id),
        (REFUND, -5_000, 0, str(refund["id"]), WANTED.order_id),
        (LEFT, -6_990, 0, "", ""),
    ]
    assert [(x.kind, x.amount, x.fee, x.source) for x in later] == [
        (BEFORE, 6_990, 0, ""),
        (CHARGE, 23_200, 1_210, second),
    ]


def test_the_merchants_own_settings_of_reports_are_left_alone(
    provider: MercadoPagoProvider, mercadopago: MercadoPagoPeer
) -> None:
    columns = ["DATE", "SOURCE_ID", "RECORD_TYPE", "DESCRIPTION", "EXTERNAL_REFERENCE", "NET_DEBIT_AMOUNT",
               "NET_CREDIT_AMOUNT", "MP_FEE_AMOUNT", "GROSS_AMOUNT"]  # fmt: skip
    own = {
        "columns": [{"key": name} for name in columns],
        "file_name_prefix": "mine",
        "frequency": {"hour": 0, "type": "monthly", "value": 1},
    }
    provider.api.post("/v1/account/release_report/config", own, "config")
    paid(provider, mercadopago)
    mercadopago.act("payouts", {})
    ((payout, lines),) = look(provider)
    assert [(x.kind, x.amount, x.fee) for x in lines] == [(CHARGE, 23_200, 1_210)]
    told = provider.api.get("/v1/account/release_report/list")
    assert all(one["file_name"].startswith("mine-") for one in told)
    assert provider.api.get("/v1/account/release_report/config")["file_name_prefix"] == "mine"
    assert payout.amount == 21_990


def test_a_payout_that_its_bank_sends_back_is_in_the_next_one(
    provider: MercadoPagoProvider, mercadopago: MercadoPagoPeer
) -> None:
    paid(provider, mercadopago)
    first = mercadopago.act("payouts", {})["source"]
    mercadopago.act(f"payouts/{first}/return")
    mercadopago.act("payouts", {})
    (failed, _), (again, lines) = look(provider)
    assert (failed.ref, failed.status, failed.failure) == (first, "failed", "returned")
    assert [(x.kind, x.amount) for x in lines] == [(OTHER, 21_990)]
    assert again.status == "paid"


@pytest.mark.capability("C28")
def test_chargebacks_are_told_with_their_due_date_and_found_in_payouts(
    provider: MercadoPagoProvider, mercadopago: MercadoPagoPeer
) -> None:
    now = datetime.now(UTC)
    lately = now - timedelta(days=1), now + timedelta(days=1)
    payment = paid(provider, mercadopago)
    paid(provider, mercadopago)
    opened = mercadopago.act(f"payments/{payment}/chargeback")
    (found,) = provider.disputes(*lately)
    name = f"chargeback-{payment}"
    assert (found.ref, found.status, found.order_id) == (name, "open", WANTED.order_id)
    assert (found.amount, found.currency, found.charge) == (23_200, "MXN", payment)
    assert found.due_at > found.opened_at
    mercadopago.act("payouts", {})
    ((_, lines),) = look(provider)
    taken = next(line for line in lines if line.kind == DISPUTE)
    assert (taken.source, taken.amount, taken.order_id) == (name, -23_200, WANTED.order_id)
    mercadopago.act(f"chargebacks/{opened['id']}/close", {"status": "lost"})
    assert [one.status for one in provider.disputes(*lately)] == ["lost"]
