"""A shop with orders that wait for transfers, and a bank that sends statements as CSV."""

import json
from typing import Any

from comanda import wiring
from functions.project_search.app import lambda_handler as project_search
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import ask
from tests.functional.test_search_tokens import item, stream

TOTAL = 23_200
HEAD = "fecha;concepto;referencia;ordenante;importe"


def waiting(call: Call, count: int = 1, **wishes: Any) -> list[dict[str, Any]]:
    """Orders over 232 pesos each, by transfer unless wished otherwise, found by their numbers."""
    stock_product(units=100)
    set_section("limits", per_address=1_000, per_email=1_000)
    placed = [place(call, f"place-{number}-{sorted(wishes.items())}", **wishes) for number in range(count)]
    for one in placed:
        project(one["order_id"])
    return placed


def project(order_id: str) -> None:
    """What the stream's reader writes of an order for the search."""
    found = {"Records": [stream(order_id, None, item(order_id))]}
    assert project_search(found, None) == {"batchItemFailures": []}


def line(text: str, amount: int = TOTAL, day: str = "20/11/2026", payer: str = "", ref: str = "") -> str:
    sign, whole = ("-" if amount < 0 else ""), abs(amount)
    return f"{day};{text};{ref};{payer};{sign}{whole // 100},{whole % 100:02d}"


def sent(call: Call, *lines: str, role: str = "staff", head: str = HEAD) -> Answer:
    return ask(call, "POST", "/admin/statements", "\n".join((head, *lines)), role=role)


def statement(call: Call, *lines: str) -> str:
    answer = sent(call, *lines)
    assert answer.status in (200, 201), answer.text
    return str(answer.body["statement_id"])


def proposals(call: Call, statement_id: str, **query: str) -> list[dict[str, Any]]:
    answer = ask(call, "GET", f"/admin/statements/{statement_id}/proposals", query=query)
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.body["items"]
    return found


def outcomes(call: Call, statement_id: str) -> list[str]:
    return [row["outcome"] or row["state"] for row in proposals(call, statement_id)]


def wish(row: dict[str, Any], order_id: str = "", as_: str = "") -> dict[str, str]:
    """What a person sends who confirms a row as it is shown, or otherwise."""
    return {
        "entry_id": row["entry_id"],
        "order_id": order_id or row["order"]["order_id"],
        "as": as_ or row["order"]["outcome"],
    }


def confirm(call: Call, statement_id: str, *wishes: dict[str, str], key: str = "", **more: Any) -> Answer:
    key = key or json.dumps(sorted(map(str, wishes)))[:150]
    headers = {"Idempotency-Key": key.encode("ascii", "ignore").decode()}
    path = f"/admin/statements/{statement_id}/confirm"
    return ask(call, "POST", path, {"rows": list(wishes)} | more, headers=headers)


def results(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.text
    return [
        f"{one['outcome']} {one['problem'].get('guard') or one['problem']['type']}"
        if "problem" in one
        else one["outcome"]
        for one in answer.body["results"]
    ]


def captures(order_id: str) -> list[tuple[int, str, str]]:
    """What was paid on an order: amount, status, and the day on the statement."""
    ledger = wiring.desk().load(order_id).order.ledger
    return [(e.amount, e.status, e.on) for e in ledger if e.kind == "capture"]


def split(
    call: Call,
    statement_id: str,
    entry_id: str,
    shares: list[tuple[str, int]],
    key: str = "split-1",
    **more: Any,
) -> Answer:
    """Confirm a movement for several orders, each with its part."""
    parts = [
        {"order_id": order_id, "amount": {"amount": amount, "currency": "MXN"}} for order_id, amount in shares
    ]
    path = f"/admin/statements/{statement_id}/entries/{entry_id}/split"
    return ask(call, "POST", path, {"parts": parts} | more, headers={"Idempotency-Key": key})
