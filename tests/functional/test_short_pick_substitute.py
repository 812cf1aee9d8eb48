"""Units that are not found and that another article stands for: never dearer, in stock, or the fallback."""

from typing import Any

import pytest

from comanda import wiring
from comanda.conversation.history import history_text
from comanda.stock.model import Part
from tests.functional.conftest import Call
from tests.functional.edits import confirmed
from tests.functional.mails import effects
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, show
from tests.functional.tables import contents
from tests.functional.test_pick_and_pack import bought, does, done, refused, units
from tests.functional.test_short_pick import figures, reported, short
from tests.functional.test_short_pick_refund import amount, mails

pytestmark = pytest.mark.capability("F23", "D10", "G05")
STEPS = {"steps": "pick_ship"}


def by(sku: str = "OTRO") -> dict[str, Any]:
    return {"policy": "substitute", "substitute": {"sku": sku}}


def bought_with(call: Call, price: int = 9_600, units: int | None = 10, **more: Any) -> str:
    """A paid order of three CAFE-1 (11 600 each), in a shop that has OTRO too."""
    order_id = bought(call, "pick_ship")
    stock_product("OTRO", price, units, **more)
    return order_id


def stock(sku: str) -> tuple[int, int]:
    found = level(sku)
    return found["on_hand"], found["allocated"]


def test_a_cheaper_one_takes_their_place_and_the_rest_goes_back(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    before, told = show(call, order_id), len(mails(order_id))
    result = done(call, order_id, "short-pick", short(2) | by())["result"]
    after = show(call, order_id)
    assert [(one["sku"], one["quantity"]) for one in after["lines"]] == [
        ("CAFE-1", 1),
        ("TAZA", 2),
        ("OTRO", 2),
    ]
    assert [(one["sku"], one["quantity"]) for one in result["replaced"]] == [("OTRO", 2)]
    less = amount(before["totals"]["total"]) - amount(after["totals"]["total"])
    assert less == 2 * 2_000 == amount(result["refund"]["amount"])
    assert (result["policy"], result["difference"]["which"]) == ("substitute", "owed")
    assert (stock("CAFE-1"), stock("OTRO")) == ((8, 1), (10, 2))
    (delivery,) = after["deliveries"]
    assert [(one["sku"], one["ready"]) for one in delivery["lines"]] == [
        ("CAFE-1", 1),
        ("TAZA", 2),
        ("OTRO", 2),
    ]
    assert len(mails(order_id)) == told + 1
    (mail,) = (one for one in effects(order_id).values() if one.data.get("event") == "order_edited")
    assert mail.data["instead"] == [["Café OTRO", 2]]


def test_a_dearer_one_costs_what_was_charged(call: Call, clean: None) -> None:
    order_id = bought_with(call, price=20_000)
    before = show(call, order_id)
    result = done(call, order_id, "short-pick", short(3) | by())["result"]
    after = show(call, order_id)
    assert [one["sku"] for one in after["lines"]] == ["TAZA", "OTRO"]
    assert (after["totals"], after["payment"]) == (before["totals"], before["payment"])
    assert (result["refund"], result["difference"]["which"]) == (None, "none")
    assert done(call, order_id, "pick", units(("OTRO", 3)))["result"]["lines"][0]["quantity"] == 3


def test_discounts_go_over_to_what_comes_instead(call: Call, clean: None) -> None:
    order_id = bought_with(call, price=11_600)
    less = {"amount": 5_000, "currency": "MXN"}
    confirmed(call, order_id, {"type": "discount", "amount": less, "title": "-"})
    before = show(call, order_id)
    done(call, order_id, "short-pick", short(2) | by())
    assert show(call, order_id)["totals"] == before["totals"]


def test_a_higher_tax_on_top_makes_it_no_dearer(call: Call, clean: None) -> None:
    stock_product("CAFE-1", 10_000, tax_ppm=0)
    stock_product("OTRO", 10_000, tax_ppm=160_000)
    set_section("shop", tax_included=False)
    set_section("fulfilment", **STEPS)
    set_section("payments.bank_transfer", enabled=True, ship_before_payment=True)
    lines = [{"sku": "CAFE-1", "quantity": 3}]
    order_id = str(place(call, lines=lines, payment_method="bank_transfer")["order_id"])
    approved(call, order_id)
    before = show(call, order_id)
    done(call, order_id, "short-pick", short(2) | by())
    after = show(call, order_id)
    assert 0 <= amount(before["due"]) - amount(after["due"]) < 3_200
    assert amount(after["totals"]["tax"]) > 0
    assert amount(after["due"]) == amount(after["totals"]["total"]) <= amount(before["totals"]["total"])


def test_what_is_not_in_stock_in_full_goes_by_the_fallback(call: Call, clean: None) -> None:
    order_id = bought_with(call, units=1)
    result = done(call, order_id, "short-pick", short(2) | by())["result"]
    assert (result["policy"], result["replaced"]) == ("backorder", [])
    assert [one["quantity"] for one in result["waiting"]] == [2]
    set_section("fulfilment", **STEPS, short_pick={"fallback": "refund"})
    last = done(call, order_id, "short-pick", units(("TAZA", 2)) | {"reason": "damaged"} | by())["result"]
    assert (last["policy"], amount(last["refund"]["amount"])) == ("refund", 2 * 11_600)
    assert stock("OTRO") == (1, 0)


def test_the_settings_name_what_stands_for_what(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    rules = {"policy": "substitute", "substitutes": [{"sku": "CAFE-1", "instead": "OTRO"}]}
    set_section("fulfilment", **STEPS, short_pick=rules)
    assert done(call, order_id, "short-pick", short(1))["result"]["policy"] == "substitute"
    other = units(("TAZA", 1)) | {"reason": "damaged"}
    assert done(call, order_id, "short-pick", other)["result"]["policy"] == "backorder"
    stock_product("OTRO", 9_600, active=False)
    again = done(call, order_id, "short-pick", short(1), key="again")
    assert again["result"]["policy"] == "backorder"


@pytest.mark.parametrize("sku", ["CAFE-1", "NADA", "VIEJO", "JUEGO"])
def test_what_cannot_stand_for_it_is_refused(call: Call, clean: None, sku: str) -> None:
    order_id = bought_with(call)
    stock_product("VIEJO", active=False)
    stock_product("JUEGO", units=None, components=(Part("NADA", 1),))
    no_change(call, order_id, short(1) | by(sku), "/substitute/sku")


def test_a_substitute_that_nobody_names_or_asks_for_is_refused(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    no_change(call, order_id, short(1) | {"policy": "substitute"}, "/substitute")
    no_change(call, order_id, short(1) | by() | {"policy": "refund"}, "/substitute")
    no_change(call, order_id, short(1) | {"substitute": {"sku": "OTRO"}}, "/substitute")


def no_change(call: Call, order_id: str, body: dict[str, Any], pointer: str) -> None:
    show(call, order_id)
    before = contents()
    answer = does(call, order_id, "short-pick", body)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer), answer.text
    assert contents() == before


def test_a_bundle_s_parts_are_set_aside(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    stock_product("JUEGO", 9_000, None, components=(Part("OTRO", 2),))
    done(call, order_id, "short-pick", short(2) | by("JUEGO"))
    assert stock("OTRO") == (10, 4)
    assert figures() == (8, 1, 7)


def test_found_after_all_what_came_instead_goes_again(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    before = show(call, order_id)
    short_id = done(call, order_id, "short-pick", short(2) | by())["result"]["short_id"]
    done(call, order_id, "undo-short-pick", {"short_id": short_id})
    after = show(call, order_id)
    assert (after["totals"], after["payment"]) == (before["totals"], before["payment"])
    assert {one["sku"]: one["allocated"] for one in after["lines"]} == {"CAFE-1": 3, "TAZA": 2}
    assert [one["status"] for one in after["refunds"]] == ["withdrawn"]
    assert (stock("CAFE-1"), stock("OTRO")) == ((10, 3), (10, 0))
    wanted = [one for one in effects(order_id).values() if one.state == "wanted"]
    assert not [
        one for one in wanted if one.kind == "payment.refund" or one.data.get("event") == "order_edited"
    ]


def test_what_came_instead_and_is_picked_stays(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    short_id = done(call, order_id, "short-pick", short(2) | by())["result"]["short_id"]
    done(call, order_id, "pick", units(("OTRO", 2)))
    assert refused(call, order_id, "undo-short-pick", {"short_id": short_id}) == "units-replaced"


def test_the_page_takes_the_sku_and_the_history_says_what_for_what(call: Call, clean: None) -> None:
    order_id = bought_with(call)
    staff = staff_at("staff")
    form = staff.get(f"/orders/{order_id}?do=short-pick")
    few = {"lines.0.quantity": "2", "reason": "missing", "policy": "substitute", "substitute.sku": "OTRO"}
    after = staff.follow(reported(staff, form, order_id, **few))
    assert after.says("Replaced by another article: 2.")
    assert after.says("instead: 2 × OTRO")
    told = [fact for fact in wiring.orders().facts(order_id) if fact.type == "LinesShortPicked"]
    assert history_text(told[0], "en") == (
        "Café CAFE-1 was not in stock after all: you get 2 × Café OTRO in their place."
    )
    assert "2 × Café OTRO" in history_text(told[0], "es")
