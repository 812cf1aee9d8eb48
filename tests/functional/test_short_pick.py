"""Units that are not found on their shelf: others take their place, or the customer waits for them."""

from datetime import date
from typing import Any

import pytest

from comanda import wiring
from comanda.errors import Forbidden
from comanda.fulfilment.short_pick import ShortPick, ShortUnits, short_picking
from comanda.orders.facts import Origin
from comanda.stock.model import Part, Product
from comanda.stock.rows import product_row
from comanda.stock.sell_beyond import sell_beyond
from comanda.times import stamp
from tests.functional.conftest import Call
from tests.functional.mails import effects
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, ask, show
from tests.functional.tables import contents
from tests.functional.test_pick_and_pack import bought, does, done, refused, units
from tests.functional.test_workflow import pay

pytestmark = pytest.mark.capability("F23", "D10", "D01")
LOOK = "?do=short-pick#do"  # where the form of an order's page shows what it would do


def short(n: int, reason: str = "missing", **more: Any) -> dict[str, Any]:
    return units(("CAFE-1", n)) | {"reason": reason} | more


def only_here(call: Call, steps: str = "pick_ship", left: int = 0) -> str:
    """An order of three of what the shelf has no more of than `left`."""
    order_id = bought(call, steps)
    correct(call, left - level()["available"])
    return order_id


def correct(call: Call, delta: int, location: str = "main") -> None:
    body = {"delta": delta, "reason": "count", "location": location}
    key = {"Idempotency-Key": f"{delta}-{location}"}
    answer = ask(call, "POST", "/admin/stock/CAFE-1/adjust", body, headers=key)
    assert answer.status == 200, answer.text


def reported(staff: Visitor, form: Seen, order_id: str, **typed: str) -> Seen:
    """The form of the page, looked at first and then sent."""
    return staff.submit(staff.submit(form, LOOK, **typed), f"/orders/{order_id}/short-pick")


def figures(location: str = "main") -> tuple[int, int, int]:
    found = {(one.location): one for one in wiring.stock().shelf("CAFE-1", "main")[1].values()}[location]
    assert found.available == found.on_hand - found.reserved - found.allocated
    return found.on_hand, found.allocated, found.available


def waiting(call: Call, order_id: str) -> list[int]:
    return [line.get("backordered", 0) for line in show(call, order_id)["lines"]]


def movements(call: Call) -> list[tuple[Any, ...]]:
    made = ask(call, "GET", "/admin/stock/CAFE-1/movements").body["items"]
    return [(one["delta"], one["reason"], one["location"], one["cause"], one["after"]) for one in made]


@pytest.mark.parametrize("reason", ["missing", "damaged", "misplaced"])
def test_what_is_not_there_leaves_the_books_and_waits(call: Call, clean: None, reason: str) -> None:
    order_id = only_here(call)
    before = show(call, order_id)
    answer = done(call, order_id, "short-pick", short(2, reason))
    assert answer["version"] > before["version"]
    result = answer["result"]
    assert [(one["delivery"], one["quantity"]) for one in result["lines"]] == [(1, 2)]
    assert [(one["quantity"], one["promised_at"]) for one in result["waiting"]] == [(2, None)]
    assert figures() == (1, 1, 0)
    assert movements(call)[0] == (-2, reason, "main", before["number"], 1)
    shown = show(call, order_id)
    assert (waiting(call, order_id), shown["totals"]) == ([2, 0], before["totals"])
    (one,) = shown["deliveries"]
    assert [(line["ready"], line["waiting"]) for line in one["lines"]] == [(1, 2), (2, 0)]
    assert shown["fulfilment"] == "backorder"
    assert [o for _, o in wiring.stock().queue("CAFE-1")] == [order_id]


def test_the_queue_serves_it_when_units_come_in(call: Call, clean: None) -> None:
    order_id = only_here(call)
    done(call, order_id, "short-pick", short(3))
    correct(call, 5)
    assert waiting(call, order_id) == [0, 0]
    assert figures() == (5, 3, 2)


def test_another_location_gives_what_it_has_free(call: Call, clean: None) -> None:
    set_section("stock", locations=[{"code": "norte"}])
    order_id = only_here(call, left=4)
    correct(call, 2, "norte")
    result = done(call, order_id, "short-pick", short(3))["result"]
    assert [one["quantity"] for one in result["moved"]] == [2]
    assert [one["quantity"] for one in result["waiting"]] == [1]
    assert result["recount"] == [{"sku": "CAFE-1", "location": "main", "free": 4}]
    assert (figures(), figures("norte")) == ((4, 0, 4), (2, 2, 0))
    told = [(one["location"], one["status"]) for one in show(call, order_id)["deliveries"]]
    assert told == [("main", "to_pick"), ("norte", "to_pick")]


def test_of_broken_units_others_of_the_same_shelf_are_taken(call: Call, clean: None) -> None:
    order_id = only_here(call, left=1)
    result = done(call, order_id, "short-pick", short(2, "damaged"))["result"]
    assert ([one["quantity"] for one in result["moved"]], result["waiting"][0]["quantity"]) == ([1], 1)
    assert figures() == (2, 2, 0)


def test_the_customer_is_told_the_day_in_one_mail(call: Call, clean: None) -> None:
    order_id = only_here(call)
    sell_beyond(wiring.stock(), "CAFE-1", "backorder", date(2026, 12, 24))
    done(call, order_id, "short-pick", short(2))
    events = [
        one.data["event"] for one in effects(order_id).values() if one.data.get("event") == "promise_changed"
    ]
    assert events == ["promise_changed"]
    assert [one["promised_at"] for one in show(call, order_id)["deliveries"]] == [None, "2026-12-24"]
    told = [fact for fact in show(call, order_id)["history"] if fact["type"] == "LinesShortPicked"]
    assert [one["visibility"] for one in told] == ["customer"]


def test_picked_units_may_be_broken_and_packed_ones_not(call: Call, clean: None) -> None:
    order_id = only_here(call, "pick_pack_ship")
    done(call, order_id, "pick", units(("CAFE-1", 3)))
    done(call, order_id, "pack", units(("CAFE-1", 1)))
    assert refused(call, order_id, "short-pick", short(3, "damaged")) == "not-enough-to-pick"
    done(call, order_id, "short-pick", short(2, "damaged"))
    line = show(call, order_id)["lines"][0]
    assert (line["picked"], line["packed"]) == (1, 1)
    assert show(call, order_id)["put_back"] == []  # nobody puts broken ones back


def test_found_after_all(call: Call, clean: None) -> None:
    set_section("stock", locations=[{"code": "norte"}])
    order_id = only_here(call)
    correct(call, 1, "norte")
    short_id = done(call, order_id, "short-pick", short(2))["result"]["short_id"]
    done(call, order_id, "undo-short-pick", {"short_id": short_id})
    assert (figures(), figures("norte"), waiting(call, order_id)) == ((3, 3, 0), (1, 0, 1), [0, 0])
    assert movements(call)[0][:2] == (2, "found")
    assert refused(call, order_id, "undo-short-pick", {"short_id": short_id}) == "found-before"
    assert does(call, order_id, "undo-short-pick", {"short_id": "s99"}).status == 404


def test_what_others_have_replaced_stays_replaced(call: Call, clean: None) -> None:
    order_id = only_here(call)
    short_id = done(call, order_id, "short-pick", short(2))["result"]["short_id"]
    correct(call, 2)
    assert refused(call, order_id, "undo-short-pick", {"short_id": short_id}) == "units-replaced"


def test_what_cannot_be_is_refused_and_changes_nothing(call: Call, clean: None) -> None:
    order_id = only_here(call)
    assert refused(call, order_id, "short-pick", short(4)) == "not-enough-to-pick"
    before = contents()
    for body, pointer in (
        (short(1, delivery=7), "/delivery"),
        ({"lines": [{"sku": "NADA", "quantity": 1}], "reason": "missing"}, "/lines/0/sku"),
        (
            {"lines": [{"sku": "CAFE-1", "quantity": 1, "article": "X"}], "reason": "missing"},
            "/lines/0/article",
        ),
        (short(1, "stolen"), "/reason"),
    ):
        wrong = does(call, order_id, "short-pick", body)
        assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, pointer)
    assert contents() == before
    done(call, order_id, "hold", {"reason": "manual"})
    assert refused(call, order_id, "short-pick", short(1)) == "on-hold"


def test_a_picker_says_so_once_and_chooses_no_policy(call: Call, clean: None) -> None:
    order_id = only_here(call)
    origin = Origin("staff:ana", "wave:1", stamp(wiring.now()))
    asked = ShortPick((ShortUnits(1, sku="CAFE-1"),), "missing", policy="backorder")
    with pytest.raises(Forbidden):
        short_picking(asked, wiring.short_desk(), origin, may_choose=False)
    said = ShortPick((ShortUnits(3, sku="CAFE-1"),), "missing", short_id="once")
    for expected in (True, False):
        decide = short_picking(said, wiring.short_desk(), origin, may_choose=False)
        assert wiring.desk().run(order_id, decide, origin).changed is expected
    assert waiting(call, order_id) == [3, 0]


def test_of_a_bundle_the_other_articles_are_free_again(call: Call, clean: None) -> None:
    stock_product("CAFE-1", units=2)
    stock_product("TAZA", units=5)
    parts = (Part("CAFE-1", 2), Part("TAZA", 1))
    row = product_row(Product("SET", {"es": "Juego"}, 20_000, tracked=False, components=parts))
    type(row).write(row)
    order_id = str(place(call, lines=[{"sku": "SET", "quantity": 1}])["order_id"])
    approved(call, order_id)
    pay(order_id)
    body = {"lines": [{"sku": "SET", "quantity": 1, "article": "CAFE-1"}], "reason": "damaged"}
    assert done(call, order_id, "short-pick", body)["result"]["waiting"][0]["quantity"] == 1
    assert (level("CAFE-1")["on_hand"], level("TAZA")["on_hand"]) == (0, 5)
    assert (level("TAZA")["allocated"], level("TAZA")["available"]) == (0, 5)
    correct(call, 2)
    assert (waiting(call, order_id), level("TAZA")["allocated"]) == ([0], 1)


def test_the_page_says_it_and_takes_it_back(call: Call, clean: None) -> None:
    order_id = only_here(call)
    staff = staff_at("staff")
    form = staff.get(f"/orders/{order_id}?do=short-pick")
    few = {"lines.0.quantity": "2", "reason": "damaged", "note": "<b>caja rota</b>"}
    after = staff.follow(reported(staff, form, order_id, **few))
    assert after.says("Waiting for stock: 2.")
    assert waiting(call, order_id) == [2, 0]
    back = staff.follow(staff.submit(after, f"/orders/{order_id}/undo-short-pick"))
    assert back.says("Found after all")
    assert waiting(call, order_id) == [0, 0]
    form = staff.get(f"/orders/{order_id}?do=short-pick")
    empty = staff.submit(form, LOOK, **{"lines.0.quantity": "0"})
    assert empty.status == 422
    assert empty.says("say how many units")
