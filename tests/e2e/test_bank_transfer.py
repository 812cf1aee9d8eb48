"""An order paid by bank transfer, and what becomes of those that nobody pays or verifies."""

import time

import pytest

from local.demo.outside import eventually, fresh_key
from tests.e2e.shop import Shop

pytestmark = pytest.mark.e2e


@pytest.mark.capability("C17", "C20", "D04", "D05", "D08")
def test_staff_record_a_transfer_with_its_reference(shop: Shop) -> None:
    order = shop.place(payment_method="bank_transfer")
    action = order.placed["payment_action"]
    assert action["type"] == "instructions"
    assert "CLABE" in action["text"]
    mail = shop.mailbox.wait("payment_instructions", order.id)
    assert "CLABE" in mail["text"]
    assert action["reference"] in mail["text"]
    shop.verify(order)
    shop.decide(order, "approve")
    early = shop.staff.attempt(order.id, "ship", _everything(order.lines), fresh_key())
    assert (early.status, early.body["type"]) == (409, "wrong-state")
    paid = {"amount": {"amount": order.total, "currency": "MXN"}, "reference": "SPEI 8846 Núñez"}
    shop.staff.command(order.id, "mark-paid", paid)
    assert order.axes() == ("placed", "paid", "unfulfilled")
    receipt = shop.mailbox.wait("payment_received", order.id)
    assert receipt["to"] == [order.email]
    ledger = shop.staff.order(order.id)["ledger"]
    assert [entry["reference"] for entry in ledger if entry["kind"] == "capture"] == ["SPEI 8846 Núñez"]
    assert shop.staff.attempt(order.id, "ship", _everything(order.lines), fresh_key()).status == 200


def _everything(lines: list[tuple[str, int]]) -> dict[str, object]:
    wanted = [{"sku": sku, "quantity": units} for sku, units in lines]
    return {"lines": wanted, "carrier": "dhl", "tracking_number": "JD0145"}


@pytest.mark.capability("D08")
def test_a_shop_without_receipts_sends_none(shop: Shop) -> None:
    with shop.setting("notifications", receipt=False):
        order = shop.place(payment_method="bank_transfer")
    shop.verify(order)
    shop.decide(order, "approve")
    shop.staff.command(order.id, "mark-paid", {"reference": "SPEI 1"})
    shop.wait(order, "payment", "paid")
    shop.ship(order)
    shop.mailbox.wait("shipped", order.id)
    assert shop.mailbox.mails(event="payment_received", order_id=order.id) == []


@pytest.mark.capability("D07", "D21", "G02")
def test_an_unpaid_order_is_reminded_then_cancelled_and_its_stock_comes_back(shop: Shop) -> None:
    with shop.setting("payments.bank_transfer", remind_seconds=1, cancel_seconds=6):
        order = shop.place(payment_method="bank_transfer")
    sku = order.lines[0][0]
    shop.verify(order)
    held = shop.available(sku)
    _sweep_until(shop, lambda: shop.mailbox.mails(event="payment_reminder", order_id=order.id))
    _sweep_until(shop, lambda: order.view()["lifecycle"] == "cancelled")
    assert order.view()["payment"] == "voided"
    assert shop.available(sku) == held + 2
    shop.mailbox.wait("order_cancelled", order.id)
    assert len(shop.mailbox.mails(event="payment_reminder", order_id=order.id)) == 1
    eventually(lambda: shop.execution(order) == "SUCCEEDED", "the execution ended", order.id)


@pytest.mark.capability("D21", "G02")
def test_an_unverified_order_expires_and_gives_its_stock_back(shop: Shop) -> None:
    with shop.setting("checkout", verification_seconds=2):
        order = shop.place()
    sku = order.lines[0][0]
    held = shop.available(sku)
    _sweep_until(shop, lambda: order.view()["lifecycle"] == "expired")
    assert shop.available(sku) == held + 2
    intent = shop.provider.v1.payment_intents.retrieve(order.placed["payment_action"]["id"])
    assert intent.status == "canceled"
    assert shop.mailbox.mails(event="merchant_order", order_id=order.id) == []
    assert shop.mailbox.mails(event="order_cancelled", order_id=order.id) == []


@pytest.mark.capability("A07", "G02")
def test_an_unverified_order_with_money_never_expires_and_the_merchant_hears_at_once(shop: Shop) -> None:
    with shop.setting("checkout", verification_seconds=3):
        order = shop.place()
    begun = time.monotonic()
    shop.pay(order)
    shop.wait(order, "payment", "paid")
    shop.mailbox.wait("merchant_order", order.id)
    time.sleep(max(0.0, 4 - (time.monotonic() - begun)))
    assert shop.sweep(recheck="all")["failed"] == 0
    seen = order.view()
    assert (seen["lifecycle"], seen["verified"]) == ("placed", False)
    lines = {line["sku"]: line["allocated"] + line["reserved"] for line in seen["lines"]}
    assert lines == dict(order.lines)


@pytest.mark.capability("G03")
@pytest.mark.parametrize("left", [True, False], ids=["stock left", "stock gone"])
def test_late_money_revives_a_cancelled_order_or_holds_it(shop: Shop, left: bool) -> None:
    with shop.setting("payments.bank_transfer", remind_seconds=None, cancel_seconds=1):
        order = shop.place(payment_method="bank_transfer")
    shop.verify(order)
    _sweep_until(shop, lambda: order.view()["lifecycle"] == "cancelled")
    sku, units = order.lines[0]
    level = shop.staff.get(f"/admin/stock/{sku}")["locations"][0]
    missing = 0 if left else level["available"] - 1
    _adjust(shop, sku, -missing)
    try:
        shop.staff.command(order.id, "mark-paid", {"reference": "SPEI tardío"})
        seen = shop.staff.order(order.id)
        assert seen["payment"] == "paid"
        holds = [hold["reason"] for hold in seen["holds"] if hold["open"]]
        kept = sum(line["reserved"] + line["allocated"] for line in seen["lines"])
        if left:
            assert (seen["lifecycle"], holds, kept) == ("placed", [], units)
            eventually(lambda: shop.execution(order) == "RUNNING", "a run that goes on", order.id)
        else:
            assert (seen["lifecycle"], holds, kept) == ("cancelled", ["late_payment"], 0)
    finally:
        _adjust(shop, sku, missing)


def _adjust(shop: Shop, sku: str, delta: int) -> None:
    if delta:
        body = {"delta": delta, "reason": "conteo", "location": "main"}
        shop.staff.call("POST", f"/admin/stock/{sku}/adjust", body, headers=fresh_key())


def _sweep_until(shop: Shop, happened: object) -> None:
    """The sweep judges what is due; its schedule is a minute, so it is asked at once here."""

    def look() -> object:
        shop.sweep()
        return happened()  # type: ignore[operator]

    eventually(look, "a deadline judged", "the log of SweepFunction", 60)
