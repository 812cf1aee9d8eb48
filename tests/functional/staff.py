"""Staff at work in tests: calls of the staff API with a role, as the authorizer passes them on."""

from typing import Any

from tests.functional.conftest import Answer, Call


def claims(role: str = "staff", **more: Any) -> dict[str, Any]:
    """The claims of an access token; an HTTP API passes the groups on as one text."""
    groups = {"cognito:groups": f"[{role}]"} if role else {}
    return {"sub": f"user-{role}", "token_use": "access", "client_id": "client-1", **groups, **more}


def ask(call: Call, method: str, path: str, body: Any = None, role: str = "staff", **more: Any) -> Answer:
    return call("staff_api", method, path, body, claims=claims(role), **more)


def show(call: Call, order_id: str) -> dict[str, Any]:
    answer = ask(call, "GET", f"/admin/orders/{order_id}")
    assert answer.status == 200, answer.text
    body: dict[str, Any] = answer.body
    return body


def command(
    call: Call,
    order_id: str,
    name: str,
    body: Any = None,
    *,
    key: str | None = "",
    version: int | None = None,
    role: str = "staff",
) -> Answer:
    """A command with the order's present version and a key of its own, unless told otherwise."""
    seen = show(call, order_id)["version"] if version is None else version
    headers = {"If-Match": f'"{seen}"'}
    if key is not None:
        headers["Idempotency-Key"] = key or f"{name}-{seen}"
    return ask(call, "POST", f"/admin/orders/{order_id}/{name}", body or {}, role=role, headers=headers)


def approved(call: Call, order_id: str) -> dict[str, Any]:
    """Vouch for the customer and accept the order."""
    for name in ("verify", "approve"):
        answer = command(call, order_id, name)
        assert answer.status == 200, answer.text
    order: dict[str, Any] = answer.body["order"]
    return order
