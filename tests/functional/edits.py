"""Orders to edit and the calls that edit them, for tests of the staff API."""

from typing import Any

from comanda import wiring
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask, command, show

OTHER_ADDRESS = {
    "line1": "Calle Madero 10",
    "city": "Monterrey",
    "state": "Nuevo León",
    "postal_code": "64000",
    "country": "MX",
}


def an_order(call: Call, **changes: Any) -> str:
    """2 × CAFE-1 (10 in stock) by bank transfer, vouched for; TAZA-1 (5) and TE-1 (untracked) on sale."""
    stock_product()
    stock_product("TAZA-1", 5800, 5)
    stock_product("TE-1", 2500, None)
    order_id: str = place(call, **changes)["order_id"]
    assert command(call, order_id, "verify").status == 200
    return order_id


def mxn(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "MXN"}


def edit(call: Call, order_id: str, *actions: dict[str, Any], **more: Any) -> Answer:
    """Work an edit out at the order's present version."""
    version = {"If-Match": f'"{show(call, order_id)["version"]}"'}
    headers = version | more.pop("headers", {})
    body = {"actions": list(actions)} | more
    return ask(call, "POST", f"/admin/orders/{order_id}/edits", body, headers=headers)


def opened(call: Call, order_id: str, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The answer of an edit that was worked out."""
    answer = edit(call, order_id, *actions, **more)
    assert answer.status == 201, answer.text
    body: dict[str, Any] = answer.body
    return body


def then(call: Call, order_id: str, what: str, body: Any = None, edit_id: str = "e1", **more: Any) -> Answer:
    """confirm, decline or request-acceptance of an edit."""
    return command(call, order_id, f"edits/{edit_id}/{what}", body, **more)


def confirmed(call: Call, order_id: str, *actions: dict[str, Any]) -> dict[str, Any]:
    """Work an edit out and carry it out; the confirmation's answer, checked against the preview."""
    shown = opened(call, order_id, *actions)
    answer = then(call, order_id, "confirm", edit_id=shown["edit_id"])
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.body
    assert body["order"]["totals"] == shown["preview"]["totals"]
    names = ("line_id", "sku", "name", "quantity", "unit_price", "total")
    told = [{name: line[name] for name in names} for line in body["order"]["lines"]]
    assert told == shown["preview"]["lines"]
    assert body["result"]["difference"] == shown["preview"]["difference"]
    return body


def texts(order_id: str) -> dict[str, Any]:
    return dict(wiring.desk().load(order_id).personal)
