"""Payouts that are cut from a balance, in the back office: on their own page and beside the day's closing."""

from typing import Any

import pytest

from comanda import wiring
from comanda.payments.payout import BEFORE, CHARGE, LEFT, Payout, PayoutLine
from comanda.payouts.model import kept, tie
from tests.functional.payments.conftest import world as world
from tests.functional.payments.world import World
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product

pytestmark = pytest.mark.capability("F25")
DAY = "2026-11-21"


@pytest.fixture
def withdrawn(call, world: World) -> dict[str, Any]:
    """A withdrawal of PayPal's with one order in it."""
    stock_product()
    placed: dict[str, Any] = place(call, payment_method="stripe")
    at = f"{DAY}T18:00:00.000Z"
    payout = Payout("paypal", "5TY05013RG002845M", "paid", 20_000, "MXN", at, DAY)
    lines = [
        PayoutLine("w-before", BEFORE, 1_350, 0, 1_350, "MXN", at),
        PayoutLine(
            "8AB", CHARGE, 23_200, 928, 22_272, "MXN", at, "8AB", "", placed["order_id"], 23_200, "MXN"
        ),
        PayoutLine("w-left", LEFT, -3_622, 0, -3_622, "MXN", at),
    ]
    order = wiring.desk().load(placed["order_id"]).order
    tied = [tie(line, "paypal", order if line.order_id else None) for line in lines]
    wiring.payouts().write(kept(payout, tied, at), tied)
    return placed


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("On the balance from before", "Stays on the balance")),
        ("es", ("Saldo anterior", "Se queda en el saldo")),
    ],
)
def test_what_lay_on_the_balance_is_said_in_words(
    withdrawn: dict[str, Any], language: str, words: tuple[str, str]
) -> None:
    page = staff_at("staff", language=language).get("/money/payouts/paypal/5TY05013RG002845M")
    assert all(page.says(word) for word in (*words, withdrawn["number"], "PayPal"))
    assert "222.72" in page.text


def test_the_day_names_what_was_paid_out_on_it(withdrawn: dict[str, Any]) -> None:
    staff = staff_at("staff")
    page = staff.get(f"/money/days/{DAY}")
    assert page.says("Paid out to the bank on this day")
    assert "/back-office/money/payouts/paypal/5TY05013RG002845M" in page.text
    assert not staff.get("/money/days/2026-11-20").says("Paid out to the bank on this day")
