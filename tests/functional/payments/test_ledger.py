"""The ledger of a period by the staff's API: every movement of money between two days, with totals."""

import csv
import io
from typing import Any

import pytest

from comanda import wiring
from comanda.figures.store import Noted
from tests.functional.conftest import Call
from tests.functional.payments.test_days import project
from tests.functional.payments.test_refunds import TOTAL, pesos, transfer
from tests.functional.payments.test_store_credit import buy, give
from tests.functional.payments.test_store_credit import customer as customer
from tests.functional.payments.world import World
from tests.functional.shop import place
from tests.functional.staff import approved, ask, command
from tests.functional.tables import contents

pytestmark = pytest.mark.capability("F25")
FIRST, LAST = "2026-11-21", "2026-11-23"


def read(call: Call, **query: str) -> dict[str, Any]:
    answer = ask(call, "GET", "/admin/ledger", query={"since": FIRST, "until": LAST} | query)
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.body
    return body


def told(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(one["kind"], one["method"], one["amount"]["amount"]) for one in found["items"]]


@pytest.fixture
def sold(call: Call, world: World) -> tuple[str, str]:
    """One order paid by transfer and given back in part two days later, one by card, paid out between."""
    by_hand = transfer(call)
    approved(call, by_hand)
    world.clock.on(hours=1)
    card = place(call, key="card", payment_method="stripe")
    world.bank.pay(card["payment_action"]["id"])
    wiring.reconciling().run(lambda: True)
    world.clock.on(days=1)
    world.bank.pay_out()
    wiring.fetching().run(lambda: True)
    world.clock.on(days=1)
    body = {"amount": pesos(5_000), "reason": "roto", "destination": "elsewhere"}
    answer = command(call, by_hand, "refund", body)
    assert answer.status == 200, answer.text
    project(by_hand, card["order_id"])
    return by_hand, str(card["order_id"])


def test_everything_of_the_period_with_its_totals(call: Call, world: World, sold: tuple[str, str]) -> None:
    by_hand, card = sold
    found = read(call)
    assert told(found) == [
        ("refund", "bank_transfer", 5_000),
        ("payout", "stripe", 22_498),
        ("capture", "stripe", TOTAL),
        ("capture", "bank_transfer", TOTAL),
    ]
    assert [one["order_id"] for one in found["items"]] == [by_hand, None, card, by_hand]
    assert [one["day"] for one in found["items"]] == [LAST, "2026-11-22", FIRST, FIRST]
    assert [(one["method"], one["net"]["amount"]) for one in found["totals"]] == [
        ("bank_transfer", TOTAL - 5_000),
        ("stripe", TOTAL),
    ]
    (money,) = found["money"]
    assert (money["capture"]["amount"], money["refund"]["amount"]) == (2 * TOTAL, 5_000)
    (paid,) = found["payouts"]
    assert (paid["provider"], paid["amount"]["amount"], paid["fees"]["amount"]) == ("stripe", 22_498, 702)
    assert (found["next"], found["uncounted"], found["currencies"]) == (None, [], ["MXN"])


def test_it_is_filtered(call: Call, world: World, sold: tuple[str, str]) -> None:
    assert told(read(call, kind="refund")) == [("refund", "bank_transfer", 5_000)]
    assert told(read(call, method="stripe", kind="capture")) == [("capture", "stripe", TOTAL)]
    assert told(read(call, method="stripe", kind="payout")) == [("payout", "stripe", 22_498)]
    assert told(read(call, currency="EUR")) == []
    assert read(call, currency="EUR")["currencies"] == ["MXN"]
    assert read(call, kind="refund")["money"][0]["net"]["amount"] == -5_000
    assert told(read(call, since="2026-11-22", until="2026-11-22")) == [("payout", "stripe", 22_498)]


@pytest.mark.parametrize("limit", ["1", "2", "3", "4"])
def test_it_goes_on_page_by_page(call: Call, world: World, sold: tuple[str, str], limit: str) -> None:
    found, cursor = list[Any](), ""
    while True:
        page = read(call, limit=limit, cursor=cursor)
        found += told(page)
        cursor = page["next"] or ""
        assert page["money"] == read(call)["money"]
        if not cursor:
            break
    assert found == told(read(call))


def test_a_period_has_two_days_that_fit(call: Call, world: World) -> None:
    for wrong in ({"since": LAST, "until": FIRST}, {"since": "2025-01-01"}, {"until": "2026-02-31"},
                  {"kind": "gift"}, {"cursor": "elsewhere"}, {"cursor": "2020-01-01||0|1"},
                  {"cursor": f"{FIRST}|x|1"}):  # fmt: skip
        query = {"since": FIRST, "until": LAST} | wrong
        assert ask(call, "GET", "/admin/ledger", query=query).status == 422, wrong
    assert ask(call, "GET", "/admin/ledger", query={"since": FIRST}).status == 422
    assert told(read(call)) == []


def test_locked_days_are_marked(call: Call, world: World, sold: tuple[str, str]) -> None:
    assert {one["locked"] for one in read(call)["items"]} == {False}
    body = {"until": "2026-11-22", "reason": "presentado"}
    assert ask(call, "PUT", "/admin/period-lock", body, role="admin").status == 200
    found = read(call)
    assert [one["locked"] for one in found["items"]] == [False, True, True, True]
    assert found["locked_until"] == "2026-11-22"


def test_the_file_has_every_movement(call: Call, world: World, sold: tuple[str, str]) -> None:
    answer = ask(call, "GET", "/admin/ledger/file", query={"since": FIRST, "until": LAST})
    assert answer.headers["content-disposition"].endswith(f'ledger_{FIRST}_{LAST}.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["kind"], row["in"], row["out"], row["payout"]) for row in rows] == [
        ("refund", "", "50.00", ""),
        ("payout", "", "", "224.98"),
        ("capture", "232.00", "", ""),
        ("capture", "232.00", "", ""),
    ]


def test_looking_reads_no_more_orders_than_it_shows(
    call: Call, world: World, sold: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the table of orders nor days without anything are read; nothing is written but kept sums."""
    read(call, since="2026-10-01", until="2026-12-01")
    before, loaded = contents(), list[str]()
    real = wiring.orders().load
    monkeypatch.setattr(type(wiring.orders()), "load", lambda self, one: (loaded.append(one), real(one))[1])
    wiring.money_ledger.cache_clear()
    assert told(read(call, kind="refund", since="2026-10-01", until="2026-12-01"))
    assert loaded == [sold[0]]
    assert read(call, limit="1", method="stripe")["items"]
    assert len(loaded) <= 2
    assert contents() == before


def test_store_credit_is_listed_and_is_no_money(call: Call, world: World, customer: tuple[str, str]) -> None:
    """What comes of credit stands in the list and in a row of its own, never in the sum of the money."""
    customer_id, token = customer
    assert give(call, customer_id, TOTAL).status == 200
    bought = buy(call, token, store_credit=True)
    assert bought.status == 201, bought.text
    project(bought.body["order_id"])
    found = read(call)
    (line,) = found["items"]
    assert (line["kind"], line["method"], line["credit"]) == ("capture", "store_credit", True)
    (row,) = found["totals"]
    assert (row["credit"], row["capture"]["amount"]) == (True, TOTAL)
    assert found["money"] == []


def test_days_from_before_the_lines_were_counted_are_named(
    call: Call, world: World, sold: tuple[str, str]
) -> None:
    """Until the figures are counted anew the totals say what they lack."""
    old = wiring.figures().noted(FIRST, sold[0])
    assert old
    plain = {name: amount for name, amount in old.sums.items() if ".l." not in name}
    for order_id in sold:
        wiring.figures().note(FIRST, order_id, Noted(plain, 10**6), over=True)
    found = read(call)
    assert (found["uncounted"], [one["day"] for one in found["items"]]) == ([FIRST], [LAST, "2026-11-22"])
