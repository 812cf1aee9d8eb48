"""Delivery orders: one per location and promised date, with numbers that stay, and the list of them."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from comanda import wiring
from comanda.orders.holdings import holdings
from comanda.stock.import_products import import_products
from tests.functional.conftest import Answer, Call
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import approved, ask, command, show
from tests.functional.tables import contents
from tests.functional.test_workflow import order, pay

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
HEAD = "sku,name_es,price,tax,stock,backorder"
pytestmark = pytest.mark.capability("E01", "E10")


KEYS = count(1)


def bring(call: Call, sku: str, location: str, units: int) -> None:
    body = {"delta": units, "reason": "received", "location": location}
    path = f"/admin/stock/{sku}/adjust"
    answer = ask(call, "POST", path, body, headers={"Idempotency-Key": f"bring-{next(KEYS)}"})
    assert answer.status == 200, answer.text


@pytest.fixture
def shop(call: Call, clean: None) -> None:
    """CAFE-1: 2 here, 1 in the north, more on Christmas Eve; TAZA: 5 here."""
    set_section("stock", locations=[{"code": "norte"}])
    rows = "\n".join([HEAD, "CAFE-1,Café,116,16,2,2026-12-24", "TAZA,Taza,58,16,5,", ""]).encode()
    assert (
        import_products(rows, store=wiring.stock(), currency="MXN", now=NOW, actor="staff:ana").problems == []
    )
    bring(call, "CAFE-1", "norte", 1)


LINES = [{"sku": "CAFE-1", "quantity": 5}, {"sku": "TAZA", "quantity": 2}]


def bought(call: Call, key: str = "key-1", lines: Any = LINES) -> str:
    order_id = str(place(call, key, lines=lines)["order_id"])
    approved(call, order_id)
    pay(order_id)
    return order_id


def told(call: Call, order_id: str) -> list[tuple[str, str, str, str | None, dict[str, int]]]:
    return [
        (
            one["number"].partition("/")[2],
            one["status"],
            one["location"],
            one["promised_at"],
            {line["sku"]: line["quantity"] for line in one["lines"]},
        )
        for one in show(call, order_id)["deliveries"]
    ]


HERE = ("1", "to_ship", "main", None, {"CAFE-1": 2, "TAZA": 2})
NORTH = ("2", "to_ship", "norte", None, {"CAFE-1": 1})
LATER = ("3", "waiting_stock", "main", "2026-12-24", {"CAFE-1": 2})


def test_one_per_location_and_promised_date(call: Call, shop: None) -> None:
    order_id = str(place(call, lines=LINES)["order_id"])
    assert show(call, order_id)["deliveries"] == []  # nobody has confirmed it
    approved(call, order_id)
    waits = [status for _, status, *_ in told(call, order_id)]
    assert waits == ["waiting_payment", "waiting_payment", "waiting_stock"]
    pay(order_id)
    assert told(call, order_id) == [HERE, NORTH, LATER]
    shown = show(call, order_id)
    assert [one["number"] for one in shown["deliveries"]] == [f"{shown['number']}/{n}" for n in (1, 2, 3)]
    facts = [fact["type"] for fact in shown["history"]]
    assert facts.count("DeliveriesPlanned") == 1


def test_an_order_from_one_place_has_one_and_writes_nothing_of_it(call: Call, shop: None) -> None:
    order_id = bought(call, lines=[{"sku": "TAZA", "quantity": 2}])
    assert told(call, order_id) == [("1", "to_ship", "main", None, {"TAZA": 2})]
    assert order(order_id).deliveries == ()
    assert "DeliveriesPlanned" not in [fact["type"] for fact in show(call, order_id)["history"]]


def test_numbers_stay_when_goods_come_in_elsewhere(call: Call, shop: None) -> None:
    order_id = bought(call)
    bring(call, "CAFE-1", "norte", 1)
    bring(call, "CAFE-1", "main", 1)
    assert told(call, order_id) == [
        HERE,
        NORTH,
        ("3", "to_ship", "main", "2026-12-24", {"CAFE-1": 1}),
        ("4", "to_ship", "norte", "2026-12-24", {"CAFE-1": 1}),
    ]


def parcel(number: str, delivery: int, *units: tuple[str, int]) -> dict[str, Any]:
    lines = [{"sku": sku, "quantity": n} for sku, n in units]
    return {"lines": lines, "carrier": "dhl", "tracking_number": number, "delivery": delivery}


@pytest.mark.capability("D16", "D17", "D18")
def test_each_leaves_from_its_own_place(call: Call, shop: None) -> None:
    order_id = bought(call)
    there = lambda: {held.location: held.allocated for held in holdings(order(order_id).lines[0])}  # noqa: E731
    assert there() == {"main": 2, "norte": 1}
    sent = command(call, order_id, "ship", parcel("T1", 2, ("CAFE-1", 1)), key="a")
    assert sent.status == 200, sent.text
    assert there() == {"main": 2}
    assert [status for _, status, *_ in told(call, order_id)] == ["to_ship", "shipped", "waiting_stock"]
    (parcel_id,) = show(call, order_id)["deliveries"][1]["shipments"]
    undone = command(call, order_id, "undo-ship", {"shipment_id": parcel_id}, key="b")
    assert undone.status == 200, undone.text
    assert (told(call, order_id), there()) == ([HERE, NORTH, LATER], {"main": 2, "norte": 1})


def refused(call: Call, order_id: str, body: dict[str, Any]) -> Answer:
    version, before = show(call, order_id)["version"], contents()
    answer = command(call, order_id, "ship", body, version=version, key="c")
    assert contents() == before
    return answer


def test_a_parcel_takes_no_more_than_its_delivery_order_has(call: Call, shop: None) -> None:
    order_id = bought(call)
    short = refused(call, order_id, parcel("T1", 2, ("CAFE-1", 2)))
    assert (short.status, short.body["guard"]) == (409, "not-enough-to-ship")
    assert refused(call, order_id, parcel("T1", 3, ("CAFE-1", 1))).body["guard"] == "not-enough-to-ship"
    unknown = refused(call, order_id, parcel("T1", 9, ("CAFE-1", 1)))
    assert (unknown.status, unknown.body["errors"][0]["pointer"]) == (422, "/delivery")


def test_what_is_cancelled_leaves_its_number_behind(call: Call, shop: None) -> None:
    order_id = bought(call)
    body = {"actions": [{"type": "quantity", "line_id": order(order_id).lines[0].line_id, "quantity": 3}]}
    edit = command(call, order_id, "edits", body, key="e").body
    done = command(call, order_id, f"edits/{edit['edit_id']}/confirm", key="f")
    assert done.status == 200, done.text
    assert told(call, order_id) == [HERE, NORTH, ("3", "cancelled", "main", "2026-12-24", {})]
    command(call, order_id, "cancel", {"reason": "customer"}, key="g")
    assert {status for _, status, *_ in told(call, order_id)} == {"cancelled"}


def listed(call: Call, **asked: Any) -> list[tuple[str, str, bool]]:
    answer = ask(call, "GET", "/admin/deliveries", query=asked)
    assert answer.status == 200, answer.text
    return [(one["number"], one["status"], one["held"]) for one in answer.body["items"]]


def test_the_list_shows_what_waits_for_hands(call: Call, shop: None) -> None:
    order_id = bought(call)
    unconfirmed = str(place(call, "key-2", lines=[{"sku": "TAZA", "quantity": 1}])["order_id"])
    number = order(order_id).number
    every = [(f"{number}/1", "to_ship", False), (f"{number}/2", "to_ship", False)]
    every.append((f"{number}/3", "waiting_stock", False))
    assert listed(call) == every
    assert listed(call, location="norte") == [every[1]]
    assert listed(call, status="waiting_stock") == [every[2]]
    assert listed(call, promised_from="2026-12-01", promised_to="2026-12-24") == [every[2]]
    assert listed(call, promised_to="2026-12-23") == []
    command(call, order_id, "hold", {"reason": "manual"})
    assert listed(call) == []
    assert listed(call, held="only") == listed(call, held="true") == [(n, s, True) for n, s, _ in every]
    assert order(unconfirmed).number not in str(listed(call, held="true"))


def test_the_list_goes_on_page_by_page(call: Call, shop: None) -> None:
    stock_product("CAFE-9", units=90)
    ids = [bought(call, f"k{n}", [{"sku": "CAFE-9", "quantity": 1}]) for n in range(4)]
    seen: list[str] = []
    query = {"limit": "1"}
    while query:
        page = ask(call, "GET", "/admin/deliveries", query=query).body
        seen += [one["order_id"] for one in page["items"]]
        query = {"limit": "1", "cursor": page["next"]} if page["next"] else {}
    assert seen == ids


@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "shipped"), ("held", "perhaps"), ("limit", "0"), ("promised_to", "soon"), ("colour", "red")],
)
def test_what_the_list_does_not_understand_is_said(call: Call, shop: None, name: str, value: str) -> None:
    answer = ask(call, "GET", "/admin/deliveries", query={name: value})
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"/{name}")


def test_the_order_s_page_shows_them_as_soon_as_there_are_several(call: Call, shop: None) -> None:
    order_id = bought(call)
    single = bought(call, "key-2", [{"sku": "TAZA", "quantity": 1}])
    page = staff_at("staff").get(f"/orders/{order_id}")
    assert page.says("Delivery orders")
    for n in (1, 2, 3):
        assert page.says(f"{order(order_id).number}/{n}")
    assert page.says("from norte")
    assert not staff_at("staff").get(f"/orders/{single}").says("Delivery orders")


def test_many_articles_do_not_fill_the_screen(call: Call, shop: None) -> None:
    skus = [f"COSA-{n}" for n in range(8)]
    for sku in skus:
        stock_product(sku)
    bought(call, lines=[{"sku": sku, "quantity": 1} for sku in skus])
    page = staff_at("staff", language="es").get("/deliveries")
    assert page.says("1 × COSA-5 y 2 más")
    assert not page.says("COSA-6")


def test_the_screen_lists_them_with_filters(call: Call, shop: None) -> None:
    order_id = bought(call)
    number, staff = order(order_id).number, staff_at("staff")
    page = staff.get("/deliveries")
    for n in (1, 2, 3):
        assert page.says(f"{number}/{n}")
    north = staff.get("/deliveries?location=norte&status=&promised_to=&held=false")
    assert north.says(f"{number}/2")
    assert not north.says(f"{number}/1")
    assert staff.get("/deliveries?promised_to=2026-12-23").says("No delivery fits")
    command(call, order_id, "hold", {"reason": "manual"})
    assert staff.get("/deliveries").says("Nothing waits to be delivered")
    assert staff.get("/deliveries?held=true").says("on hold")
    assert staff.get("/deliveries?status=nonsense").status == 422
