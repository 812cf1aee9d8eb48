"""Search tokens follow the orders' stream."""

from typing import Any

import boto3
import pytest

from comanda import wiring
from comanda.orders.decision import Sealed
from comanda.search.words import words_of
from functions.project_search.app import lambda_handler
from tests.functional.conftest import Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, ask, command


def item(order_id: str) -> dict[str, Any]:
    database = boto3.client("dynamodb")
    return database.get_item(TableName="OrdersTable", Key={"pk": {"S": order_id}, "sk": {"S": "ORDER"}})[
        "Item"
    ]


def stream(order_id: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any]:
    keys = {"pk": {"S": order_id}, "sk": {"S": "ORDER"}}
    images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", "Keys": keys, **images}}


def changed(*records: dict[str, Any]) -> None:
    assert lambda_handler({"Records": list(records)}, None) == {"batchItemFailures": []}


def tokens(order_id: str) -> set[str]:
    found = boto3.client("dynamodb").scan(TableName="SearchTable")["Items"]
    return {i["sk"]["S"].split("#")[0] for i in found if i["sk"]["S"].endswith(f"#{order_id}")}


def wanted(order_id: str) -> set[str]:
    loaded = wiring.desk().load(order_id)
    return set(words_of(loaded.order, loaded.personal).tokens)


def correct(order_id: str, **contact: str) -> dict[str, Any]:
    """Another contact, as a resent verification writes it; answers the item before."""
    from comanda.orders.decision import Decision
    from comanda.orders.facts import Happened
    from comanda.origin import Origin

    before, loaded = item(order_id), wiring.desk().load(order_id)
    sealed = Sealed(loaded.text("contact") | contact, "salt")
    data = {"link_serial": 2, "verify_by": "", "personal": {"contact": sealed.digest}}
    decision = Decision((Happened("VerificationResent", data),), personal={"contact": sealed})
    wiring.desk().run(order_id, lambda _: decision, Origin("customer", "test", "2026-11-22T00:00:00.000Z"))
    return before


@pytest.fixture
def order_id(call: Call) -> str:
    stock_product()
    placed: str = place(call, purchase_order="OC-7")["order_id"]
    changed(stream(placed, None, item(placed)))
    return placed


@pytest.mark.capability("D23")
def test_a_new_order_is_found_by_its_words(order_id: str) -> None:
    assert tokens(order_id) == wanted(order_id) >= {"p-000001", "munoz", "oc-7", "ana@example.com", "cafe-1"}
    positions, whole = wiring.search_tokens().beginning_with("muno", 10)
    assert (positions, whole) == ({f"{wiring.desk().load(order_id).order.created_at}#{order_id}"}, True)


def test_a_change_that_touches_no_word_writes_nothing(order_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comanda.search.store.SearchStore.record", lambda *_: pytest.fail("read for nothing"))
    changed(stream(order_id, item(order_id), item(order_id)))


def test_a_corrected_contact_leaves_no_old_word(order_id: str) -> None:
    before = correct(order_id, email="ana@example.org", name="Ana López")
    changed(stream(order_id, before, item(order_id)), stream(order_id, before, item(order_id)))
    assert tokens(order_id) == wanted(order_id)
    assert "munoz" not in tokens(order_id)


def test_late_news_do_not_bring_old_words_back(order_id: str) -> None:
    first = correct(order_id, name="Ana López")
    second = correct(order_id, name="Ana Ruiz")
    changed(stream(order_id, second, item(order_id)), stream(order_id, first, second))
    assert tokens(order_id) == wanted(order_id) >= {"ruiz"}


def test_an_order_that_is_gone_leaves_no_word(order_id: str) -> None:
    before = item(order_id)
    database = boto3.client("dynamodb")
    for found in database.scan(TableName="OrdersTable")["Items"]:
        database.delete_item(TableName="OrdersTable", Key={k: found[k] for k in ("pk", "sk")})
    changed(stream(order_id, before, None))
    assert tokens(order_id) == set()


@pytest.mark.parametrize("died_in", ["add", "remove"])
def test_a_turn_that_died_is_finished_by_the_next(
    order_id: str, died_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = correct(order_id, name="Ana López")

    def dies(*_: Any) -> None:
        raise OSError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(f"comanda.search.store.SearchStore.{died_in}", dies)
        record = stream(order_id, before, item(order_id))
        assert lambda_handler({"Records": [record]}, None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    changed(record)
    assert tokens(order_id) == wanted(order_id)


@pytest.mark.capability("D23", "C06")
def test_an_order_is_found_by_the_tracking_number_of_a_parcel(call: Call, order_id: str) -> None:
    changed(stream(order_id, None, item(order_id)))
    approved(call, order_id)
    assert command(call, order_id, "mark-paid").status == 200
    before = item(order_id)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 1}], "carrier": "estafeta"}
    sent = command(call, order_id, "ship", parcel | {"tracking_number": "6058 7421 MX"})
    assert sent.status == 200, sent.text
    changed(stream(order_id, before, item(order_id)))
    for typed in ("60587421mx", "6058", "60587421MX ana"):
        found = ask(call, "GET", "/admin/orders", query={"q": typed}).body["items"]
        assert [one["order_id"] for one in found] == [order_id], typed
    assert ask(call, "GET", "/admin/orders", query={"q": "60587421MX luis"}).body["items"] == []
    assert ask(call, "GET", "/admin/orders", query={"q": "7421"}).body["items"] == []
