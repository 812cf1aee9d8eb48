"""The merchants' words: set through real commands, counted as the list shows them, said in two languages."""

from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.orders.vocabulary import Label
from local.docs_labels import AXES
from tests.functional.conftest import Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, ask, command, show


def stored() -> list[dict[str, Any]]:
    """The whole Orders and Stock tables."""
    tables = (wiring.orders().table, wiring.stock().table)
    items = [item for name in tables for item in boto3.client("dynamodb").scan(TableName=name)["Items"]]
    return sorted(items, key=str)


def relabel(call: Call, order_id: str, wanted: str) -> Any:
    return command(call, order_id, "label", {"label": wanted})


@pytest.mark.capability("A14")
def test_a_label_runs_the_command_that_leads_to_it(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    assert command(call, order_id, "verify").status == 200
    for wanted, commands in [
        ("pending", ["approve"]),
        ("error", ["hold"]),
        ("pending", ["release-hold"]),
        ("to_review", ["hold"]),
        ("pending", ["release-hold"]),
    ]:
        answer = relabel(call, order_id, wanted)
        assert answer.status == 200, answer.text
        assert (answer.body["result"]["label"], answer.body["result"]["commands"]) == (wanted, commands)
        assert answer.body["order"]["label"] == wanted
    history = [fact["type"] for fact in show(call, order_id)["history"]]
    assert [kind for kind in history if kind in ("OrderApproved", "HoldOpened", "HoldReleased")] == [
        "OrderApproved",
        "HoldOpened",
        "HoldReleased",
        "HoldOpened",
        "HoldReleased",
    ]


@pytest.mark.capability("A14")
@pytest.mark.parametrize(
    ("wanted", "guard"),
    [
        ("to_review", "label-not-reached"),
        ("pending", "awaiting-verification"),
        ("shipped", "label-needs-parcel"),
        ("delivered", "label-comes-by-itself"),
    ],
)
def test_a_label_out_of_reach_changes_nothing(call: Call, wanted: str, guard: str) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    before = stored()
    answer = relabel(call, order_id, wanted)
    assert (answer.status, answer.body["type"], answer.body["guard"]) == (409, "wrong-state", guard)
    assert stored() == before


def test_a_word_that_is_no_label_is_named(call: Call) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    answer = relabel(call, order_id, "paid")
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/label")


@pytest.mark.capability("A14", "E05", "C06")
def test_counts_agree_with_the_list_and_statuses_are_filters(call: Call) -> None:
    stock_product(units=50)
    ids = [place(call, f"key-{n}")["order_id"] for n in range(6)]
    for order_id in ids[1:]:
        approved(call, order_id)
    assert relabel(call, ids[2], "error").status == 200
    assert relabel(call, ids[3], "to_review").status == 200
    assert command(call, ids[4], "mark-paid").status == 200
    assert command(call, ids[5], "cancel", {"reason": "customer"}).status == 200
    counts = ask(call, "GET", "/admin/orders").body["counts"]
    for label in Label:
        rows = ask(call, "GET", "/admin/orders", query={"label": label}).body["items"]
        assert (len(rows), {row["label"] for row in rows} - {label}) == (counts[label], set())
    assert {label: n for label, n in counts.items() if n} == {"to_review": 1, "pending": 2, "error": 1}
    listed = {row["order_id"]: row for row in ask(call, "GET", "/admin/orders").body["items"]}
    assert [listed[one]["stage"] for one in ids] == [*["quotation_sent"] * 4, "order", None]
    found = {
        name: [row["order_id"] for row in ask(call, "GET", "/admin/orders", query=asked).body["items"]]
        for name, asked in AXES.items()
    }
    assert found == {"pagado": [ids[4]], "enviado": [], "cancelado": [ids[5]], "reembolsado": []}


def test_words_come_in_the_language_that_is_asked_for(call: Call) -> None:
    def words(**query: str) -> list[str]:
        body = ask(call, "GET", "/admin/labels", query=query).body
        return [one["word"] for one in (*body["labels"], *body["stages"])]

    spanish = ["por revisar", "pendiente", "tramitado", "error", "embarcado", "entregado"]
    assert words() == words(locale="es") == [*spanish, "cotización", "cotización enviada", "orden"]
    assert words(locale="en")[-2:] == ["quotation sent", "order"]
