"""Withdrawals from the PayPal peer's balance: by plain HTTP, and as our adapter reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from comanda.payments.payout import BEFORE, CHARGE, DISPUTE, FEE, LEFT, OTHER, REFUND, PayoutLine
from comanda.payments.paypal import PayPalProvider
from tests.peers.paypal import PayPalPeer
from tests.peers.provider import Peers
from tests.peers.test_paypal_adapter import adapter

pytestmark = pytest.mark.enable_socket

PATH = "/v1/reporting/transactions"


@pytest.fixture
def paypal(peers: Peers) -> PayPalPeer:
    return PayPalPeer(peers)


@pytest.fixture
def provider(peers: Peers) -> PayPalProvider:
    return adapter(peers)


def paid(paypal: PayPalPeer, value: str) -> str:
    order = paypal.order(value)
    paypal.decide(order["id"])
    status, made = paypal.capture(order["id"])
    assert status == 201
    return str(made["purchase_units"][0]["payments"]["captures"][0]["id"])


def give_back(paypal: PayPalPeer, capture: str, value: str) -> str:
    body = {"amount": {"currency_code": "MXN", "value": value}}
    status, made = paypal.call("POST", f"/v2/payments/captures/{capture}/refund", body)
    assert status == 201
    return str(made["id"])


def lately() -> tuple[datetime, datetime]:
    """As if it were four hours later: by then PayPal has told everything."""
    now = datetime.now(UTC)
    return now - timedelta(days=1), now + timedelta(hours=4)


def read(provider: PayPalProvider) -> list[tuple[str, list[PayoutLine]]]:
    found = [(one, list(provider.payout_lines(one))) for one in provider.payouts(*lately())]
    for payout, lines in found:
        assert sum(line.net for line in lines) == payout.amount
    return [(payout.ref, lines) for payout, lines in found]


def test_every_movement_is_told_with_its_fee(paypal: PayPalPeer) -> None:
    capture = paid(paypal, "300.00")
    give_back(paypal, capture, "50.00")
    paypal.control("POST", "/withdrawals", {"value": "100.00"})
    now = datetime.now(UTC)
    span = f"start_date={now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}&end_date={now:%Y-%m-%dT%H:%M:%SZ}"
    status, told = paypal.call("GET", f"{PATH}?{span}")
    assert (status, told["total_items"], told["total_pages"]) == (200, 3, 1)
    infos = [one["transaction_info"] for one in told["transaction_details"]]
    assert [(x["transaction_event_code"], x["transaction_amount"]["value"]) for x in infos] == [
        ("T0006", "300.00"), ("T1107", "-50.00"), ("T0400", "-100.00"),
    ]  # fmt: skip
    assert (infos[0]["fee_amount"]["value"], infos[0]["custom_field"]) == ("-12.00", "order-1:pay-1")
    assert infos[1]["paypal_reference_id"] == capture == infos[0]["transaction_id"]
    assert infos[2]["ending_balance"]["value"] == "138.00"
    paged = paypal.call("GET", f"{PATH}?{span}&page_size=2&page=2")[1]
    assert "ending_balance" not in paged["transaction_details"][0]["transaction_info"]
    assert paypal.call("GET", f"{PATH}?{span.replace(f'{now:%Y}', '2020', 1)}")[0] == 400


@pytest.mark.capability("F25")
def test_the_adapter_reads_what_a_withdrawal_is_made_of(paypal: PayPalPeer, provider: PayPalProvider) -> None:
    first = paid(paypal, "300.00")
    refund = give_back(paypal, first, "50.00")
    paypal.control("POST", "/withdrawals", {"value": "100.00", "fee": 150})
    second = paid(paypal, "200.00")
    paypal.control("POST", "/withdrawals")
    (one, lines), (_, later) = read(provider)
    assert [(x.kind, x.amount, x.fee, x.source, x.order_id) for x in lines] == [
        (CHARGE, 30_000, 1_200, first, "order-1"),
        (REFUND, -5_000, 0, refund, "order-1"),
        (FEE, -150, 0, "", ""),
        (LEFT, -13_650, 0, "", ""),
    ]
    assert lines[2].ref == f"{one}-fee"
    assert [(x.kind, x.amount, x.fee, x.source) for x in later] == [
        (BEFORE, 13_650, 0, ""),
        (CHARGE, 20_000, 800, second),
    ]
    fresh = next(iter(provider.payouts(datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC))))
    assert (fresh.status, fresh.amount, fresh.currency, fresh.listed) == ("paid", 10_000, "MXN", "not_yet")


def test_a_withdrawal_that_comes_back_is_in_the_next_one(
    paypal: PayPalPeer, provider: PayPalProvider
) -> None:
    paid(paypal, "300.00")
    first = paypal.control("POST", "/withdrawals")["transaction_id"]
    paypal.control("POST", f"/withdrawals/{first}/return")
    paypal.control("POST", "/withdrawals")
    (_, _), (_, again) = read(provider)
    failed = next(one for one in provider.payouts(*lately()) if one.ref == first)
    assert (failed.status, failed.failure) == ("failed", "returned")
    assert [(x.kind, x.amount) for x in again] == [(OTHER, 28_800)]


def test_one_that_was_denied_took_nothing(paypal: PayPalPeer, provider: PayPalProvider) -> None:
    paid(paypal, "300.00")
    paypal.control("POST", "/withdrawals", {"status": "D"})
    paypal.control("POST", "/withdrawals", {"status": "P"})
    denied, under_way = provider.payouts(*lately())
    assert (denied.status, denied.listed, under_way.status) == ("failed", "never", "in_transit")
    lines = list(provider.payout_lines(under_way))
    assert sum(line.net for line in lines) == under_way.amount == 28_800


@pytest.mark.capability("C28")
def test_disputes_are_told_with_their_due_date_and_found_in_payouts(
    paypal: PayPalPeer, provider: PayPalProvider
) -> None:
    capture = paid(paypal, "300.00")
    paid(paypal, "400.00")
    opened = paypal.control("POST", "/disputes", {"capture": capture})["dispute_id"]
    (found,) = provider.disputes(*lately())
    assert (found.ref, found.status, found.order_id, found.charge) == (opened, "open", "order-1", capture)
    assert (found.amount, found.currency, found.reason) == (30_000, "MXN", "unauthorised")
    assert found.due_at > found.opened_at
    paypal.control("POST", "/withdrawals")
    ((_, lines),) = read(provider)
    held = next(line for line in lines if line.kind == DISPUTE)
    assert (held.amount, held.source, held.payment, held.order_id) == (-30_000, opened, capture, "order-1")
    paypal.control("POST", f"/disputes/{opened}/close", {"outcome": "RESOLVED_SELLER_FAVOUR"})
    assert [one.status for one in provider.disputes(*lately())] == ["won"]
    paypal.control("POST", "/withdrawals")
    assert [(x.kind, x.amount) for x in read(provider)[1][1]] == [(DISPUTE, 30_000)]
