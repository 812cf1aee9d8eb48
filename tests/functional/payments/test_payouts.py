"""What providers pay out: read once an hour, tied to orders and their ledgers, kept, shown to staff."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from comanda import wiring
from comanda.payments.payout import PayoutLine
from functions.reconcile_payments.app import lambda_handler
from tests.functional.payments.world import World
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask
from tests.functional.tables import contents


def look() -> dict[str, Any]:
    found: dict[str, Any] = lambda_handler({}, None)["payouts"]["stripe"]
    return found


@pytest.fixture
def get(call):
    """The staff API's answer to a GET; what stands behind the question mark as words."""

    def read(path: str, **query: str) -> dict[str, Any]:
        answer = ask(call, "GET", path, query=query)
        assert answer.status == 200, answer.text
        body: dict[str, Any] = answer.body
        return body

    return read


@pytest.fixture
def three(call, world: World) -> list[dict[str, Any]]:
    """Three orders whose customers have paid; each costs 232 pesos."""
    stock_product(units=100)
    made = []
    for number in range(3):
        placed = place(call, key=f"order-{number}", payment_method="stripe")
        world.bank.pay(placed["payment_action"]["id"])
        made.append(placed)
    return made


@pytest.mark.capability("F25", "C28", "D05")
def test_what_each_order_leaves(get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    world.clock.on(minutes=30)
    back = world.bank.refund_outside(three[1]["payment_action"]["id"], 5_000)
    lambda_handler({}, None)
    payout = world.bank.pay_out()
    world.clock.on(minutes=31)
    assert look() == {
        "payouts": 1,
        "written": 1,
        "differences": 0,
        "disputes": 0,
        "skipped": False,
        "done": True,
    }
    (head,) = get("/admin/payouts")["items"]
    assert (head["provider"], head["ref"], head["status"]) == ("stripe", payout.ref, "paid")
    fee = 702  # of one charge: 2.9 % and 30
    assert {name: value["amount"] for name, value in head["totals"].items()} == {
        "charges": 69_600, "refunds": -5_000, "disputes": 0, "other": 0, "fees": 3 * fee, "net": 62_494,
    }  # fmt: skip
    assert (head["differences"], head["missing"]["amount"], head["lines_count"]) == (0, 0, 4)
    whole = get(f"/admin/payouts/stripe/{payout.ref}")
    left = {one["order_id"]: one["net"]["amount"] for one in whole["orders"]}
    full = 23_200 - fee
    assert left == dict(zip([x["order_id"] for x in three], [full, full - 5_000, full], strict=True))
    assert {one["number"] for one in whole["orders"]} == {one["number"] for one in three}
    assert {line["tie"] for line in whole["lines"]} == {"tied"}
    of_order = get(f"/admin/orders/{three[1]['order_id']}/payouts")["items"]
    assert [(x["kind"], x["net"]["amount"], x["provider_id"] == back) for x in of_order] == [
        ("charge", full, False),
        ("refund", -5_000, True),
    ]


def test_the_same_payout_is_kept_once(get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    world.bank.pay_out()
    world.clock.on(hours=2)
    assert look()["written"] == 1
    before = contents()
    assert look()["skipped"] is True
    world.clock.on(hours=2)
    assert look()["written"] == 0
    after = contents()
    moved = {table for table in after if after[table] != before[table]}
    assert moved == {"JobsTable"}  # only how far it was looked
    assert len(get("/admin/payouts")["items"]) == 1


@pytest.mark.capability("F25")
def test_orders_and_their_histories_are_left_alone(world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    before = contents()
    world.bank.pay_out()
    world.clock.on(hours=2)
    look()
    after = contents()
    assert after["OrdersTable"] == before["OrdersTable"]


@pytest.mark.capability("F25", "G04")
def test_differences_are_named_until_they_are_settled(get, world: World, three: list[dict[str, Any]]):
    """Nothing was told of the charges when the payout came; one belongs to nobody."""
    foreign = PayoutLine("txn_x", "charge", 900, None, 900, "MXN", "2026-11-21T18:00:00.000Z", "ch_x")
    payout = world.bank.pay_out()
    world.bank.paid_out[0][1].append(foreign)
    world.clock.on(hours=2)
    world.bank.told, told = [], world.bank.told  # the provider's list is late
    assert look()["differences"] == 4
    (head,) = get("/admin/payouts", differences="true")["items"]
    assert (head["differences"], head["missing"]["amount"]) == (5, -900)
    ties = [line["tie"] for line in get(f"/admin/payouts/stripe/{payout.ref}")["lines"]]
    assert ties == ["not_in_ledger"] * 3 + ["no_order"]
    world.bank.told = told
    for one in told:
        assert world.webhook(one.ref, event_id=one.event_id)
    world.clock.on(hours=2)
    assert look()["differences"] == 1
    assert get("/admin/payouts", differences="true")["items"][0]["differences"] == 2


def test_a_payout_that_changes_is_written_again(get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    payout = world.bank.pay_out(status="in_transit")
    world.clock.on(hours=2)
    look()
    lines = world.bank.paid_out[0][1]
    changed = replace(payout, status="failed")
    world.bank.paid_out[0] = (changed, lines)
    world.clock.on(days=5)
    look()
    (head,) = get("/admin/payouts")["items"]
    assert head["status"] == "failed"


def test_what_the_provider_cannot_list_is_no_difference(get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    payout = world.bank.pay_out(listed="never")
    world.clock.on(hours=2)
    look()
    whole = get(f"/admin/payouts/stripe/{payout.ref}")
    assert (whole["listed"], whole["missing"], whole["differences"], whole["lines"]) == ("never", None, 0, [])


def test_a_provider_that_is_down_is_asked_again(get, world: World, three: list[dict[str, Any]]):
    world.bank.pay_out()
    world.bank.down = True
    assert look()["done"] is False
    world.bank.down = False
    assert look()["done"] is True
    assert len(get("/admin/payouts")["items"]) == 1


@pytest.mark.capability("F25")
def test_a_provider_is_asked_at_once(call, world: World, three: list[dict[str, Any]], monkeypatch):
    invoked: list[dict[str, Any]] = []

    class Functions:
        def invoke(self, **request: Any) -> None:
            invoked.append(request)

    others = wiring.aws
    monkeypatch.setattr(
        wiring, "aws", lambda service: Functions() if service == "lambda" else others(service)
    )
    assert look()["skipped"] is False
    assert look()["skipped"] is True
    world.bank.pay_out()
    answer = ask(call, "POST", "/admin/reconciliation/stripe/ask")
    assert answer.status == 202, answer.text
    (sent,) = invoked
    assert sent["InvocationType"] == "Event"
    answer = lambda_handler(json.loads(sent["Payload"]), None)
    assert (answer["payouts"]["stripe"]["written"], set(answer)) == (1, {"stripe", "payouts"})
    assert ask(call, "POST", "/admin/reconciliation/stripe/ask").status == 202
    answer = lambda_handler(json.loads(invoked.pop()["Payload"]), None)
    assert answer["payouts"]["stripe"]["written"] == 0
    assert lambda_handler({"ask": "paypal"}, None) == {"payouts": {}}
    assert ask(call, "POST", "/admin/reconciliation/elsewhere/ask").status == 404
    assert len(invoked) == 1


def test_the_list_is_filtered_and_goes_on_page_by_page(get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    refs = []
    for _ in range(5):
        refs.append(world.bank.pay_out(amount=0).ref)
        world.clock.on(days=1)
    look()
    found, cursor = [], ""
    while True:
        page = get("/admin/payouts", limit="2", cursor=cursor)
        found += [one["ref"] for one in page["items"]]
        cursor = page["next"] or ""
        if not cursor:
            break
    assert found == refs[::-1]
    days = get("/admin/payouts", since="2026-11-22", until="2026-11-23")["items"]
    assert [one["arrives_on"] for one in days] == ["2026-11-23", "2026-11-22"]
    assert get("/admin/payouts", provider="paypal")["items"] == []


def test_the_file_has_every_line(call, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    payout = world.bank.pay_out()
    world.clock.on(hours=2)
    look()
    answer = ask(call, "GET", f"/admin/payouts/stripe/{payout.ref}/file")
    assert answer.headers["content-disposition"].endswith('.csv"')
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["amount"], row["fee"], row["net"], row["tie"]) for row in rows] == [
        ("232.00", "7.02", "224.98", "tied")
    ] * 3


def test_what_is_not_there_is_said_to_be_so(call, world: World):
    assert ask(call, "GET", "/admin/payouts/stripe/po_none").status == 404
    assert ask(call, "GET", "/admin/payouts", query={"cursor": "elsewhere"}).status == 422


@pytest.mark.capability("F25", "C28")
def test_disputes_are_told_by_their_provider(call, get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    ref = three[0]["payment_action"]["id"]
    dispute = world.bank.dispute(ref, 23_200)
    world.clock.on(hours=2)
    assert look()["disputes"] == 1
    (one,) = get("/admin/disputes")["items"]
    assert (one["ref"], one["status"], one["order_id"]) == (dispute, "open", three[0]["order_id"])
    assert (one["amount"]["amount"], one["number"]) == (23_200, three[0]["number"])
    assert one["due_at"] == "2026-11-30T18:00:00.000Z"
    assert get("/admin/disputes", ended="true")["items"] == []
    world.clock.on(hours=2)
    assert look()["disputes"] == 0
    world.bank.close_dispute(ref, dispute, "lost")
    world.clock.on(hours=2)
    assert look()["disputes"] == 1
    assert [one["status"] for one in get("/admin/disputes")["items"]] == ["lost"]
    (ended,) = get("/admin/disputes", ended="true")["items"]
    assert (ended["ref"], ended["status"], ended["order_id"]) == (dispute, "lost", three[0]["order_id"])


@pytest.mark.capability("G04")
def test_what_a_look_repaired_is_kept(get, world: World, three: list[dict[str, Any]]):
    lambda_handler({}, None)
    told = {one["provider"]: one for one in get("/admin/reconciliation")["items"]}
    assert set(told) == {"stripe", "paypal", "mercadopago"}
    stripe = told["stripe"]
    assert {one["order_id"] for one in stripe["repaired"]} == {one["order_id"] for one in three}
    assert (stripe["last"]["missed"], stripe["last"]["done"], stripe["paused"]) == (3, True, None)
    assert (told["paypal"]["last"], told["paypal"]["repaired"]) == (None, [])
    world.clock.on(hours=1)
    lambda_handler({}, None)
    again = {one["provider"]: one for one in get("/admin/reconciliation")["items"]}["stripe"]
    assert again["repaired"] == stripe["repaired"]
    assert again["last"]["missed"] == 0
