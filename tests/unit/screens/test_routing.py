"""Addresses: each has one rule, the plainer one first."""

from comanda.screens.house.answers import Answer, Goto
from comanda.screens.house.routing import LONGEST_PART, House


def view() -> Answer:
    return Goto("/back-office")


def house() -> House:
    made = House()
    for path in ("/orders/<order_id>", "/orders/new", "/orders/<order_id>/lines/<line_id>"):
        made.get(path, "orders.read")(view)
    return made


def test_a_fixed_address_comes_before_one_with_names() -> None:
    found = house().find("GET", "/orders/new")
    assert found is not None
    assert (found[0].path, found[1]) == ("/orders/new", {})


def test_names_are_given_and_end_at_a_slash() -> None:
    found = house().find("GET", "/orders/a/lines/b")
    assert found is not None
    assert found[1] == {"order_id": "a", "line_id": "b"}
    assert house().find("GET", "/orders/a/b") is None
    assert house().find("POST", "/orders/a") is None
    assert house().find("GET", "/orders/" + "a" * (LONGEST_PART + 1)) is None
