"""Money beyond one order, in the back office: payouts, what is in them, what they leave of an order."""

import json
from typing import Any

import pytest

from comanda import wiring
from comanda.payments.payout import PayoutLine
from functions.reconcile_payments.app import lambda_handler
from tests.functional.payments.conftest import world as world
from tests.functional.payments.test_days import project
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
    listed = staff.get("/money")
    assert listed.says("1 difference")
    ref = world.bank.paid_out[0][0].ref
    assert f"/back-office/money/payouts/stripe/{ref}" in listed.text
    page = staff.get(f"/money/payouts/stripe/{ref}")
    assert page.says(paid["number"])
    assert page.says("The lines do not add up to the payout")
    assert "224.98" in page.text
    assert HOSTILE not in page.text
    file = staff.get(f"/money/payouts/stripe/{ref}/file")
    assert file.headers["content-type"].startswith("text/csv")
    assert "224.98" in file.text


def test_an_order_tells_its_fees_behind_a_click(paid: dict[str, Any]) -> None:
    staff = staff_at("staff")
    order = staff.get(f"/orders/{paid['order_id']}")
    assert f"/back-office/orders/{paid['order_id']}/payouts" in order.text
    assert staff.get(f"/orders/{paid['order_id']}/payouts").says("224.98")


def test_the_list_is_chosen_from(paid: dict[str, Any]) -> None:
    staff = staff_at("staff")
    assert staff.get("/money?provider=paypal").says("No payouts like these")
    assert staff.get("/money?differences=yes").says("Stripe")
    assert staff.get("/money?since=tomorrow").status == 422


def test_an_empty_list_says_what_comes(aws: None) -> None:
    page = staff_at("admin", language="es").get("/money")
    assert page.says("Aún no hay liquidaciones")


@pytest.mark.capability("C28", "G03")
def test_an_open_dispute_says_until_when_it_can_be_answered(world: World, paid: dict[str, Any]) -> None:
    ref = paid["payment_action"]["id"]
    dispute = world.bank.dispute(ref, 10_000)
    world.clock.on(hours=2)
    lambda_handler({}, None)
    staff = staff_at("staff")
    page = staff.get("/money/disputes")
    assert page.says(paid["number"])
    assert page.says("to be answered")
    assert f"https://pay.example.com/disputes/{dispute}" in page.text
    assert staff.get("/money/disputes?show=ended").says("No dispute has ended yet")
    world.bank.close_dispute(ref, dispute, "won")
    world.clock.on(hours=2)
    lambda_handler({}, None)
    staff = staff_at("staff")
    assert staff.get("/money/disputes").says("No open disputes")  # nothing holds the order any more
    ended = staff.get("/money/disputes?show=ended")
    assert ended.says("won")
    assert f"/back-office/orders/{paid['order_id']}" in ended.text


@pytest.mark.capability("G04")
def test_reconciliation_says_what_was_asked_and_repaired(
    world: World, paid: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = staff_at("staff")
    page = staff.get("/money/reconciliation")
    assert page.says("all asked")
    assert f"/back-office/orders/{paid['order_id']}" in page.text  # no webhook had told of its payment
    assert paid["payment_action"]["id"] in page.text
    assert page.says("PayPal")
    client = Functions()
    others = wiring.aws
    monkeypatch.setattr(wiring, "aws", lambda service: client if service == "lambda" else others(service))
    done = staff.submit(page, "/money/reconciliation/stripe/ask")
    assert staff.follow(done).says("Stripe is being asked")
    assert [json.loads(one["Payload"]) for one in client.invoked] == [{"ask": "stripe"}]
    world.bank.down = True
    lambda_handler({}, None)
    assert staff.get("/money/reconciliation").says("did not answer")


class Functions:
    """Lambda, as far as it is called here."""

    def __init__(self) -> None:
        self.invoked: list[dict[str, Any]] = []

    def invoke(self, **request: Any) -> None:
        self.invoked.append(request)


def test_nobody_was_asked_yet(aws: None) -> None:
    assert staff_at(language="es").get("/money/reconciliation").says("Aún no se preguntó a ningún proveedor")
    assert staff_at().get("/money/disputes").says("No open disputes")


def test_administrators_move_the_lock_of_the_books(world: World) -> None:
    admin = staff_at("admin")
    page = admin.get("/money/period")
    assert page.says("The books are open.")
    same = admin.submit(page, "/money/period", until="", reason="nothing to open")
    assert "nothing would change" in same.text
    assert "nothing to open" in same.text
    refused = admin.submit(page, "/money/period", until="2027-01-01", reason="too soon")
    assert "too soon" in refused.text
    done = admin.submit(page, "/money/period", until="2026-11-20", reason=HOSTILE)
    shown = admin.follow(done)
    assert shown.says("The books are locked up to 20 Nov 2026.")
    assert HOSTILE not in shown.text
    staff = staff_at("staff").get("/money/period")
    assert staff.says("Administrators move the lock.")
    assert '<form method="post" action="/back-office/money/period"' not in staff.text


def test_a_day_is_closed_and_opened_again(world: World, paid: dict[str, Any]) -> None:
    project(paid["order_id"])
    staff = staff_at("staff")
    assert staff.get("/money/days").says("not closed")
    page = staff.get("/money/days/2026-11-21")
    assert "232.00" in page.text
    done = staff.submit(page, "/money/days/2026-11-21/close", note=HOSTILE)
    shown = staff.follow(done)
    assert shown.says("The day is closed under number 1.")
    assert shown.says("Closing 1")
    assert HOSTILE not in shown.text
    assert "/money/days/2026-11-21/open" not in shown.text
    admin = staff_at("admin")
    again = admin.submit(
        admin.get("/money/days/2026-11-21"), "/money/days/2026-11-21/open", reason="falta un cobro"
    )
    assert admin.follow(again).says("opened again")
    assert "232.00" in staff.get("/money/days/2026-11-21/file").text
