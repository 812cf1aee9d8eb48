"""Staff change a placed order: worked out, shown, and carried out exactly as shown."""

from dataclasses import replace
from typing import Any

import pytest

from comanda import wiring
from comanda.canonical import canonical
from comanda.exports.single import single_order_csv
from comanda.orders.evolve import replay
from comanda.orders.verify_history import verify_history
from comanda.search.project import project
from tests.functional.conftest import Call
from tests.functional.edits import OTHER_ADDRESS, an_order, confirmed, mxn, opened, then
from tests.functional.shop import level, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.test_verify_and_approve import mailed


def truthful(order_id: str) -> None:
    """The stored order is what its history says."""
    stored = wiring.desk().load(order_id).order
    rebuilt = replay(wiring.orders().facts(order_id))
    assert canonical(replace(rebuilt, revision=stored.revision).to_dict()) == canonical(stored.to_dict())
    kept = wiring.orders().as_stored(order_id)
    assert kept is not None
    assert list(verify_history(kept, wiring.orders().written).findings) == []


@pytest.mark.capability("F03", "D25")
def test_adding_shows_then_makes_the_new_total_and_takes_the_stock(call: Call) -> None:
    order_id = an_order(call)
    before = show(call, order_id)["totals"]["total"]["amount"]
    shown = opened(call, order_id, {"type": "add", "sku": "TAZA-1", "quantity": 3})
    preview = shown["preview"]
    assert shown["edit_id"] == "e1"
    assert preview["totals"]["total"] == mxn(before + 3 * 5800)
    assert preview["difference"] == mxn(3 * 5800) | {"which": "due"}
    assert preview["tax_difference"] == mxn(2400)
    assert preview["stock"] == [
        {"sku": "TAZA-1", "reserve": 3, "release": 0, "available": 5, "sufficient": True, "backorder": None}
    ]
    assert level("TAZA-1")["reserved"] == 0  # a pending change holds no stock
    assert show(call, order_id)["totals"]["total"]["amount"] == before
    done = then(call, order_id, "confirm")
    assert done.status == 200, done.text
    order = done.body["order"]
    assert order["totals"] == preview["totals"]
    assert [(line["sku"], line["quantity"], line["reserved"]) for line in order["lines"]] == [
        ("CAFE-1", 2, 2),
        ("TAZA-1", 3, 3),
    ]
    assert level("TAZA-1") == {"on_hand": 5, "reserved": 3, "allocated": 0, "available": 2}
    assert order["edit"] is None
    truthful(order_id)


@pytest.mark.capability("F03", "D25")
def test_removing_and_shrinking_gives_back_exactly_what_was_taken(call: Call) -> None:
    order_id = an_order(call, lines=[{"sku": "CAFE-1", "quantity": 4}, {"sku": "TAZA-1", "quantity": 2}])
    assert (level()["reserved"], level("TAZA-1")["reserved"]) == (4, 2)
    done = confirmed(
        call,
        order_id,
        {"type": "quantity", "sku": "CAFE-1", "quantity": 1},
        {"type": "remove", "line_id": "l2"},
    )
    assert done["result"]["difference"] == mxn(-3 * 11600 - 2 * 5800) | {"which": "owed"}
    assert level() == {"on_hand": 10, "reserved": 1, "allocated": 0, "available": 9}
    assert level("TAZA-1") == {"on_hand": 5, "reserved": 0, "allocated": 0, "available": 5}
    assert [line["line_id"] for line in done["order"]["lines"]] == ["l1"]
    truthful(order_id)


@pytest.mark.capability("F03", "A20", "D41")
def test_price_discount_and_surcharge_change_the_sums_and_the_tax(call: Call) -> None:
    order_id = an_order(call)
    done = confirmed(
        call,
        order_id,
        {"type": "price", "line_id": "l1", "unit_price": mxn(10000)},
        {"type": "discount", "amount": mxn(1160), "title": "Cliente frecuente", "reason": "lo pidió Eva"},
        {"type": "surcharge", "amount": mxn(2320), "title": "Grabado a mano", "reason": "dos horas"},
    )
    totals = done["order"]["totals"]
    assert (totals["subtotal"], totals["discount"], totals["surcharge"]) == (mxn(20000), mxn(1160), mxn(2320))
    assert totals["total"] == mxn(20000 - 1160 + 2320)
    assert totals["tax"] == mxn(2599 + 320)  # contained: of 18,840 and of 2,320 at 16 %
    assert [(c["kind"], c["title"]) for c in done["order"]["charges"]] == [
        ("discount", "Cliente frecuente"),
        ("surcharge", "Grabado a mano"),
        ("shipping", "Envío a domicilio"),
    ]
    history = show(call, order_id)["history"]
    assert "lo pidió Eva" not in str(history)  # reasons are the staff's own
    off = confirmed(call, order_id, {"type": "remove", "code": "e1-3"})
    assert off["order"]["totals"]["total"] == mxn(20000 - 1160)
    truthful(order_id)


@pytest.mark.capability("D35")
def test_another_address_is_kept_as_a_personal_text(call: Call) -> None:
    order_id = an_order(call)
    done = confirmed(call, order_id, {"type": "address", "shipping_address": OTHER_ADDRESS})
    assert done["order"]["addresses"]["shipping"]["city"] == "Monterrey"
    assert done["result"]["difference"] == mxn(0) | {"which": "none"}
    loaded = wiring.desk().load(order_id)
    assert [name for name in loaded.personal if name.startswith("edit:")] == []
    assert "Monterrey" not in str(show(call, order_id)["history"])
    truthful(order_id)


@pytest.mark.capability("D34", "D35", "F22")
def test_staff_are_warned_of_a_delivery_that_does_not_go_there_or_costs_otherwise(call: Call) -> None:
    order_id = an_order(call)
    charged = show(call, order_id)["totals"]["shipping"]["amount"]
    away = {"type": "address", "shipping_address": OTHER_ADDRESS}

    def warned(*zones: dict[str, Any], actions: tuple[dict[str, Any], ...] = (away,)) -> list[str]:
        way = {"code": "ship", "title": {"es": "Envío"}, "zones": list(zones)}
        set_section("shipping", deliveries=[way])
        edit = opened(call, order_id, *actions)
        assert then(call, order_id, "decline", edit_id=edit["edit_id"]).status == 200
        return list(edit["preview"]["warnings"])

    assert warned({"price": charged}) == []
    assert warned({"price": charged + 1}) == ["delivery-price-differs"]
    assert warned({"postal_prefixes": ["06"], "price": charged}) == ["delivery-not-offered-there"]
    assert warned({"price": charged + 1}, actions=({"type": "delivery", "delivery": "ship"}, away)) == []
    billing = {"type": "address", "billing_address": OTHER_ADDRESS}
    assert warned({"price": charged + 1}, actions=(billing,)) == []


@pytest.mark.capability("D41")
def test_another_delivery_is_priced_for_the_new_address(call: Call) -> None:
    zones = [{"postal_prefixes": ["06"], "price": 5800}, {"price": 11600}]
    order_id = an_order(call)
    set_section(
        "shipping",
        deliveries=[
            {"code": "ship", "title": {"es": "Envío"}, "zones": [{"price": 0}]},
            {"code": "express", "title": {"es": "Exprés"}, "zones": zones},
        ],
    )
    near = opened(call, order_id, {"type": "delivery", "delivery": "express"})
    assert near["preview"]["totals"]["shipping"] == mxn(5800)
    assert then(call, order_id, "decline").status == 200
    done = confirmed(
        call,
        order_id,
        {"type": "delivery", "delivery": "express"},
        {"type": "address", "address": OTHER_ADDRESS},
    )
    assert done["order"]["delivery"] == "express"
    assert done["order"]["totals"]["shipping"] == mxn(11600)
    cheap = confirmed(call, order_id, {"type": "delivery", "delivery": "express", "price": mxn(100)})
    assert cheap["order"]["totals"]["shipping"] == mxn(100)
    truthful(order_id)


@pytest.mark.capability("F03", "F14")
def test_what_was_charged_stays_when_the_shop_asks_more_today(call: Call) -> None:
    order_id = an_order(call)
    stock_product(price=20000, units=None)  # the price rose, and it is not counted any more
    done = confirmed(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 3})
    assert done["order"]["totals"]["total"] == mxn(3 * 11600)
    added = confirmed(call, order_id, {"type": "add", "sku": "CAFE-1", "quantity": 1})
    assert added["order"]["totals"]["total"] == mxn(3 * 11600 + 20000)


@pytest.mark.capability("F03", "F05")
def test_a_paid_order_that_costs_more_waits_for_the_difference(call: Call) -> None:
    order_id = an_order(call)
    command(call, order_id, "approve")
    assert command(call, order_id, "mark-paid").body["order"]["payment"] == "paid"
    assert level()["allocated"] == 2
    done = confirmed(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 5})
    order = done["order"]
    assert (order["payment"], order["due"]) == ("partially_paid", mxn(3 * 11600))
    assert done["result"]["due"] == mxn(3 * 11600)
    assert level() == {"on_hand": 10, "reserved": 3, "allocated": 2, "available": 5}
    attempt = next(e for e in order["ledger"] if e["kind"] == "intent" and e["status"] == "pending")
    assert attempt["amount"] == mxn(3 * 11600)
    paid = command(call, order_id, "mark-paid")
    assert paid.body["order"]["payment"] == "paid"
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 5, "available": 5}
    truthful(order_id)


@pytest.mark.capability("F03", "F05")
def test_a_paid_order_that_costs_less_offers_a_refund_and_gives_none_by_itself(call: Call) -> None:
    order_id = an_order(call)
    command(call, order_id, "approve")
    command(call, order_id, "mark-paid")
    done = confirmed(call, order_id, {"type": "quantity", "sku": "CAFE-1", "quantity": 1})
    assert (done["order"]["payment"], done["result"]["refundable"]) == ("overpaid", mxn(11600))
    assert [e for e in done["order"]["ledger"] if e["kind"] == "refund"] == []
    assert level() == {"on_hand": 10, "reserved": 0, "allocated": 1, "available": 9}
    truthful(order_id)


@pytest.mark.capability("F03")
def test_an_unpaid_order_asks_for_the_new_amount(call: Call) -> None:
    order_id = an_order(call)
    done = confirmed(call, order_id, {"type": "add", "sku": "TE-1", "quantity": 2})
    open_now = [e for e in done["order"]["ledger"] if e["kind"] == "intent" and e["status"] == "pending"]
    assert [e["amount"] for e in open_now] == [mxn(2 * 11600 + 5000)]
    assert command(call, order_id, "mark-paid").body["order"]["payment"] == "paid"


@pytest.mark.capability("D36")
def test_the_order_moves_to_a_customer_whose_address_is_not_confirmed(call: Call) -> None:
    order_id = an_order(call)
    before = wiring.desk().load(order_id).order
    new = {"email": "luis@example.com", "name": "Luis Peña"}
    done = confirmed(call, order_id, {"type": "customer", "customer": new})
    customer = done["order"]["customer"]
    assert (customer["email"], customer["name"], customer["verified"]) == (
        "luis@example.com",
        "Luis Peña",
        False,
    )
    after = wiring.desk().load(order_id)
    assert after.order.customer_id != before.customer_id
    assert wiring.customers().by_email("luis@example.com").customer_id == after.order.customer_id  # type: ignore[union-attr]
    assert after.order.lifecycle == "placed"
    assert any(e.effect_id == "mail-verification-2" for e in after.effects)
    old = wiring.keys().access(order_id, before.token_version)
    path, seen = f"/orders/{order_id}", {"Authorization": f"Bearer {old}"}
    assert call("customer_order", "GET", path, headers=seen).status == 404
    assert "luis@example.com" not in str(show(call, order_id)["history"])
    again = place(call, "key-1")  # the former customer's own request, once more
    assert (again["order_id"], again["access_token"]) == (order_id, old)
    assert "payment_action" not in again
    truthful(order_id)


@pytest.mark.capability("D36")
def test_the_order_moves_to_a_known_customer_who_is_confirmed(call: Call) -> None:
    order_id = an_order(call)
    other = {"email": "luis@example.com", "name": "Luis Peña"}
    theirs = place(call, "key-2", customer=other)["order_id"]
    token = {"token": mailed(theirs, "verification", "verify")}
    assert call("verify_email", "POST", "/verify-email", token).status == 200
    owner = wiring.desk().load(theirs).order.customer_id
    done = confirmed(call, order_id, {"type": "customer", "customer_id": owner})
    customer: dict[str, Any] = done["order"]["customer"]
    assert (customer["customer_id"], customer["email"], customer["verified"]) == (
        owner,
        "luis@example.com",
        True,
    )


@pytest.mark.capability("D36", "A06")
def test_the_former_customers_link_confirms_nobody_elses_address(call: Call) -> None:
    stock_product()
    theirs = place(call, "key-2", customer={"email": "luis@example.com", "name": "Luis Peña"})["order_id"]
    token = {"token": mailed(theirs, "verification", "verify")}
    assert call("verify_email", "POST", "/verify-email", token).status == 200
    order_id = place(call)["order_id"]  # a guest who has not confirmed the address
    old = {"token": mailed(order_id, "verification", "verify")}
    owner = wiring.desk().load(theirs).order.customer_id
    done = confirmed(call, order_id, {"type": "customer", "customer_id": owner})
    assert (done["order"]["verified"], done["order"]["lifecycle"]) == (True, "placed")
    answer = call("verify_email", "POST", "/verify-email", old)
    assert (answer.status, answer.body["type"]) == (410, "link-expired")
    assert "customer_token" not in answer.body
    truthful(order_id)


@pytest.mark.capability("F03")
def test_a_declined_edit_leaves_nothing_but_its_history(call: Call) -> None:
    order_id = an_order(call)
    before = show(call, order_id)
    opened(
        call,
        order_id,
        {"type": "add", "sku": "TAZA-1", "quantity": 1},
        {"type": "address", "address": OTHER_ADDRESS},
    )
    answer = then(call, order_id, "decline", {"reason": "cambió de idea"})
    assert answer.status == 200, answer.text
    after = show(call, order_id)
    kept = ("lines", "totals", "charges", "addresses", "customer", "payment", "edit", "delivery", "ledger")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert [fact["type"] for fact in after["history"]][-2:] == ["EditRequested", "EditDeclined"]
    assert "edit:e1:shipping" not in wiring.desk().load(order_id).personal
    truthful(order_id)


@pytest.mark.capability("F03", "D25", "A13")
def test_list_search_and_files_show_the_edited_order(call: Call) -> None:
    order_id = an_order(call)
    new = {"email": "luis@example.com", "name": "Luis Peña"}
    confirmed(
        call,
        order_id,
        {"type": "add", "sku": "TAZA-1", "quantity": 3},
        {"type": "customer", "customer": new},
        {"type": "address", "address": OTHER_ADDRESS},
    )
    project(order_id, wiring.orders().load, wiring.search_tokens())
    for found in ("taza-1", "luis@example.com", "peña"):
        answer = ask(call, "GET", "/admin/orders", query={"q": found})
        assert [item["order_id"] for item in answer.body["items"]] == [order_id]
    (item,) = answer.body["items"]
    assert item["total"] == mxn(2 * 11600 + 3 * 5800)
    gone = ask(call, "GET", "/admin/orders", query={"q": "ana@example.com"})
    assert gone.body["items"] == []
    loaded = wiring.desk().load(order_id)
    file = single_order_csv(loaded, wiring.settings().section("shop")[0])
    text = file.content.decode("utf-8-sig")
    for said in ("TAZA-1", "CAFE-1", "Luis Peña", "Monterrey", "406.00"):
        assert said in text


@pytest.mark.capability("F03", "F08")
def test_the_preview_tells_what_will_wait_and_looks_at_every_place(call: Call) -> None:
    order_id = an_order(call)
    stock_product("LATE", units=2, oversell="backorder", promised_at="2026-12-24")
    set_section("stock", locations=[{"code": "norte"}])
    came = {"delta": 1, "reason": "received", "location": "norte"}
    path, headers = "/admin/stock/LATE/adjust", {"Idempotency-Key": "came"}
    assert ask(call, "POST", path, came, headers=headers).status == 200
    preview = opened(call, order_id, {"type": "add", "sku": "LATE", "quantity": 5})["preview"]
    told = {"sku": "LATE", "reserve": 5, "release": 0, "available": 3}
    waits = {"units": 2, "promised_at": "2026-12-24"}
    assert preview["stock"] == [told | {"sufficient": True, "backorder": waits}]
    done = then(call, order_id, "confirm")
    assert done.status == 200, done.text
    line = done.body["order"]["lines"][-1]
    assert (line["reserved"], line["backordered"], line["promised_at"]) == (3, 2, "2026-12-24")
