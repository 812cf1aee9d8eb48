"""Units that are not found and that the order does without: what was paid for them goes back."""

from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.edits import confirmed
from tests.functional.mails import effects
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import approved, show
from tests.functional.test_pick_and_pack import bought, done, refused, units
from tests.functional.test_short_pick import figures, reported, short
from tests.functional.test_workflow import pay

pytestmark = pytest.mark.capability("F23", "D10", "G05")
REFUND = {"policy": "refund"}


def amount(money: Any) -> int:
    return int(money["amount"])


def mails(order_id: str) -> list[str]:
    return [one.data["event"] for one in effects(order_id).values() if one.kind == "mail"]


def test_the_line_falls_and_its_money_goes_back(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    before, told = show(call, order_id), len(mails(order_id))
    result = done(call, order_id, "short-pick", short(2) | REFUND)["result"]
    after = show(call, order_id)
    assert [line["quantity"] for line in after["lines"]] == [1, 2]
    less = amount(before["totals"]["total"]) - amount(after["totals"]["total"])
    assert less == 2 * 11_600 == amount(result["refund"]["amount"])
    assert after["totals"]["shipping"] == before["totals"]["shipping"]
    (refund,) = after["refunds"]
    assert (amount(refund["granted"]), refund["reason"]) == (less, "not_found")
    assert "refund" not in [one["command"] for one in after["actions"]]  # it is on its way: not once more
    assert (level()["on_hand"], level()["allocated"]) == (8, 1)
    assert len(mails(order_id)) == told + 1
    assert mails(order_id).count("order_edited") == 1  # and none about the refund, which it tells of


def test_the_shop_s_setting_decides_unless_staff_do(call: Call, clean: None) -> None:
    set_section("fulfilment", steps="pick_ship", short_pick=REFUND)
    order_id = bought(call, "pick_ship")
    set_section("fulfilment", steps="pick_ship", short_pick=REFUND)
    assert done(call, order_id, "short-pick", short(1))["result"]["policy"] == "refund"
    mine = done(call, order_id, "short-pick", short(1) | {"policy": "backorder"}, key="b")
    assert mine["result"]["policy"] == "backorder"


def test_discounts_go_with_the_units_they_were_given_for(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    less = {"amount": 5_000, "currency": "MXN"}
    confirmed(call, order_id, {"type": "discount", "amount": less, "title": "-"})
    before = show(call, order_id)
    share = amount(before["lines"][0]["total"]) * 2 // 3
    done(call, order_id, "short-pick", short(2) | REFUND)
    after = show(call, order_id)
    less = amount(before["totals"]["total"]) - amount(after["totals"]["total"])
    assert abs(less - share) <= 1
    assert after["lines"][1]["total"] == before["lines"][1]["total"]


def test_what_is_not_paid_is_not_asked_for(call: Call, clean: None) -> None:
    stock_product("CAFE-1")
    set_section("payments.bank_transfer", enabled=True, ship_before_payment=True)
    lines = [{"sku": "CAFE-1", "quantity": 3}]
    order_id = str(place(call, lines=lines, payment_method="bank_transfer")["order_id"])
    approved(call, order_id)
    due = amount(show(call, order_id)["due"])
    result = done(call, order_id, "short-pick", short(1) | REFUND)["result"]
    assert result["refund"] is None
    assert due - amount(show(call, order_id)["due"]) == 11_600


def test_an_order_of_which_nothing_is_left_is_cancelled(call: Call, clean: None) -> None:
    stock_product("CAFE-1")
    order_id = str(place(call, lines=[{"sku": "CAFE-1", "quantity": 3}])["order_id"])
    approved(call, order_id)
    pay(order_id)
    paid = amount(show(call, order_id)["paid"])
    result = done(call, order_id, "short-pick", short(3, "damaged") | REFUND)["result"]
    assert result["cancelled"]
    after = show(call, order_id)
    assert (after["lifecycle"], after["cancel_reason"]) == ("cancelled", "out_of_stock")
    assert amount(after["refunds"][0]["granted"]) == paid
    assert figures() == (7, 0, 7)
    assert list(wiring.stock().queue("CAFE-1")) == []
    assert mails(order_id).count("order_cancelled") == 1
    assert refused(call, order_id, "undo-short-pick", {"short_id": result["short_id"]}) == "order-ended"


def test_found_after_all_it_is_on_the_order_and_its_refund_is_not_made(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    before = show(call, order_id)
    short_id = done(call, order_id, "short-pick", short(3) | REFUND)["result"]["short_id"]
    assert [line["sku"] for line in show(call, order_id)["lines"]] == ["TAZA"]
    done(call, order_id, "undo-short-pick", {"short_id": short_id})
    after = show(call, order_id)
    assert (after["totals"], after["payment"]) == (before["totals"], before["payment"])
    assert {line["sku"]: line["allocated"] for line in after["lines"]} == {"CAFE-1": 3, "TAZA": 2}
    assert [one["status"] for one in after["refunds"]] == ["withdrawn"]
    wanted = [one for one in effects(order_id).values() if one.state == "wanted"]
    assert not [one for one in wanted if one.kind == "payment.refund"]
    assert not [one for one in wanted if one.data.get("event") == "order_edited"]


def test_an_order_changed_since_is_not_put_back(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    short_id = done(call, order_id, "short-pick", short(1) | REFUND)["result"]["short_id"]
    confirmed(call, order_id, {"type": "quantity", "sku": "TAZA", "quantity": 1})
    assert refused(call, order_id, "undo-short-pick", {"short_id": short_id}) == "moved-on"


def test_uncounted_articles_cannot_wait_but_can_be_done_without(call: Call, clean: None) -> None:
    stock_product("CAFE-1")
    stock_product("TAZA", units=None)
    set_section("fulfilment", steps="pick_ship")
    lines = [{"sku": "CAFE-1", "quantity": 1}, {"sku": "TAZA", "quantity": 2}]
    order_id = str(place(call, lines=lines)["order_id"])
    approved(call, order_id)
    pay(order_id)
    body = units(("TAZA", 1)) | {"reason": "damaged"}
    assert refused(call, order_id, "short-pick", body) == "not-counted"
    done(call, order_id, "short-pick", body | REFUND)
    assert [line["quantity"] for line in show(call, order_id)["lines"]] == [1, 1]


def test_the_page_gives_it_back_and_offers_the_way_back(call: Call, clean: None) -> None:
    order_id = bought(call, "pick_ship")
    staff = staff_at("staff")
    form = staff.get(f"/orders/{order_id}?do=short-pick")
    few = {"lines.0.quantity": "1", "reason": "damaged", "policy": "refund"}
    after = staff.follow(reported(staff, form, order_id, **few))
    assert after.says("Goes back to the customer:")
    back = staff.follow(staff.submit(after, f"/orders/{order_id}/undo-short-pick"))
    assert back.says("Found after all")
    assert [line["quantity"] for line in show(call, order_id)["lines"]] == [3, 2]
    assert 'name="lines.1.quantity" min="0" max="2" value="0"' in form.text
