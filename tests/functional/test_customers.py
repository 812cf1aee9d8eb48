"""The customer database: found by what staff type, shown with orders and addresses, corrected with care."""

from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.customers.model import Customer
from comanda.dynamo.transaction import Transaction
from comanda.search.project import project, project_customer
from functions.project_search.app import lambda_handler
from tests.functional.conftest import Answer, Call
from tests.functional.shop import ADDRESS, place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.test_verify_and_approve import mailed

OTHER = ADDRESS | {"line1": "Calle Durango 12", "city": "Roma Norte"}


def streamed() -> None:
    """What both streams tell, all at once."""
    for item in boto3.client("dynamodb").scan(TableName="CustomersTable")["Items"]:
        if item["sk"]["S"] == "PROFILE":
            keys = {name: item[name] for name in ("pk", "sk")}
            record = {"dynamodb": {"SequenceNumber": "1", "Keys": keys, "NewImage": item}}
            assert lambda_handler({"Records": [record]}, None) == {"batchItemFailures": []}
    for item in boto3.client("dynamodb").scan(TableName="OrdersTable")["Items"]:
        if item["sk"]["S"] == "ORDER":
            project(item["pk"]["S"], wiring.orders().load, wiring.search_tokens())


def verified(call: Call, order_id: str) -> str:
    """The customer confirms the address; answers their token."""
    token = mailed(order_id, "verification", "verify")
    answer = call("verify_email", "POST", "/verify-email", {"token": token})
    assert answer.status == 200, answer.text
    return str(answer.body["customer_token"])


def found(call: Call, **asked: Any) -> list[dict[str, Any]]:
    answer = ask(call, "GET", "/admin/customers", query=asked)
    assert answer.status == 200, answer.text
    return list(answer.body["items"])


def shown(call: Call, customer_id: str) -> dict[str, Any]:
    answer = ask(call, "GET", f"/admin/customers/{customer_id}")
    assert answer.status == 200, answer.text
    assert answer.headers["etag"] == f'"{answer.body["version"]}"'
    return dict(answer.body)


def change(
    call: Call, method: str, path: str, body: Any = None, *, seen: int | None = None, role: str = "staff"
) -> Answer:
    """A change with the version as it is now, unless told otherwise."""
    version = shown(call, path.split("/")[0])["version"] if seen is None else seen
    headers = {"If-Match": f'"{version}"'}
    return ask(call, method, f"/admin/customers/{path}", body, role=role, headers=headers)


def everything() -> Any:
    tables = ("CustomersTable", "SearchTable", "OrdersTable")
    return [boto3.client("dynamodb").scan(TableName=table)["Items"] for table in tables]


@pytest.fixture
def ana(call: Call) -> tuple[str, str]:
    """Ana, who has confirmed her first order: her customer id and her token."""
    stock_product(units=100)
    order_id = place(call, customer={**CONTACT, "company": "Café Luna S.A."})["order_id"]
    token = verified(call, order_id)
    streamed()
    return wiring.desk().load(order_id).order.customer_id, token


CONTACT = {"email": "ana@example.com", "name": "Ana Muñoz", "phone": "+52 55 1234 5678"}


def again(call: Call, token: str, key: str, **changes: Any) -> dict[str, Any]:
    """Another order of a signed-in customer, who types nothing."""
    body: dict[str, Any] = {
        "lines": [{"sku": "CAFE-1", "quantity": 1}],
        "delivery": "ship",
        "payment_method": "bank_transfer",
        "accept_privacy": True,
    }
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {token}"}
    answer = call("place_order", "POST", "/orders", body | changes, headers=headers)
    assert answer.status == 201, answer.text
    return dict(answer.body)


@pytest.mark.capability("D23")
@pytest.mark.parametrize(
    "typed",
    [
        "ana",
        "MUNOZ",
        "muñoz ana",
        "Muñoz, Ana",
        "luna",
        "café luna",
        "ana@exam",
        "ana@example.com",
        "5678",
        "55 1234 5678",
    ],
)
def test_staff_find_a_customer_by(call: Call, ana: tuple[str, str], typed: str) -> None:
    assert [item["customer_id"] for item in found(call, q=typed)] == [ana[0]]


@pytest.mark.capability("D23")
@pytest.mark.parametrize("typed", ["luis", "ana lopez", "9999", "example.com", "P-000001"])
def test_a_customer_is_not_found_by(call: Call, ana: tuple[str, str], typed: str) -> None:
    assert found(call, q=typed) == []


@pytest.mark.capability("A10", "D23")
def test_a_customer_is_green_once_the_address_is_confirmed(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    streamed()
    assert [item["verified"] for item in found(call, q="ana")] == [False]
    listed = ask(call, "GET", "/admin/orders").body["items"]
    assert [item["customer"]["verified"] for item in listed] == [False]
    verified(call, order_id)
    assert [item["verified"] for item in found(call, q="ana")] == [True]
    listed = ask(call, "GET", "/admin/orders").body["items"]
    assert [item["customer"]["verified"] for item in listed] == [True]


@pytest.mark.capability("D23")
def test_all_customers_newest_first_page_by_page(call: Call) -> None:
    for number in range(23):
        minute = number // 2  # two share each moment
        at = f"2026-11-{1 + minute % 3:02d}T10:{minute:02d}:00.000Z"
        tx = Transaction()
        customer = Customer(f"c{number:03d}", f"c{number}@example.com", f"Cliente {number}", created_at=at)
        wiring.customers().register(tx, customer)
        tx.commit()
        project_customer(customer.customer_id, wiring.customers().load, wiring.customer_tokens())
    for typed in ("", "cliente"):
        seen: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = ask(call, "GET", "/admin/customers", query={"limit": "5", "cursor": cursor, "q": typed})
            seen += answer.body["items"]
            assert len(answer.body["items"]) == 5 or not answer.body["next"]
            cursor = answer.body["next"]
            if not cursor:
                break
        assert sorted(item["customer_id"] for item in seen) == [f"c{number:03d}" for number in range(23)]
        times = [item["created_at"] for item in seen]
        assert times == sorted(times, reverse=True)


def test_a_cursor_of_another_list_is_refused(call: Call, ana: tuple[str, str]) -> None:
    for cursor in ("nonsense", "WyJ4IiwgInkiXQ"):
        answer = ask(call, "GET", "/admin/customers", query={"cursor": cursor})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/cursor")
    assert ask(call, "GET", "/admin/customers", query={"q": "?!"}).status == 422


@pytest.mark.capability("A21", "D23", "D36")
def test_the_profile_tells_who_where_and_what_they_ordered(call: Call, ana: tuple[str, str]) -> None:
    customer_id, token = ana
    again(call, token, "second")
    third = again(call, token, "third", shipping_address=OTHER)["order_id"]
    streamed()
    profile = shown(call, customer_id)
    assert (profile["email"], profile["name"], profile["verified"]) == ("ana@example.com", "Ana Muñoz", True)
    assert profile["emails"] == [{"email": "ana@example.com", "verified": True, "main": True}]
    assert profile["orders"]["items"][0]["order_id"] == third
    assert profile["totals"]["orders"] == 3
    assert profile["totals"]["complete"] is True
    totals = sum(item["total"]["amount"] for item in profile["orders"]["items"])
    assert [
        (one["payment"], one["orders"], one["total"]["amount"]) for one in profile["totals"]["by_payment"]
    ] == [("pending", 3, totals)]
    assert [(a["address"]["line1"], a["default"]) for a in profile["addresses"]] == [
        (ADDRESS["line1"], True),
        (OTHER["line1"], False),
    ]


@pytest.mark.capability("D23")
def test_a_history_longer_than_a_page_is_read_to_its_end(call: Call, ana: tuple[str, str]) -> None:
    customer_id, token = ana
    set_section("limits", per_address=1000, per_email=1000)
    for number in range(24):
        again(call, token, f"order-{number}")
    streamed()
    profile = shown(call, customer_id)
    seen, cursor = [item["order_id"] for item in profile["orders"]["items"]], profile["orders"]["next"]
    assert len(seen) == 20
    while cursor:
        path = f"/admin/customers/{customer_id}/orders"
        page = ask(call, "GET", path, query={"limit": "2", "cursor": cursor}).body
        seen += [item["order_id"] for item in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 25
    strange = ask(call, "GET", f"/admin/customers/{customer_id}/orders", query={"cursor": "x"})
    assert strange.status == 422


def test_who_orders_with_anothers_address_unverified_changes_nothing_of_theirs(
    call: Call, ana: tuple[str, str]
) -> None:
    customer_id, _ = ana
    before = shown(call, customer_id)
    place(call, "guest", shipping_address=OTHER, customer={**CONTACT, "name": "Somebody"})
    after = shown(call, customer_id)
    assert (after["name"], after["addresses"]) == (before["name"], before["addresses"])


@pytest.mark.capability("D23")
def test_staff_change_a_profile_under_its_version(call: Call, ana: tuple[str, str]) -> None:
    customer_id, token = ana
    set_section("customers", groups=[{"code": "wholesale"}])
    answer = change(
        call,
        "PATCH",
        customer_id,
        {
            "group": "wholesale",
            "tags": ["vip", "vip", "norte"],
            "note": "Paga tarde",
            "phone": "55 8765 4321",
        },
    )
    assert answer.status == 200, answer.text
    after = answer.body
    assert (after["group"], after["tags"], after["note"]) == ("wholesale", ["vip", "norte"], "Paga tarde")
    assert after["phone"] == "+525587654321"
    assert after["version"] == shown(call, customer_id)["version"]
    streamed()
    assert found(call, q="4321")[0]["customer_id"] == customer_id
    assert found(call, q="5678") == []
    assert change(call, "PATCH", customer_id, {"group": ""}).body["group"] is None
    order = again(call, token, "later")
    assert wiring.desk().load(order["order_id"]).text("contact")["phone"] == "+525587654321"


@pytest.mark.parametrize(
    ("body", "seen", "status"),
    [
        ({"group": "unknown"}, None, 422),
        ({"name": ""}, None, 422),
        ({"email": "other@example.com"}, None, 422),
        ({"note": "x"}, 99, 412),
    ],
)
def test_a_refused_change_changes_nothing(
    call: Call, ana: tuple[str, str], body: dict[str, Any], seen: int | None, status: int
) -> None:
    before = everything()
    assert change(call, "PATCH", ana[0], body, seen=seen).status == status
    assert ask(call, "PATCH", f"/admin/customers/{ana[0]}", body).status in (422, 428)
    assert everything() == before


def test_an_unknown_customer_is_not_found(call: Call) -> None:
    assert ask(call, "GET", "/admin/customers/nobody").status == 404
    assert ask(call, "GET", "/admin/customers/nobody/orders").status == 404
    assert (
        ask(call, "PATCH", "/admin/customers/nobody", {"note": "x"}, headers={"If-Match": '"1"'}).status
        == 404
    )


@pytest.mark.capability("D23", "A21")
def test_staff_keep_the_address_book_and_its_default_fills_in_the_next_order(
    call: Call, ana: tuple[str, str]
) -> None:
    customer_id, token = ana
    added = change(call, "POST", f"{customer_id}/addresses", {"address": OTHER, "default": True})
    assert added.status == 201, added.text
    lines = [(a["address"]["line1"], a["default"], a["source"]) for a in added.body["addresses"]]
    assert lines == [(OTHER["line1"], True, "staff"), (ADDRESS["line1"], False, "order")]
    order_id = again(call, token, "to-the-default")["order_id"]
    assert wiring.desk().load(order_id).text("shipping")["line1"] == OTHER["line1"]

    first = added.body["addresses"][1]["address_id"]
    corrected = ADDRESS | {"line2": "Interior 4"}
    answer = change(call, "PATCH", f"{customer_id}/addresses/{first}", {"address": corrected})
    assert [a["address"].get("line2") for a in answer.body["addresses"]] == [None, "Interior 4"]
    again(call, token, "to-the-first", shipping_address=ADDRESS)  # what staff made of it stays
    assert [a["address"].get("line2") for a in shown(call, customer_id)["addresses"]] == [None, "Interior 4"]

    answer = change(call, "PATCH", f"{customer_id}/addresses/{first}", {"default": True})
    assert answer.body["addresses"][0]["address_id"] == first
    answer = change(call, "DELETE", f"{customer_id}/addresses/{first}")
    assert [a["address"]["line1"] for a in answer.body["addresses"]] == [OTHER["line1"]]
    assert not any(a["default"] for a in answer.body["addresses"])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "addresses", {"address": OTHER | {"country": "XX"}}, 422),
        ("POST", "addresses", {}, 422),
        ("PATCH", "addresses/unknown", {"default": True}, 404),
        ("DELETE", "addresses/unknown", None, 404),
    ],
)
def test_a_refused_change_of_the_book_changes_nothing(
    call: Call, ana: tuple[str, str], method: str, path: str, body: Any, status: int
) -> None:
    before = everything()
    assert change(call, method, f"{ana[0]}/{path}", body).status == status
    assert change(call, method, f"{ana[0]}/{path}", body, seen=77).status in (412, 422)
    assert everything() == before


@pytest.mark.capability("A04", "A21", "C05")
def test_a_signed_in_customer_sees_what_fills_the_form_and_all_orders(
    call: Call, ana: tuple[str, str]
) -> None:
    _, token = ana
    second = again(call, token, "second")
    streamed()
    signed = {"headers": {"Authorization": f"Bearer {token}"}}
    profile = call("customer_order", "GET", "/customer", **signed)
    assert profile.status == 200, profile.text
    assert profile.body["customer"] == CONTACT | {"phone": "+525512345678", "company": "Café Luna S.A."}
    assert profile.body["shipping_address"] == ADDRESS
    page = call("customer_order", "GET", "/customer/orders", query={"limit": "1"}, **signed)
    assert [item["order_id"] for item in page.body["items"]] == [second["order_id"]]
    token_of_order = page.body["items"][0]["access_token"]
    opened = call(
        "customer_order",
        "GET",
        f"/orders/{second['order_id']}",
        headers={"Authorization": f"Bearer {token_of_order}"},
    )
    assert opened.body["number"] == page.body["items"][0]["number"]
    rest = call("customer_order", "GET", "/customer/orders", query={"cursor": page.body["next"]}, **signed)
    assert len(rest.body["items"]) == 1
    assert rest.body["next"] is None


@pytest.mark.parametrize("token", ["", "nonsense", "YQ.1.AAAA"])
def test_nobody_else_sees_a_customer(call: Call, ana: tuple[str, str], token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for path in ("/customer", "/customer/orders"):
        assert call("customer_order", "GET", path, headers=headers).status == 401
