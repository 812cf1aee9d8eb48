"""Mercado Pago in the running system: on its page as a customer does, by its own signed webhooks, by none."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from local.demo.outside import eventually
from tests.e2e.shop import Order, Shop

pytestmark = pytest.mark.e2e

QUIET_SECONDS = 2


@pytest.fixture(autouse=True)
def _without_faults(shop: Shop) -> Iterator[None]:
    shop.control.call("DELETE", "/faults", status=204)
    yield
    shop.control.call("DELETE", "/faults", status=204)


def placed(shop: Shop) -> Order:
    return shop.approved(payment_method="mercadopago")


def press(order: Order, outcome: str, url: str = "") -> requests.Response:
    """Press a button of the checkout page; where the customer is sent then is not followed."""
    action = order.placed["payment_action"]
    assert action["type"] == "redirect"
    page = url or action["url"]
    assert outcome in requests.get(page, timeout=30).text
    return requests.post(page, data={"outcome": outcome}, allow_redirects=False, timeout=30)


def payments(shop: Shop, order: Order) -> list[dict[str, Any]]:
    """The tries that Mercado Pago knows of, newest first."""
    told = shop.control.get(f"/mercadopago/checkout?external_reference={order.id}_pay-1")
    found: list[dict[str, Any]] = told["results"]
    return found


def act(shop: Shop, path: str, body: Any = None) -> dict[str, Any]:
    done: dict[str, Any] = shop.control.call("POST", f"/mercadopago/{path}", body or {}).body
    return done


def fault(shop: Shop, kind: str, count: int = 1) -> None:
    wish = {"peer": "mercadopago", "fault": kind, "count": count, "seconds": 2}
    shop.control.call("POST", "/faults", wish, status=201)


def paid_once(shop: Shop, order: Order) -> None:
    shop.wait(order, "payment", "paid")
    shop.mailbox.wait("payment_received", order.id)
    time.sleep(QUIET_SECONDS)
    captures = [entry for entry in shop.staff.order(order.id)["ledger"] if entry["kind"] == "capture"]
    assert [entry["amount"]["amount"] for entry in captures] == [order.total]
    assert len(shop.mailbox.mails(event="payment_received", order_id=order.id)) == 1


@pytest.mark.capability("C17", "C20", "D05", "G05")
def test_a_declined_card_is_tried_again_and_part_of_the_money_goes_back(shop: Shop) -> None:
    order = placed(shop)
    back = press(order, "decline")
    assert urlsplit(back.headers["location"]).path == f"/orders/{order.id}"
    assert parse_qs(urlsplit(back.headers["location"]).query)["collection_status"] == ["rejected"]
    shop.wait(order, "payment", "failed")
    shop.mailbox.wait("payment_failed", order.id)
    again = order.api.call(
        "POST", f"/orders/{order.id}/payments", {"payment_method": "mercadopago"}, status=201
    )
    assert press(order, "pay", again.body["payment_action"]["url"]).status_code == 303
    paid_once(shop, order)
    told = [fact for fact in shop.staff.order(order.id)["history"] if fact["type"] == "PaymentCaptured"]
    assert [fact["data"]["entry"]["bank_ref"] for fact in told] == ["301299"]
    wanted = {"reason": "customer", "amount": {"amount": 5_000, "currency": "MXN"}, "execute": True}
    shop.staff.command(order.id, "refund", wanted)
    shop.wait(order, "payment", "partially_refunded")
    shop.mailbox.wait("refunded", order.id)
    time.sleep(QUIET_SECONDS)
    refunds = [entry for entry in shop.staff.order(order.id)["ledger"] if entry["kind"] == "refund"]
    assert [(entry["amount"]["amount"], entry["status"]) for entry in refunds] == [(5_000, "ok")]
    assert payments(shop, order)[0]["transaction_amount_refunded"] == 50


@pytest.mark.capability("C17")
def test_a_voucher_is_paid_at_a_counter_later(shop: Shop) -> None:
    order = placed(shop)
    press(order, "voucher")
    (voucher,) = payments(shop, order)
    time.sleep(QUIET_SECONDS)
    assert order.axes() == ("placed", "pending", "unfulfilled")
    act(shop, f"payments/{voucher['id']}/settle")
    paid_once(shop, order)


@pytest.mark.capability("G04", "G05")
@pytest.mark.parametrize("kind", ["duplicate", "delay", "reorder", "corrupt"])
def test_a_payment_counts_once_however_its_webhooks_arrive(shop: Shop, kind: str) -> None:
    order = placed(shop)
    fault(shop, kind)
    press(order, "decline")
    press(order, "pay")
    paid_once(shop, order)


@pytest.mark.capability("G04")
def test_with_every_webhook_dropped_the_order_is_paid_within_one_sweep(shop: Shop) -> None:
    order = placed(shop)
    fault(shop, "drop", 100)
    press(order, "pay")
    shop.reconcile()
    paid_once(shop, order)


@pytest.mark.capability("G04")
def test_a_cancelled_order_can_be_paid_no_more(shop: Shop) -> None:
    order = placed(shop)
    press(order, "voucher")
    (voucher,) = payments(shop, order)
    shop.staff.command(order.id, "cancel", {"reason": "customer"})
    shop.wait(order, "lifecycle", "cancelled")
    assert payments(shop, order)[0]["status"] == "cancelled"
    assert requests.get(order.placed["payment_action"]["url"], timeout=30).status_code == 410
    settled = shop.control.send("POST", f"/mercadopago/payments/{voucher['id']}/settle", {})
    assert settled.status == 400


@pytest.mark.capability("D05", "G05")
def test_a_chargeback_holds_the_order(shop: Shop) -> None:
    order = placed(shop)
    press(order, "pay")
    paid_once(shop, order)
    chargeback = act(shop, f"payments/{payments(shop, order)[0]['id']}/chargeback")

    def holds() -> list[str]:
        return [hold["reason"] for hold in shop.staff.order(order.id)["holds"]]

    eventually(lambda: "dispute" in holds(), "a hold for the dispute", order.id)
    act(shop, f"chargebacks/{chargeback['id']}/close", {"status": "lost"})
    shop.wait(order, "payment", "refunded")
