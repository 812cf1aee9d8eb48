"""Staff begin an order that may be incomplete, change it, and place it by telephone."""

import json

import pytest

from comanda import wiring
from comanda.canonical import canonical
from comanda.orders.evolve import replay
from comanda.orders.facts import broken_link
from tests.functional.conftest import Call
from tests.functional.drafts import WHOLE, draft, pointers, withdraw, write
from tests.functional.edits import mxn
from tests.functional.mails import effects
from tests.functional.shop import CUSTOMER, level, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents


@pytest.mark.capability("D25", "E03")
def test_a_draft_may_be_empty_and_says_what_it_lacks(call: Call) -> None:
    told = draft(call)
    order = told["order"]
    assert (order["lifecycle"], order["channel"], order["stage"]) == ("draft", "phone", "quotation")
    assert (order["payment"], order["label"], order["execution_arn"]) == ("none", None, None)
    assert pointers(told["result"]["missing"]) == [
        "/customer/email",
        "/delivery",
        "/lines",
        "/payment_method",
    ]
    assert told["result"]["order_id"] == order["order_id"]
    assert order["totals"]["total"] == {"amount": 0, "currency": "MXN"}


@pytest.mark.capability("D25")
def test_a_draft_is_filled_step_by_step_and_takes_no_stock(call: Call) -> None:
    stock_product()
    order = draft(call, lines=WHOLE["lines"])["order"]
    assert order["totals"]["total"]["amount"] == 23200
    named = write(call, order["order_id"], order["version"], customer={"name": "Ana"}, delivery="ship")
    assert pointers(named.body["result"]["missing"]) == [
        "/customer/email",
        "/payment_method",
        "/shipping_address",
    ]
    rest = {name: WHOLE[name] for name in ("customer", "shipping_address", "payment_method")}
    whole = write(call, order["order_id"], named.body["version"], **rest)
    assert whole.body["result"]["missing"] == []
    assert whole.body["order"]["customer"]["email"] == CUSTOMER["email"]
    assert level()["reserved"] == 0
    loaded = wiring.desk().load(order["order_id"])
    assert (loaded.effects, loaded.waits, loaded.order.run) == ((), (), 0)


def test_what_is_not_sent_stays_and_null_clears(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE, comment="Llamar antes")["order"]
    kept = write(call, order["order_id"], order["version"], purchase_order="OC-1").body["order"]
    assert (kept["comment"], kept["purchase_order"]) == ("Llamar antes", "OC-1")
    cleared = write(call, order["order_id"], kept["version"], comment=None, lines=None).body
    assert (cleared["order"]["comment"], cleared["order"]["lines"]) == (None, [])
    assert pointers(cleared["result"]["missing"]) == ["/lines"]
    assert show(call, order["order_id"])["comment"] is None


def test_writing_the_same_again_is_no_change(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    same = write(call, order["order_id"], order["version"], lines=WHOLE["lines"], delivery="ship")
    assert (same.status, same.body["version"]) == (200, order["version"])
    assert len(show(call, order["order_id"])["history"]) == 1


@pytest.mark.capability("D25")
def test_a_price_that_was_agreed_holds_when_the_draft_is_placed(call: Call) -> None:
    stock_product()
    lines = [{"sku": "CAFE-1", "quantity": 2, "unit_price": {"amount": 10000, "currency": "MXN"}}]
    order = draft(call, **{**WHOLE, "lines": lines})["order"]
    assert order["draft"]["lines"][0]["unit_price"] == {"amount": 10000, "currency": "MXN"}
    assert order["totals"]["total"]["amount"] == 20000
    placed = command(call, order["order_id"], "place", {"verified": True}).body["order"]
    assert (placed["totals"]["total"]["amount"], placed["lines"][0]["unit_price"]["amount"]) == (20000, 10000)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": [{"sku": "NADA", "quantity": 1}]}, "/lines/0/sku"),
        ({"lines": [{"sku": "CAFE-1", "quantity": 1}, {"sku": "CAFE-1", "quantity": 2}]}, "/lines/1/sku"),
        ({"delivery": "paloma"}, "/delivery"),
        ({"payment_method": "paypal"}, "/payment_method"),
        ({"discount_code": "NADA", "lines": [{"sku": "CAFE-1", "quantity": 1}]}, "/discount_code"),
        (
            {
                "lines": [
                    {"sku": "CAFE-1", "quantity": 1, "unit_price": {"amount": 1, "currency": "USD"}},
                ]
            },
            "/lines/0/unit_price/currency",
        ),
        ({"nothing": 1}, "/nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(call: Call, body: dict, pointer: str) -> None:
    stock_product()
    before = contents()
    answer = ask(call, "POST", "/admin/drafts", body)
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert pointers(answer.body["errors"]) == [pointer]
    assert contents() == before


@pytest.mark.capability("D25", "E05")
def test_a_placed_draft_is_an_order_like_any_other(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    answer = command(call, order["order_id"], "place", {"verified": True})
    assert answer.status == 200, answer.text
    placed = answer.body["order"]
    assert (placed["lifecycle"], placed["verified"], placed["label"]) == ("placed", True, "to_review")
    assert (placed["number"], placed["channel"], placed["draft"]) == (order["number"], "phone", None)
    assert placed["stage"] == "quotation_sent"
    assert level() == {"on_hand": 10, "reserved": 2, "allocated": 0, "available": 8}
    loaded = wiring.desk().load(order["order_id"])
    assert {"run-1", "mail-order_placed", "mail-payment_instructions-1", "mail-merchant_order"} == {
        effect.effect_id for effect in loaded.effects
    }
    assert wiring.customers().by_email(CUSTOMER["email"]).customer_id == loaded.order.customer_id
    paid = command(call, order["order_id"], "mark-paid")
    assert paid.body["order"]["stage"] == "order"


@pytest.mark.capability("D25")
def test_without_the_word_of_staff_the_customer_confirms_the_address(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    placed = command(call, order["order_id"], "place").body["order"]
    assert (placed["lifecycle"], placed["verified"]) == ("awaiting_verification", False)
    assert "verification" in effects(order["order_id"])


def test_placing_again_under_the_same_key_is_answered_alike(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    first = command(call, order["order_id"], "place", key="k", version=order["version"])
    again = command(call, order["order_id"], "place", key="k", version=order["version"])
    assert (again.status, again.body) == (200, first.body)
    assert again.headers["idempotent-replay"] == "true"
    assert level()["reserved"] == 2


def test_a_draft_that_is_begun_twice_under_one_key_is_one(call: Call) -> None:
    first = ask(call, "POST", "/admin/drafts", {}, headers={"Idempotency-Key": "d"})
    again = ask(call, "POST", "/admin/drafts", {}, headers={"Idempotency-Key": "d"})
    assert (again.status, again.body, again.headers["idempotent-replay"]) == (201, first.body, "true")
    other = ask(call, "POST", "/admin/drafts", {"comment": "x"}, headers={"Idempotency-Key": "d"})
    assert (other.status, other.body["type"]) == (422, "idempotency-key-reused")


@pytest.mark.capability("D25")
def test_a_draft_that_lacks_something_is_not_placed(call: Call) -> None:
    stock_product()
    order = draft(call, lines=WHOLE["lines"], shipping_address={"line1": "Calle 1"})["order"]
    before = contents()
    answer = command(call, order["order_id"], "place")
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert pointers(answer.body["errors"]) == [
        "/customer/email",
        "/delivery",
        "/payment_method",
        "/shipping_address/city",
        "/shipping_address/country",
        "/shipping_address/postal_code",
    ]
    assert contents() == before


@pytest.mark.capability("D25")
def test_placing_obeys_the_stock(call: Call) -> None:
    stock_product(units=1)
    order = draft(call, **WHOLE)["order"]
    before = contents()
    answer = command(call, order["order_id"], "place", {"verified": True})
    assert (answer.status, answer.body["type"]) == (409, "out-of-stock")
    assert contents() == before


def test_placing_at_another_total_than_was_told_is_refused(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    stock_product(price=20000)
    before = contents()
    answer = command(call, order["order_id"], "place", {"expected_total": order["totals"]["total"]})
    assert (answer.status, answer.body["type"]) == (409, "price-changed")
    assert answer.body["totals"]["total"] == {"amount": 40000, "currency": "MXN"}
    assert contents() == before


def test_a_product_that_left_the_shop_stays_in_the_draft_and_is_named(call: Call) -> None:
    stock_product()
    stock_product("TAZA-1", price=5000)
    lines = [{"sku": "CAFE-1", "quantity": 1}, {"sku": "TAZA-1", "quantity": 1}]
    order = draft(call, **{**WHOLE, "lines": lines})["order"]
    withdraw("CAFE-1")
    told = write(call, order["order_id"], order["version"], comment="sigue").body
    assert pointers(told["result"]["missing"]) == ["/lines/0/sku"]
    assert [line["sku"] for line in told["order"]["draft"]["lines"]] == ["CAFE-1", "TAZA-1"]
    assert told["order"]["totals"]["total"]["amount"] == 5000
    assert command(call, order["order_id"], "place").status == 422


@pytest.mark.capability("D25")
@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("approve", {}),
        ("reject", {"reason": "no"}),
        ("cancel", {"reason": "customer"}),
        ("mark-paid", {}),
        ("verify", {}),
        ("hold", {"reason": "fraud"}),
        (
            "ship",
            {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "DHL", "tracking_number": "1"},
        ),
    ],
)
def test_commands_of_orders_wait_until_the_draft_is_placed(call: Call, name: str, body: dict) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    before = contents()
    answer = command(call, order["order_id"], name, body)
    assert (answer.status, answer.body["guard"]) == (409, "not-placed")
    assert contents() == before


def test_a_discarded_draft_is_over_and_nobody_hears_of_it(call: Call) -> None:
    stock_product()
    order = draft(call, **WHOLE)["order"]
    gone = command(call, order["order_id"], "discard").body["order"]
    assert (gone["lifecycle"], gone["cancel_reason"], gone["stage"]) == ("cancelled", "discarded", None)
    assert wiring.desk().load(order["order_id"]).effects == ()
    before = contents()
    for name in ("place", "discard"):
        answer = command(call, order["order_id"], name)
        assert (answer.status, answer.body["guard"]) == (409, "not-a-draft")
    assert write(call, order["order_id"], gone["version"], comment="x").status == 409
    assert contents() == before


def test_a_placed_order_is_no_draft_any_more(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    before = contents()
    assert write(call, order_id, show(call, order_id)["version"], comment="x").body["guard"] == "not-a-draft"
    assert command(call, order_id, "discard").body["guard"] == "not-a-draft"
    assert contents() == before


def test_a_stale_writer_is_told(call: Call) -> None:
    order = draft(call)["order"]
    assert write(call, order["order_id"], order["version"], comment="uno").status == 200
    before = contents()
    assert write(call, order["order_id"], order["version"], comment="dos").status == 412
    assert ask(call, "PATCH", f"/admin/drafts/{order['order_id']}", {"comment": "x"}).status == 428
    assert contents() == before


@pytest.mark.capability("E05", "A12")
def test_the_list_tells_quotations_from_orders(call: Call) -> None:
    stock_product()
    begun = draft(call, **WHOLE)["order"]["order_id"]
    placed = place(call)["order_id"]
    found = {
        stage: [row["order_id"] for row in listed(call, stage)]
        for stage in ("quotation", "quotation_sent", "order")
    }
    assert found == {"quotation": [begun], "quotation_sent": [placed], "order": []}


def test_the_history_of_a_draft_rebuilds_it_at_every_step(call: Call) -> None:
    stock_product()
    set_section("checkout", approval="automatic")
    order = draft(call, **WHOLE)["order"]
    write(call, order["order_id"], order["version"], comment="Hola", delivery="pickup")
    command(call, order["order_id"], "place", {"verified": True})
    facts = list(wiring.orders().facts(order["order_id"]))
    assert [fact.type for fact in facts][:3] == ["DraftStarted", "DraftChanged", "OrderPlaced"]
    assert broken_link(facts) is None
    stored = wiring.desk().load(order["order_id"]).order
    rebuilt = replay(facts).snapshot() | {"revision": stored.revision}
    assert canonical(rebuilt) == canonical(stored.snapshot())
    assert CUSTOMER["email"] not in json.dumps([fact.data for fact in facts])


def listed(call: Call, stage: str) -> list:
    answer = ask(call, "GET", "/admin/orders", query={"stage": stage})
    assert answer.status == 200, answer.text
    return list(answer.body["items"])


@pytest.mark.capability("A20", "D25")
def test_staff_give_a_discount_and_a_surcharge_by_hand(call: Call) -> None:
    stock_product()
    charges = [
        {"type": "surcharge", "amount": mxn(500), "title": "Envoltura"},
        {"type": "discount", "amount": mxn(2000), "title": "Por la demora"},
    ]
    told = draft(call, **(WHOLE | {"charges": charges}))
    order = told["order"]
    assert order["draft"]["charges"] == charges
    assert order["totals"]["discount"] == mxn(2000)
    assert order["totals"]["surcharge"] == mxn(500)
    before = contents()
    too_much = [charges[1] | {"amount": mxn(10**6)}]
    for body, pointer in (
        ({"charges": too_much}, "/charges/0/amount"),
        ({"charges": [charges[0] | {"amount": mxn(0)}]}, "/charges/0/amount/amount"),
        ({"charges": [charges[0] | {"title": ""}]}, "/charges/0/title"),
    ):
        refused = write(call, order["order_id"], order["version"], **body)
        assert refused.status == 422
        assert refused.body["errors"][0]["pointer"] == pointer
    assert contents() == before
    done = command(call, order["order_id"], "place", {"verified": True}, key="place")
    assert done.status == 200, done.text
    assert done.body["order"]["totals"] == order["totals"]
    off = write(call, draft(call, **(WHOLE | {"charges": charges}))["order"]["order_id"], 1, charges=None)
    assert off.body["order"]["totals"]["discount"] == mxn(0)
