"""What is told about wrong input: plain words, and where."""

from typing import Any

import pytest

from tests.functional.conftest import Call
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import ask, command
from tests.functional.tables import contents

ROBOTIC = (
    "Value error",
    "Input ",
    "Field required",
    "String should",
    "Extra inputs",
    "valid dictionary",
    "tag",
)


def told(answer: Any) -> dict[str, str]:
    """Where what is wrong; none of it in the library's own words."""
    assert (answer.status, answer.body["type"]) == (422, "invalid"), answer.text
    errors = {error["pointer"]: error["detail"] for error in answer.body["errors"]}
    assert not [word for word in ROBOTIC for detail in errors.values() if word in detail], errors
    return errors


ORDERS: list[tuple[dict[str, Any], str, str]] = [
    ({"payment_method": "shells"}, "/payment_method", "one of: stripe, paypal, mercadopago, bank_transfer"),
    ({"lines": [{"sku": "CAFE-1", "quantity": 0}]}, "/lines/0/quantity", "must be at least 1"),
    ({"lines": [{"sku": "CAFE-1", "quantity": "two"}]}, "/lines/0/quantity", "must be a whole number"),
    ({"lines": [{"sku": "CAFE-1", "quantity": 1.5}]}, "/lines/0/quantity", "must be a whole number"),
    ({"lines": [{"quantity": 1}]}, "/lines/0/sku", "is missing"),
    ({"lines": {"sku": "CAFE-1"}}, "/lines", "must be a list"),
    ({"lines": [5]}, "/lines/0", "must be an object"),
    ({"colour": "red"}, "/colour", "there is no such field"),
    ({"accept_privacy": "perhaps"}, "/accept_privacy", "must be true or false"),
    ({"locale": "fr"}, "/locale", "one of: es, en"),
    ({"comment": "x" * 100_000}, "/comment", "at most "),
    ({"customer": {"email": 7, "name": "Ana"}}, "/customer/email", "must be a text"),
]


@pytest.mark.parametrize(("changes", "pointer", "words"), ORDERS)
def test_an_order(call: Call, changes: dict[str, Any], pointer: str, words: str) -> None:
    stock_product()
    before = contents()
    answer = call("place_order", "POST", "/orders", order_body(**changes), headers={"Idempotency-Key": "k"})
    errors = told(answer)
    assert pointer in errors
    assert errors[pointer].startswith(words)
    assert contents() == before


ACTIONS = "one of: add, remove, quantity, price, discount, surcharge, address, delivery, customer"
EDITS: list[tuple[Any, str, str]] = [
    ({"type": "teleport"}, "/actions/0/type", ACTIONS),
    ({}, "/actions/0/type", "is missing"),
    ({"type": "quantity", "sku": "A", "quantity": -1}, "/actions/0/quantity", "must be at least 0"),
    ({"type": "customer"}, "/actions/0", "give a customer with an e-mail address, or a customer_id"),
    (5, "/actions/0", "must be an object"),
]


@pytest.mark.parametrize(("action", "pointer", "words"), EDITS)
def test_an_edit(call: Call, action: Any, pointer: str, words: str) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    assert told(command(call, order_id, "edits", {"actions": [action]}))[pointer] == words


@pytest.mark.parametrize(
    ("section", "body", "pointer", "words"),
    [
        ("shop", {"time_zone": "Mars/Olympus"}, "/time_zone", "a name of the IANA time zone database"),
        ("shop", {"rounding": "up"}, "/rounding", "one of: line, total"),
        ("checkout", {"verification_seconds": 0}, "/verification_seconds", "must be at least 1"),
        ("sales", {"people": [{"name": ""}]}, "/people/0/name", "must not be empty"),
        ("hints", {"disposable_domains": ["no domain"]}, "/disposable_domains/0", "must look like "),
        ("hints", {"most_by": ["shoes"]}, "/most_by/0", "one of: phone, address, email"),
    ],
)
def test_settings(call: Call, section: str, body: dict[str, Any], pointer: str, words: str) -> None:
    path = f"/admin/settings/{section}"
    answer = ask(call, "PATCH", path, body, role="admin", headers={"If-Match": '"0"'})
    assert told(answer)[pointer].startswith(words)


def test_a_bulk_job(call: Call) -> None:
    body = {"action": "ship", "params": {"rows": [{"order": "P-1", "quantity": 0}], "carrier": 7}}
    errors = told(ask(call, "POST", "/admin/bulk", body, headers={"Idempotency-Key": "k"}))
    assert errors["/params/carrier"] == "must be a text"


@pytest.mark.capability("E04")
@pytest.mark.parametrize("name", ["nobody-here", "staff:another"])
def test_an_order_is_given_to_whom_the_settings_know(call: Call, name: str) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    before = contents()
    assert "nobody sells here yet" in told(command(call, order_id, "assign", {"to": name}))["/to"]
    bulk = {"action": "assign", "ids": [order_id], "params": {"to": name}}
    assert (
        "nobody"
        in told(ask(call, "POST", "/admin/bulk", bulk, headers={"Idempotency-Key": "k"}))["/params/to"]
    )
    assert contents() == before
    set_section("sales", people=[{"name": "Marta"}], teams=[{"name": "Tienda", "members": ["Luis"]}])
    assert told(command(call, order_id, "assign", {"to": name}))["/to"].endswith("list: Marta, Tienda, Luis")
    for typed, meant in (("MARTA", "Marta"), ("tienda", "Tienda"), ("luis", "Luis"), ("none", None)):
        assert command(call, order_id, "assign", {"to": typed}).body["order"]["assigned"] == meant
