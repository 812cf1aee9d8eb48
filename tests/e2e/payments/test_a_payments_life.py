"""Declined, tried again, paid, given back in part, disputed: axis, history, mails and ledger at each step."""

import re

import pytest

from tests.e2e.payments.payers import Payer
from tests.e2e.payments.script import AMOUNT, Script
from tests.e2e.running import Running
from tests.e2e.shop import Shop

pytestmark = pytest.mark.e2e

METHODS = ("stripe", "stripe_page", "paypal", "mercadopago")
CARDS = re.compile(r"(?<!\d)(?:4242[ -]?4242[ -]?4242[ -]?4242|4000[ -]?0000[ -]?0000[ -]?\d{4})(?!\d)")


@pytest.mark.capability("C17", "C19", "C20", "C28", "D05", "E16", "F06", "G04", "G05")
@pytest.mark.parametrize("method", METHODS)
def test_an_order_is_declined_paid_refunded_and_disputed(
    shop: Shop, script: Script, payers: dict[str, Payer], method: str
) -> None:
    with shop.setting("payments.stripe", pay_on="provider" if method == "stripe_page" else "shop"):
        _lives(script, payers[method])


def _lives(script: Script, payer: Payer) -> None:
    bought = script.buys(payer.method)
    payer.decline(bought)
    script.until(bought, "failed")
    script.mailed(bought, "payment_failed")
    assert (script.ledger(bought, "capture"), payer.taken(bought)) == ([], [])

    script.pays_again(bought, payer.method)
    payer.pay(bought)
    seen = script.until(bought, "paid")
    script.mailed(bought, "payment_received")
    assert script.ledger(bought, "capture") == payer.taken(bought) == [bought.total]
    told = [entry["type"] for entry in seen["history"]]
    assert told.index("PaymentFailed") < told.index("PaymentCaptured")

    money = {"amount": AMOUNT, "currency": "MXN"}
    script.commands(bought, "refund", amount=money, reason="goodwill", execute=True, destination="original")
    script.until(bought, "partially_refunded")
    script.mailed(bought, "refunded")
    assert script.ledger(bought, "refund") == payer.given_back(bought) == [AMOUNT]

    left = bought.total - AMOUNT
    dispute = payer.dispute(bought, left)
    script.eventually(lambda: script.holds(bought), lambda holds: holds == ["dispute"], "a hold")
    assert script.ledger(bought, "dispute", "pending") == [left]
    payer.decide(dispute, won=False)
    script.until(bought, "refunded")
    assert script.ledger(bought, "dispute") == [left]
    assert (script.holds(bought), script.view(bought)["lifecycle"]) == (["dispute"], "placed")

    facts = script.facts(bought)
    once = ("PaymentFailed", "PaymentCaptured", "RefundExecuted", "DisputeOpened", "DisputeClosed")
    assert [fact for fact in facts if fact in once] == list(once)
    mails = script.mails(bought)
    assert [mails.count(event) for event in ("payment_failed", "payment_received", "refunded")] == [1, 1, 1]


@pytest.mark.capability("C17", "G05")
def test_a_customer_moves_to_another_way_to_pay_and_a_dispute_is_won(
    script: Script, payers: dict[str, Payer]
) -> None:
    bought = script.buys("stripe")
    payers["stripe"].decline(bought)
    script.until(bought, "failed")
    script.pays_again(bought, "mercadopago")
    payers["mercadopago"].pay(bought)
    script.until(bought, "paid")
    dispute = payers["mercadopago"].dispute(bought, bought.total)
    script.eventually(lambda: script.holds(bought), lambda holds: holds == ["dispute"], "a hold")
    payers["mercadopago"].decide(dispute, won=True)
    script.eventually(lambda: script.holds(bought), lambda holds: holds == [], "no hold")
    assert script.until(bought, "paid")["lifecycle"] == "placed"
    assert script.ledger(bought, "capture") == payers["mercadopago"].taken(bought) == [bought.total]


def test_the_logs_of_all_functions_name_nobody_and_no_secret(script: Script, system: Running) -> None:
    """After all of the above, and whatever else this system has been through."""
    lines = system.logged("")
    assert len(lines) > 100
    told = {secret for secret in script.private for line in lines if secret in line}
    assert told == set()
    assert [line for line in lines if CARDS.search(line)] == []
    assert [line for line in lines if re.search(r"ximena\.|whsec_|Bearer ey", line)] == []
