"""Money beyond one order, in the back office: payouts, what is in them, what they leave of an order."""

from typing import Any

import pytest

from comanda.payments.payout import PayoutLine
from functions.reconcile_payments.app import lambda_handler
from tests.functional.payments.conftest import world as world
from tests.functional.payments.world import World
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, stock_product

pytestmark = pytest.mark.capability("F25")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def paid(call, world: World) -> dict[str, Any]:
    """An order in a payout, beside money of which nobody knows."""
    stock_product()
    placed: dict[str, Any] = place(call, payment_method="stripe")
    world.bank.pay(placed["payment_action"]["id"])
    lambda_handler({}, None)
    world.bank.pay_out()
    strange = PayoutLine("txn_x", "other", -500, 0, -500, "MXN", "2026-11-21T18:00:00.000Z", what=HOSTILE)
    world.bank.paid_out[0][1].append(strange)
    world.clock.on(hours=2)
    lambda_handler({}, None)
    return placed


def test_a_payout_says_what_each_order_leaves(world: World, paid: dict[str, Any]) -> None:
    staff = staff_at("staff")
    listed = staff.get("/payouts")
    assert listed.says("1 difference")
    ref = world.bank.paid_out[0][0].ref
    assert f"/back-office/payouts/stripe/{ref}" in listed.text
    page = staff.get(f"/payouts/stripe/{ref}")
    assert page.says(paid["number"])
    assert page.says("The lines do not add up to the payout")
    assert "224.98" in page.text
    assert HOSTILE not in page.text
    file = staff.get(f"/payouts/stripe/{ref}/file")
    assert file.headers["content-type"].startswith("text/csv")
    assert "224.98" in file.text


def test_an_order_tells_its_fees_behind_a_click(paid: dict[str, Any]) -> None:
    staff = staff_at("staff")
    order = staff.get(f"/orders/{paid['order_id']}")
    assert f"/back-office/orders/{paid['order_id']}/payouts" in order.text
    assert staff.get(f"/orders/{paid['order_id']}/payouts").says("224.98")


def test_the_list_is_chosen_from(paid: dict[str, Any]) -> None:
    staff = staff_at("staff")
    assert staff.get("/payouts?provider=paypal").says("No payouts like these")
    assert staff.get("/payouts?differences=yes").says("Stripe")
    assert staff.get("/payouts?since=tomorrow").status == 422


def test_an_empty_list_says_what_comes(aws: None) -> None:
    page = staff_at("admin", language="es").get("/payouts")
    assert page.says("Aún no hay liquidaciones")
