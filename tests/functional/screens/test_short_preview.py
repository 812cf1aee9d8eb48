"""Units that are not found, on an order's page: what it means is shown first, and done as it was shown."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.screens.visitor import Seen, Visitor, staff_at
from tests.functional.shop import set_section, stock_product
from tests.functional.staff import show
from tests.functional.tables import contents
from tests.functional.test_pick_and_pack import bought
from tests.functional.test_short_pick import LOOK, correct, only_here, short
from tests.functional.test_short_pick_refund import amount, mails
from tests.functional.test_short_pick_substitute import bought_with

pytestmark = [pytest.mark.capability("F23", "D10"), pytest.mark.usefixtures("clean")]
NASTY = "<script>alert(1)</script>"


def looked_at(staff: Visitor, order_id: str, n: int = 2, **typed: str) -> Seen:
    form = staff.get(f"/orders/{order_id}?do=short-pick")
    return staff.submit(form, LOOK, **{"lines.0.quantity": str(n), "reason": "missing"} | typed)


def sent(staff: Visitor, page: Seen, order_id: str, **changes: Any) -> Seen:
    return staff.submit(page, f"/orders/{order_id}/short-pick", **changes)


def substitute(**more: str) -> dict[str, str]:
    return {"policy": "substitute", "substitute.sku": "OTRO"} | more


def test_nothing_changes_by_looking_and_what_was_typed_stays(call: Call) -> None:
    order_id, staff = bought(call, "pick_ship"), staff_at()
    staff.get(f"/orders/{order_id}?do=short-pick")
    before = contents()
    page = looked_at(staff, order_id, policy="refund", note=NASTY)
    assert page.status == 200
    assert contents() == before
    assert page.says("Nothing has changed yet.")
    assert page.says("2 × Café CAFE-1 CAFE-1")
    assert NASTY not in page.text
    assert page.form(LOOK)["note"] == NASTY == page.form("/short-pick")["note"]
    assert (page.form(LOOK)["lines.0.quantity"], page.form(LOOK)["policy"]) == ("2", "refund")


def test_a_refund_is_shown_with_its_sums_and_done_as_shown(call: Call) -> None:
    order_id, staff = bought(call, "pick_ship"), staff_at()
    before = show(call, order_id)
    page = looked_at(staff, order_id, policy="refund")
    total = amount(before["totals"]["total"])
    after = total - 2 * 11_600
    assert page.says(f"Total was MX${total / 100:,.2f}")
    assert page.says(f"MX${after / 100:,.2f}")
    assert page.says("Difference -MX$232.00")
    assert page.says("Goes back to the customer")
    assert page.says("By mail: what came off")
    told = len(mails(order_id))
    staff.follow(sent(staff, page, order_id))
    now = show(call, order_id)
    assert amount(now["totals"]["total"]) == after
    assert amount(now["refunds"][0]["granted"]) == 2 * 11_600
    assert len(mails(order_id)) == told + 1


def test_what_waits_is_shown_with_what_the_customer_hears(call: Call) -> None:
    order_id, staff = only_here(call), staff_at()
    page = looked_at(staff, order_id)
    assert page.says("Waits for stock: 2 × Café CAFE-1 no day is known")
    assert page.says("without a day yet")
    set_section("stock", locations=[{"code": "norte"}])
    correct(call, 5, "norte")
    elsewhere = looked_at(staff, order_id)
    assert elsewhere.says("At once, from elsewhere: 2 × Café CAFE-1")
    assert elsewhere.says("Nothing: the order comes as it was promised.")


@pytest.mark.parametrize(("today", "charged"), [(9_600, "96.00"), (20_000, "116.00")])
def test_a_substitute_is_shown_with_both_prices_and_the_lower_is_charged(
    call: Call, today: int, charged: str
) -> None:
    order_id, staff = bought_with(call, price=today), staff_at()
    page = looked_at(staff, order_id, **substitute())
    assert page.says("Instead of Café CAFE-1: 2 × Café OTRO OTRO")
    both = f"of MX$116.00 that was charged and MX${today / 100:,.2f} of today"
    assert page.says(f"The unit costs MX${charged}: {both}, the lower.")
    assert page.says("Goes back to the customer nothing") is (today > 11_600)


def test_the_fallback_is_named_where_the_substitute_is_too_few(call: Call) -> None:
    order_id, staff = bought_with(call, units=1), staff_at()
    page = looked_at(staff, order_id, **substitute())
    assert page.says("the shop's second choice counts")
    assert page.says("The order: gets other units, or waits for them")


def test_an_order_that_would_end_is_named(call: Call) -> None:
    order_id, staff = bought(call, "pick_ship"), staff_at()
    page = looked_at(staff, order_id, 3, policy="refund", **{"lines.1.quantity": "2"})
    assert page.says("Nothing is left of the order: it ends.")
    sent(staff, page, order_id)
    assert show(call, order_id)["lifecycle"] == "cancelled"


def test_what_means_something_else_by_now_is_not_done(call: Call) -> None:
    """Stock moves without the order's version: the figures were of another moment."""
    order_id, staff = bought_with(call, units=2), staff_at()
    page = looked_at(staff, order_id, **substitute())
    stock_product("OTRO", 9_600, 1)
    unchanged_by(staff, order_id, page)


def test_a_policy_that_the_shop_changed_meanwhile_is_not_followed_unseen(call: Call) -> None:
    order_id, staff = bought(call, "pick_ship"), staff_at()
    page = looked_at(staff, order_id)
    set_section("fulfilment", steps="pick_ship", short_pick={"policy": "refund"})
    unchanged_by(staff, order_id, page)


def test_a_report_that_nobody_looked_at_is_not_made(call: Call) -> None:
    order_id, staff = bought(call, "pick_ship"), staff_at()
    page = looked_at(staff, order_id)
    unchanged_by(staff, order_id, page, seen="")


def unchanged_by(staff: Visitor, order_id: str, page: Seen, **changes: Any) -> None:
    before = contents()
    refused = sent(staff, page, order_id, **changes)
    assert refused.status == 412
    assert refused.says("what it means has changed since it was shown")
    assert contents() == before
    assert refused.form(LOOK)["lines.0.quantity"] == "2"
    assert looked_at(staff, order_id).status == 200


def test_refusals_come_with_the_form(call: Call) -> None:
    order_id, staff = bought_with(call), staff_at()
    staff.get(f"/orders/{order_id}?do=short-pick")
    before = contents()
    wrong = looked_at(staff, order_id, **substitute() | {"substitute.sku": "NADA"})
    assert (wrong.status, wrong.form(LOOK)["substitute.sku"]) == (422, "NADA")
    assert wrong.says("there is no product 'NADA' for sale")
    nobody = looked_at(staff, order_id, policy="substitute")
    assert nobody.says("the settings name no substitute for CAFE-1")
    assert looked_at(staff, order_id, 4).status == 409
    assert contents() == before
    form = staff.get(f"/orders/{order_id}?do=short-pick")
    correct(call, 1)
    assert staff.submit(form, LOOK, **{"lines.0.quantity": "1", "reason": "missing"}).status == 200
    assert staff.submit(form, LOOK, **{"lines.0.quantity": "1", "_version": "1"}).status == 412
    assert staff.submit(form, LOOK, _csrf="").status == 403
    assert staff.post(f"/orders/{order_id}?do=tag", form.form(LOOK)).status == 404


def test_the_words_are_spanish_too(call: Call) -> None:
    order_id = bought_with(call)
    staff = staff_at(language="es")
    page = looked_at(staff, order_id, **substitute())
    assert page.says("En lugar de Café CAFE-1: 2 × Café OTRO")
    assert short(1)["reason"] == page.form("/short-pick")["reason"]
