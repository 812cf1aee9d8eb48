"""The ledger over a period in the back office: entries, totals, filters, locked days, pages and the file."""

import re

import pytest

from tests.functional.conftest import Call
from tests.functional.payments.conftest import world as world
from tests.functional.payments.test_ledger import FIRST, LAST
from tests.functional.payments.test_ledger import sold as sold
from tests.functional.payments.world import World
from tests.functional.screens.visitor import staff_at
from tests.functional.staff import ask

pytestmark = pytest.mark.capability("F25")
PERIOD = f"/money/ledger?since={FIRST}&until={LAST}"


def test_entries_stand_by_day_with_their_orders_and_totals(world: World, sold: tuple[str, str]) -> None:
    staff = staff_at("staff")
    page = staff.get("/money/ledger")  # this month
    for words in ("Ledger", "Payout to the bank", "Refund", "Money in MXN", "fees: MX$7.02"):
        assert page.says(words), words
    for order_id in sold:
        assert f"/back-office/orders/{order_id}" in page.text
    assert "/back-office/money/payouts/stripe/" in page.text
    assert not page.says("locked")


def test_it_is_spanish_too(world: World, sold: tuple[str, str]) -> None:
    page = staff_at("staff", language="es").get(PERIOD)
    for words in ("Movimientos", "Depósito en el banco", "Dinero en MXN", "Movimiento por movimiento"):
        assert page.says(words), words


def test_filters_choose_and_an_empty_choice_says_so(world: World, sold: tuple[str, str]) -> None:
    staff = staff_at("staff")
    refunds = staff.get(f"{PERIOD}&kind=refund")
    assert sold[0] in refunds.text
    assert sold[1] not in refunds.text
    assert staff.get(f"{PERIOD}&kind=dispute").says("No entries like these")
    assert staff.get("/money/ledger?since=2026-01-01&until=2026-01-02").says("No money came or went")
    assert staff.get("/money/ledger?since=tomorrow").status == 422
    assert staff.get(f"{PERIOD}&kind=%3Cscript%3E").status == 422


def test_locked_days_are_marked(call: Call, world: World, sold: tuple[str, str]) -> None:
    body = {"until": FIRST, "reason": "presentado"}
    assert ask(call, "PUT", "/admin/period-lock", body, role="admin").status == 200
    page = staff_at("admin").get(PERIOD)
    assert page.text.count(">locked<") == 2
    assert page.says("The books are locked up to")


def test_the_file_is_that_of_the_filter(world: World, sold: tuple[str, str]) -> None:
    staff = staff_at("staff")
    page = staff.get(f"{PERIOD}&kind=refund")
    (link,) = re.findall(r'href="/back-office(/money/ledger/file[^"]*)"', page.text)
    assert "kind=refund" in link
    file = staff.get(link.replace("&amp;", "&"))
    assert file.headers["content-type"].startswith("text/csv")
    assert "50.00" in file.text
    assert "232.00" not in file.text


def test_a_period_that_ends_before_it_begins_is_told_as_such(world: World, sold: tuple[str, str]) -> None:
    page = staff_at("admin", language="es").get("/money/ledger?since=2026-12-01&until=2026-01-01")
    assert page.status == 422
    assert page.says("un periodo termina después de empezar")
