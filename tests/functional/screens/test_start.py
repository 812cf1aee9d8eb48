"""The start page: today against the usual, what to do next, what is broken, and how a shop begins."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.conversation.troubles import Trouble
from comanda.dynamo.client import client
from comanda.inbox.model import Entry, Outcome
from comanda.times import stamp
from functions.project_search.app import lambda_handler as project_search
from tests.functional.conftest import Call
from tests.functional.screens.visitor import Seen, staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import command
from tests.functional.test_figures import Shop, shop

__all__ = ["shop"]
NOON = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # 12:30 in Mexico City, a Friday


def ordered(call: Call, key: str, *steps: str, **wishes: str) -> str:
    """An order on which staff have run these commands; the stream has told of it."""
    order_id: str = place(call, key, **wishes)["order_id"]
    for name in steps:
        assert command(call, order_id, name).status == 200
    return order_id


def figure(page: Seen) -> str:
    found = re.search(r'class="figure"><strong>([^<]*)</strong>', page.text)
    assert found, page.text
    return found[1]


def test_today_is_set_against_the_same_weekday_of_the_weeks_before(call: Call, shop: Shop) -> None:
    stock_product(units=100)
    for week, orders in ((2, 3), (1, 1), (0, 4)):
        shop.now = NOON - timedelta(weeks=week, hours=2)
        for number in range(orders):
            ordered(call, f"{week}-{number}", "verify", "approve")
    shop.now = NOON - timedelta(weeks=1) + timedelta(hours=3)
    ordered(call, "later that day", "verify")
    shop.told(shop.records())
    shop.now = NOON
    page = staff_at().get("/")
    assert page.status == 200
    assert figure(page) == "4"
    assert page.says("Usually 2 by this time")
    assert page.says("(+100 %)")
    assert staff_at(language="es").get("/").says("Lo habitual a esta hora: 2")


def test_money_is_told_by_the_days_of_the_shop(call: Call, shop: Shop) -> None:
    stock_product(units=100)
    shop.now = NOON - timedelta(days=1, hours=13)  # 23:30 two days before: UTC has another date
    ordered(call, "a", "verify", "mark-paid")
    shop.now = NOON
    paid = ordered(call, "b", "verify", "mark-paid")
    wish = {"amount": {"amount": 3200, "currency": "MXN"}, "reason": "goodwill", "execute": True}
    assert command(call, paid, "refund", wish | {"destination": "elsewhere"}).status == 200
    shop.told(shop.records())
    page = staff_at().get("/")
    rows = re.findall(
        r'<tr><th scope="row">([^<]*)</th><td class="number">(.*?)</td><td class="number">(.*?)</td>',
        page.text,
    )
    told = {name: tuple(re.sub(r"<[^>]+>", "", one) for one in amounts) for name, *amounts in rows}
    assert told["Today"] == ("MX$232.00", "MX$32.00")
    assert told["7 days"] == ("MX$464.00", "MX$32.00")
    assert told["19 Nov"] == ("MX$0.00", "MX$0.00")
    assert told["18 Nov"] == ("MX$232.00", "MX$0.00")


def test_what_waits_is_told_with_the_list_that_shows_it(call: Call, shop: Shop) -> None:
    stock_product(units=100)
    shop.now = NOON - timedelta(days=9)
    ordered(call, "old", "verify", "approve")
    shop.now = NOON - timedelta(days=2)
    ordered(call, "paid", "verify", "approve", "mark-paid")
    shop.now = NOON
    ordered(call, "new", "verify")
    shop.told(shop.records())
    page = staff_at().get("/")
    for told in ("1 order to review", "1 order to ship", "1 order unpaid for a week or more"):
        assert page.says(told)
        link = re.search(rf'href="/back-office([^"]*)">{told}', page.text)
        assert link, told
        shown = staff_at().get(link[1].replace("&amp;", "&"))
        assert len(set(re.findall(r"/back-office/orders/([\w-]{20,})", shown.text))) == 1, told
    ages = brackets(page)
    assert ages == [["1", "0", "0", "1", "0"], ["0", "1", "0", "0", "0"]]


@pytest.mark.capability("C01")
def test_what_is_paid_at_the_door_or_the_counter_is_to_be_made_ready_too(call: Call, shop: Shop) -> None:
    stock_product(units=100)
    set_section("payments.on_delivery", enabled=True, ship_before_payment=True)
    shop.now = NOON - timedelta(days=2)
    ordered(call, "unpaid", "verify", "approve")
    for key, *steps in (("door", "verify", "approve"), ("unseen", "verify")):
        ordered(call, key, *steps, payment_method="on_delivery")
    shop.now = NOON
    shop.told(shop.records())
    page = staff_at().get("/")
    told = "1 order to get ready that is paid afterwards"
    link = re.search(rf'href="/back-office([^"]*)">{told}', page.text)
    assert link, page.text
    shown = staff_at().get(link[1].replace("&amp;", "&"))
    assert len(set(re.findall(r"/back-office/orders/([\w-]{20,})", shown.text))) == 1
    assert brackets(page)[-1] == ["0", "1", "0", "0", "0"]
    assert staff_at(language="es").get("/").says("1 pedido por preparar que se paga después")


def brackets(page: Seen) -> list[list[str]]:
    """How many orders wait since when, a row for each thing that is waited for."""
    return [
        re.findall(r">(\d+)<", row)
        for row in re.findall(r"<tr><th scope=\"row\">(?:For|Paid).*?</tr>", page.text)
    ]


def test_what_is_broken_is_told(call: Call, shop: Shop) -> None:
    stock_product(units=100)
    ordered(call, "a", "verify")
    at = stamp(shop.now)
    entry = Entry("payments", "stripe", "evt_1", "charge", at, "b", "k", b"")
    wiring.inbox().store.finish(entry, Outcome("failed", "no such order"), at)
    wiring.troubles().note(Trouble("bounce", "ana-1", at, "General"))
    page = staff_at(language="es").get("/")
    assert page.says("1 aviso de un tercero no se pudo aplicar")
    assert page.says("Avisos de stripe")
    assert "/back-office/customers/ana-1" in page.text
    assert page.text.count('class="badge red"') >= 2


def test_a_page_costs_the_same_however_many_orders_there_are(
    call: Call, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_product(units=1000)
    costs = []
    for orders in (1, 12):
        for number in range(orders):
            ordered(call, f"{orders}-{number}", "verify")
        shop.told(shop.records())
        shop.now += timedelta(minutes=2)
        staff_at().get("/")
        costs.append([_requests(monkeypatch), _requests(monkeypatch)])
    assert costs[0] == costs[1]
    assert costs[0][0] == costs[0][1]


def _requests(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many reads the page takes within the minute that its figures are kept."""
    staff, sent, real = staff_at(), [], client()._make_api_call
    with monkeypatch.context() as patched:
        patched.setattr(
            client(), "_make_api_call", lambda name, *rest: (sent.append(name), real(name, *rest))[1]
        )
        staff.get("/")
    assert not {"Scan", "TransactWriteItems"} & set(sent)
    return len(sent)


def test_an_empty_shop_is_told_how_to_begin(call: Call) -> None:
    page = staff_at(language="es").get("/")
    assert page.says("Tu tienda aún no tiene pedidos")
    assert page.text.count(">hecho<") == 1  # a bank transfer needs no account of a provider
    stock_product()
    assert staff_at(language="es").get("/").text.count(">hecho<") == 2


@pytest.mark.parametrize("role", ["picker", ""])
def test_who_may_see_no_orders_sees_no_figures(aws: None, role: str) -> None:
    assert staff_at(role).get("/").status in (303, 403)


def test_names_come_out_escaped(call: Call, shop: Shop) -> None:
    name = "<img src=x onerror=alert(1)>"
    stock_product("LOW", units=1)
    wiring.stock()
    database: Any = boto3.client("dynamodb")
    database.update_item(
        TableName=wiring.stock().table,
        Key={"pk": {"S": "PRODUCT#LOW"}},
        UpdateExpression="SET #names = :names",
        ExpressionAttributeNames={"#names": "names"},
        ExpressionAttributeValues={":names": {"S": json.dumps({"es": name, "en": name})}},
    )
    wiring.low_stock().publish = lambda event: None
    wiring.low_stock().look_at("LOW")
    stock_product(units=100)
    ordered(call, "a", "verify")
    page = staff_at().get("/")
    assert "<img src=x" not in page.text
    assert "&lt;img" in page.text


def test_the_page_finds_its_figures_in_the_stream(call: Call, shop: Shop) -> None:
    stock_product(units=10)
    ordered(call, "a", "verify")
    assert figure(staff_at().get("/")) == "0"
    assert project_search({"Records": shop.records()}, None) == {"batchItemFailures": []}
    assert figure(staff_at().get("/")) == "0"  # kept for a minute
    shop.now += timedelta(minutes=2)
    assert figure(staff_at().get("/")) == "1"
