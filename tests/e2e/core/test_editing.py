"""Placed orders are edited: what the preview shows is what comes, and a customer may be asked first."""

from typing import Any

import pytest

from local.demo.mailbox import link_to, token_in
from local.demo.outside import Answer, eventually
from tests.e2e.core.merchant import Merchant, mxn, pointers, problem
from tests.e2e.shop import ADDRESS, Order

pytestmark = pytest.mark.e2e

MORE = {"type": "quantity", "quantity": 3}
GIFT = {"type": "discount", "amount": mxn(533), "title": "Atención de la casa"}
ENGRAVING = {"type": "surcharge", "amount": mxn(1_001), "title": "Grabado"}


def proposed(merchant: Merchant, order: Order, *actions: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    told = merchant.does(order, "edits", {"actions": list(actions)}, status=201)
    return f"edits/{told['edit_id']}", told["preview"]


def answered(merchant: Merchant, order: Order, decision: str, count: int = 1, **more: str) -> Answer:
    """By the newest link in the customer's mail; the page behind it changes nothing."""
    link = link_to(merchant.letter("order_edited", order, count=count), "/accept-edit")
    before = merchant.seen(order)
    assert "$" in merchant.api.call("GET", link, accept="text/html").text
    assert merchant.seen(order) == before
    body = {"token": token_in(link), "decision": decision, **more}
    return merchant.api.send("POST", "/accept-edit", body)


def held(merchant: Merchant, *skus: str) -> list[int]:
    """Units of each product that orders hold."""
    levels = [merchant.level(sku) for sku in skus]
    return [level["reserved"] + level["allocated"] for level in levels]


def mails_since(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    known = [each["wanted_at"] for each in before["conversation"]]
    return [each["event"] for each in after["conversation"] if each["wanted_at"] not in known]


@pytest.mark.capability("D25", "D35", "D41", "F03", "G06", "A20", "F14")
def test_what_the_preview_shows_is_what_the_order_becomes(merchant: Merchant) -> None:
    cup, bowl, tray = merchant.product(9_999), merchant.product(33_333), merchant.product(14_950)
    order = merchant.settled((cup, 2), (bowl, 1))
    before = merchant.seen(order)
    far = ADDRESS | {"line1": "Av. Chapultepec 15", "city": "Guadalajara", "state": "JAL"}
    edit, preview = proposed(
        merchant,
        order,
        MORE | {"sku": cup},
        {"type": "remove", "sku": bowl},
        {"type": "add", "sku": tray, "quantity": 1, "unit_price": mxn(13_337)},
        {"type": "price", "sku": cup, "unit_price": mxn(9_501)},
        GIFT,
        ENGRAVING,
        {"type": "address", "shipping_address": far | {"postal_code": "44100"}},
        {"type": "delivery", "delivery": "ship"},
    )
    assert merchant.seen(order)["totals"] == before["totals"]
    assert held(merchant, cup, bowl, tray) == [2, 1, 0]
    totals = {name: value["amount"] for name, value in preview["totals"].items() if name != "tax_included"}
    assert totals["subtotal"] == 3 * 9_501 + 13_337
    assert totals["total"] == totals["subtotal"] - 533 + 1_001 + 14_900
    assert preview["difference"] == {**mxn(totals["total"] - order.total), "which": "owed"}
    merchant.does(order, f"{edit}/confirm")
    after = merchant.seen(order)
    assert after["totals"] == preview["totals"]
    assert {line["sku"]: line["total"] for line in after["lines"] if line["quantity"]} == {
        line["sku"]: line["total"] for line in preview["lines"]
    }
    assert order.view()["totals"] == preview["totals"]
    assert held(merchant, cup, bowl, tray) == [3, 0, 1]
    assert (after["payment"], after["paid"]["amount"]) == ("overpaid", order.total)
    assert after["addresses"]["shipping"]["city"] == "Guadalajara"
    assert preview["refundable"] == mxn(order.total - totals["total"])


@pytest.mark.capability("F03", "G06", "F05", "D32", "C10")
def test_a_customer_accepts_by_the_mailed_link_and_pays_the_difference(merchant: Merchant) -> None:
    cup = merchant.product(12_345)
    order = merchant.ready((cup, 2), method="stripe")
    merchant.pay(order)
    merchant.wait(order, "payment", "paid")
    edit, preview = proposed(merchant, order, MORE | {"sku": cup}, GIFT)
    merchant.does(order, f"{edit}/request-acceptance", {"message": "¿Tres, como dijimos?"})
    assert order.view()["totals"]["total"]["amount"] == order.total
    accepted = answered(merchant, order, "accept")
    assert (accepted.status, accepted.body["totals"]) == (200, preview["totals"])
    view = order.view()
    assert (view["payment"], view["totals"]) == ("partially_paid", preview["totals"])
    due = preview["totals"]["total"]["amount"] - order.total
    assert preview["difference"] == {**mxn(due), "which": "due"}
    assert preview["due"] == mxn(due)
    intent = eventually(lambda: order.view().get("payment_action"), "a way to pay", order.id)["id"]
    paid = merchant.provider.v1.payment_intents.confirm(intent, {"payment_method": "pm_card_visa"})
    assert paid.amount == due
    merchant.wait(order, "payment", "paid")
    captured = [entry["amount"] for entry in merchant.seen(order)["ledger"] if entry["kind"] == "capture"]
    assert sorted(each["amount"] for each in captured) == sorted([order.total, due])
    merchant.letter("payment_received", order, count=2)
    assert held(merchant, cup) == [3]


@pytest.mark.capability("F03", "F09", "F13")
def test_a_declined_change_leaves_nothing_but_its_history(merchant: Merchant) -> None:
    cup = merchant.product()
    order = merchant.settled((cup, 1))
    before, stock = merchant.seen(order), merchant.level(cup)
    edit, _ = proposed(merchant, order, MORE | {"sku": cup})
    merchant.does(order, f"{edit}/request-acceptance")
    declined = answered(merchant, order, "decline", reason="Mejor no")
    assert (declined.status, declined.body["decision"]) == (200, "decline")
    after = merchant.seen(order)
    new = [fact["type"] for fact in after["history"][len(before["history"]) :]]
    assert new == ["EditRequested", "EditAcceptanceAsked", "EditDeclined"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"history", "version", "updated_at", "conversation"}
    assert mails_since(before, after) == ["order_edited"]
    assert merchant.level(cup) == stock
    link = link_to(merchant.letter("order_edited", order), "/accept-edit")
    with merchant.untouched(order, cup):
        again = merchant.api.send("POST", "/accept-edit", {"token": token_in(link), "decision": "accept"})
        assert problem(again)[:2] == (410, "link-used")
        assert merchant.refused(order, f"{edit}/confirm") == (409, "wrong-state", "edit-not-open")


@pytest.mark.capability("F03", "F13")
def test_one_change_is_open_at_a_time_and_a_stale_one_is_not_carried_out(merchant: Merchant) -> None:
    cup = merchant.product()
    order = merchant.settled((cup, 2))
    edit, _ = proposed(merchant, order, MORE | {"sku": cup})
    second = {"actions": [MORE | {"sku": cup, "quantity": 4}]}
    with merchant.untouched(order, cup):
        assert merchant.refused(order, "edits", second) == (409, "wrong-state", "edit-open")
    merchant.ship(order, (cup, 1))
    with merchant.untouched(order, cup):
        assert merchant.refused(order, f"{edit}/confirm")[:2] == (412, "stale")
    merchant.does(order, f"{edit}/decline")
    below = {"actions": [{"type": "remove", "sku": cup}]}
    assert merchant.refused(order, "edits", below) == (409, "wrong-state", "below-shipped")
    merchant.ship(order, (cup, 1))
    assert merchant.refused(order, "edits", second) == (409, "wrong-state", "all-shipped")


@pytest.mark.capability("F03", "D01")
def test_a_change_that_cannot_be_is_refused_with_every_reason(merchant: Merchant) -> None:
    cup = merchant.product(stock=3)
    order = merchant.settled((cup, 2))
    abroad = ADDRESS | {"city": "New York", "state": "NY", "postal_code": "10001", "country": "US"}
    edit, preview = proposed(merchant, order, {"type": "address", "shipping_address": abroad})
    assert preview["warnings"] == ["delivery-not-offered-there"]
    merchant.does(order, f"{edit}/decline")
    wrong = {
        "actions": [
            {"type": "quantity", "sku": "NO-HAY", "quantity": 1},
            {"type": "add", "sku": "NO-HAY", "quantity": 1},
            {"type": "remove", "code": "NO-HAY"},
        ]
    }
    too_much = {"actions": [{"type": "discount", "amount": mxn(10**7), "title": "Todo"}]}
    with merchant.untouched(order, cup):
        answer = merchant.try_to(order, "edits", wrong)
        assert problem(answer)[:2] == (422, "invalid")
        assert pointers(answer) == ["/actions/0/sku", "/actions/1/sku", "/actions/2/code"]
        beyond = merchant.try_to(order, "edits", too_much)
        assert (problem(beyond)[:2], pointers(beyond)) == ((422, "invalid"), ["/actions/0/amount"])
    edit, preview = proposed(merchant, order, MORE | {"sku": cup, "quantity": 4})
    assert [(each["sku"], each["sufficient"]) for each in preview["stock"]] == [(cup, False)]
    with merchant.untouched(order, cup):
        short = merchant.try_to(order, f"{edit}/confirm")
        assert problem(short)[:2] == (409, "out-of-stock")
        assert short.body["lines"] == [{"sku": cup, "requested": 2, "available": 1}]
