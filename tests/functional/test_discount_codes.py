"""Discount codes through the real handlers: made by staff, used at checkout, counted and given back."""

import pytest

from comanda import wiring
from comanda.customers.model import Customer
from comanda.dynamo.transaction import Transaction
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents

PATH = "/admin/discount-codes"


@pytest.fixture(autouse=True)
def shop(aws):
    set_section("shipping", deliveries=[{"code": "ship", "zones": [{"price": 5000}]}])
    stock_product("CAFE-1", price=10000, units=100)
    stock_product("TAZA-1", price=3333, units=100)


def money(amount):
    return {"amount": amount, "currency": "MXN"}


def make(call, code="VERANO", **values):
    answer = ask(call, "POST", PATH, {"code": code, **values})
    assert answer.status == 201, answer.text
    return answer.body


def used(call, code="VERANO"):
    return ask(call, "GET", f"{PATH}/{code}").body["used"]


def try_order(call, key="try", headers=None, **changes):
    sent = {"Idempotency-Key": key} | (headers or {})
    return call("place_order", "POST", "/orders", order_body(**changes), headers=sent)


def refused(call, **changes):
    before = contents()
    answer = try_order(call, **changes)
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert [error["pointer"] for error in answer.body["errors"]] == ["/discount_code"]
    assert _but_numbers(contents()) == _but_numbers(before)
    return answer.body["reason"]


def _but_numbers(tables):
    """Order numbers are taken in blocks and may leave gaps."""
    return {name: [i for i in items if "COUNTER#order" not in i] for name, items in tables.items()}


@pytest.mark.capability("F21", "A20")
def test_a_code_is_spread_over_its_lines_and_kept_with_the_order(call):
    make(call, percent_ppm=150_000, skus=["TAZA-1", "CAFE-1"])
    lines = [{"sku": "CAFE-1", "quantity": 1}, {"sku": "TAZA-1", "quantity": 1}]
    placed = place(call, lines=lines, discount_code=" verano ")
    assert placed["totals"]["discount"] == money(2000)
    assert placed["totals"]["total"] == money(13333 - 2000 + 5000)
    order = wiring.desk().load(placed["order_id"]).order
    assert [line.discount for line in order.lines] == [1500, 500]
    assert [charge["code"] for charge in show(call, placed["order_id"])["charges"]] == ["VERANO", "ship"]
    assert used(call) == 1


@pytest.mark.capability("F21")
def test_free_delivery_costs_nothing_and_is_not_taxed(call):
    make(call, "ENVIO", free_shipping=True)
    placed = place(call, discount_code="envio")
    assert (placed["totals"]["shipping"], placed["totals"]["discount"]) == (money(0), money(0))
    (charge,) = show(call, placed["order_id"])["charges"]
    assert (charge["title"], charge["amount"]) == ("ship (ENVIO)", money(0))


@pytest.mark.capability("F21")
def test_every_refusal_says_why_and_changes_nothing(call):
    assert refused(call, discount_code="NADA") == "unknown"
    make(call, "OFF", amount=money(100), active=False)
    make(call, "SOON", amount=money(100), valid_from="2999-01-01")
    make(call, "GONE", amount=money(100), valid_to="2020-01-01T00:00:00Z")
    make(call, "MUCH", amount=money(100), minimum_subtotal=money(20001))
    make(call, "OTHER", amount=money(100), skus=["TAZA-1"])
    make(call, "GROUP", amount=money(100), groups=["mayoreo"])
    reasons = {
        code: refused(call, discount_code=code) for code in ("OFF", "SOON", "GONE", "MUCH", "OTHER", "GROUP")
    }
    assert reasons == {
        "OFF": "inactive",
        "SOON": "too-early",
        "GONE": "expired",
        "MUCH": "minimum",
        "OTHER": "products",
        "GROUP": "group",
    }


@pytest.mark.capability("F21")
def test_the_last_use_comes_back_when_its_order_is_cancelled(call):
    make(call, amount=money(100), max_uses=1)
    placed = place(call, "a", discount_code="verano")
    assert refused(call, key="b", discount_code="verano") == "used-up"
    assert place(call, "a", discount_code="verano")["order_id"] == placed["order_id"]  # a repeat, not a use
    assert command(call, placed["order_id"], "cancel", {"reason": "customer"}).status == 200
    assert used(call) == 0
    place(call, "c", discount_code="verano")
    assert refused(call, key="d", discount_code="verano") == "used-up"
    assert used(call) == 1


@pytest.mark.capability("F21")
def test_each_customer_has_so_many_uses(call):
    make(call, amount=money(100), max_uses_per_customer=1)
    place(call, "a", discount_code="verano")
    again = {"email": "ANA@example.com", "name": "Ana"}
    assert refused(call, key="b", customer=again, discount_code="verano") == "used-by-you"
    place(call, "c", customer={"email": "eva@example.com", "name": "Eva"}, discount_code="verano")
    assert used(call) == 2


@pytest.mark.capability("F21")
def test_an_expired_order_gives_its_use_back(call):
    from comanda.orders.ending import ask as ask_to_end
    from comanda.orders.model import Ending
    from comanda.origin import Origin

    make(call, amount=money(100), max_uses=1, max_uses_per_customer=1)
    placed = place(call, "a", discount_code="verano")
    origin = Origin("system", "sweep", "2030-01-01T00:00:00.000Z")
    ending = Ending("expired", "expired", "system")
    wiring.desk().run(placed["order_id"], lambda loaded: ask_to_end(loaded.order, ending), origin)
    assert wiring.desk().load(placed["order_id"]).order.lifecycle == "expired"
    place(call, "b", discount_code="verano")


@pytest.mark.capability("F21")
def test_a_group_has_its_own_code(call):
    known = Customer("c-1", "ana@example.com", "Ana", verified_at="2026-01-01T00:00:00.000Z", group="mayoreo")
    tx = Transaction()
    wiring.customers().register(tx, known)
    tx.commit()
    make(call, percent_ppm=500_000, groups=["mayoreo"])
    bearer = {"Authorization": f"Bearer {wiring.keys().customer('c-1', 1)}"}
    answer = try_order(call, headers=bearer, discount_code="verano")
    assert (answer.status, answer.body["totals"]["discount"]) == (201, money(10000))


def test_a_limit_set_late_counts_what_was_used_before(call):
    made = make(call, amount=money(100))
    for number in range(3):
        mail = {"email": f"c{number}@example.com", "name": "C"}
        place(call, f"k{number}", customer=mail, discount_code="verano")
    assert used(call) == 3
    version = {"If-Match": f'"{made["version"]}"'}
    answer = ask(call, "PATCH", f"{PATH}/VERANO", {"max_uses": 4}, headers=version)
    assert (answer.status, answer.body["used"], answer.headers["etag"]) == (200, 3, '"2"')
    place(call, "last", discount_code="verano")
    assert refused(call, key="more", discount_code="verano") == "used-up"


@pytest.mark.capability("F21", "F13")
def test_staff_list_change_and_switch_off_codes(call):
    make(call, "B-2", amount=money(100))
    made = make(call, "A-1", percent_ppm=1000, valid_from="2026-11-22", note="Feria")
    assert (made["valid_from"], made["note"], made["active"]) == ("2026-11-22T12:00:00.000Z", "Feria", True)
    first = ask(call, "GET", PATH, query={"limit": "1"}).body
    assert ([item["code"] for item in first["items"]], first["next"]) == (["A-1"], "A-1")
    rest = ask(call, "GET", PATH, query={"cursor": "A-1"}).body
    assert ([item["code"] for item in rest["items"]], rest["next"]) == (["B-2"], None)
    off = ask(
        call, "PATCH", f"{PATH}/a-1", {"active": False, "valid_from": None}, headers={"If-Match": '"1"'}
    )
    assert (off.status, off.body["active"], off.body["valid_from"], off.body["version"]) == (
        200,
        False,
        None,
        2,
    )
    same = ask(call, "PATCH", f"{PATH}/A-1", {"active": False}, headers={"If-Match": '"2"'})
    assert same.body["version"] == 2
    assert refused(call, discount_code="A-1") == "inactive"


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "pointer"),
    [
        ("POST", PATH, {"code": "VERANO", "amount": money(5)}, {}, 422, "/code"),
        ("POST", PATH, {"code": "NADA"}, {}, 422, "/percent_ppm"),
        ("POST", PATH, {"code": "con espacio", "amount": money(5)}, {}, 422, "/code"),
        (
            "POST",
            PATH,
            {"code": "EURO", "amount": {"amount": 5, "currency": "EUR"}},
            {},
            422,
            "/amount/currency",
        ),
        ("PATCH", f"{PATH}/VERANO", {"amount": None}, {"If-Match": '"1"'}, 422, "/percent_ppm"),
        ("PATCH", f"{PATH}/VERANO", {"max_uses": 0}, {"If-Match": '"1"'}, 422, "/max_uses"),
        ("PATCH", f"{PATH}/VERANO", {"active": False}, {"If-Match": '"7"'}, 412, ""),
        ("PATCH", f"{PATH}/VERANO", {"active": False}, {}, 428, ""),
        ("PATCH", f"{PATH}/OTRO", {"active": False}, {"If-Match": '"1"'}, 404, ""),
        ("GET", f"{PATH}/OTRO", None, {}, 404, ""),
    ],
)
def test_what_staff_cannot_do_changes_nothing(call, method, path, body, headers, status, pointer):
    make(call, amount=money(100))
    before = contents()
    answer = ask(call, method, path, body, headers=headers)
    assert answer.status == status, answer.text
    if pointer:
        assert [error["pointer"] for error in answer.body["errors"]] == [pointer]
    assert contents() == before
