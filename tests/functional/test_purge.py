"""Purging an order: who may, which orders, what stays, and what an interruption leaves."""

import json
import os
from typing import Any

import boto3
import pytest

from comanda import wiring
from functions.project_search.app import lambda_handler as project_search
from tests.functional.backbone import Backbone, backbone  # noqa: F401 - a fixture
from tests.functional.conftest import Answer, Call
from tests.functional.histories import done, items
from tests.functional.mails import deliver
from tests.functional.shop import level, place, stock_product
from tests.functional.staff import approved, ask, command, show
from tests.template import table_variable, tables

ANA = ("ana@example.com", "Muñoz", "1234 5678", "Obregón", "azúcar")


def cancelled(call: Call, backbone: Backbone, key: str = "key-1") -> str:  # noqa: F811
    """An order that was cancelled, with its workflow at its end and its mails out."""
    stock_product()
    order_id = str(place(call, key=key, comment="sin azúcar")["order_id"])
    backbone.settle()
    done(call, order_id, "cancel", {"reason": "customer"})
    quiet(order_id, backbone)
    return order_id


def quiet(order_id: str, backbone: Backbone) -> None:  # noqa: F811
    backbone.settle()
    for effect in wiring.desk().load(order_id).effects:
        if effect.kind == "mail" and effect.state == "wanted":
            assert deliver(order_id, str(effect.data["event"])) == []
    backbone.settle()


def purge(call: Call, order_id: str, *, key: str = "", version: int | None = None, **more: Any) -> Answer:
    seen = show(call, order_id)["version"] if version is None else version
    headers = {"If-Match": f'"{seen}"'} | ({"Idempotency-Key": key} if key else {})
    body = {"reason": more.pop("reason", "test")}
    role = more.pop("role", "admin")
    return ask(call, "POST", f"/admin/orders/{order_id}/purge", body, role=role, headers=headers)


def dump() -> dict[str, list[str]]:
    """Everything that is stored, but rate counters."""
    database = boto3.client("dynamodb")
    found: dict[str, list[str]] = {}
    for name in tables():
        pages = database.get_paginator("scan").paginate(TableName=os.environ[table_variable(name)])
        every = [repr(sorted(item.items())) for page in pages for item in page["Items"]]
        found[name] = sorted(one for one in every if "RATE#" not in one)
    return found


def everything() -> str:
    return json.dumps(dump(), ensure_ascii=False)


@pytest.mark.capability("C22")
def test_of_a_purged_order_only_its_tombstone_stays(call: Call, backbone: Backbone) -> None:  # noqa: F811
    order_id = cancelled(call, backbone)
    order = show(call, order_id)
    answer = purge(call, order_id, reason="spam")
    last = order["history"][-1]
    assert answer.status == 200
    assert answer.body == {
        "order_id": order_id,
        "number": order["number"],
        "reason": "spam",
        "purged_by": "staff:user-admin",
        "cause": "request:request-1",
        "purged_at": answer.body["purged_at"],
        "revision": answer.body["revision"],
        "facts": last["seq"],
        "head_hash": last["hash"],
        "done": True,
    }
    (stone,) = items(order_id)
    assert stone["sk"] == {"S": "TOMBSTONE"}
    assert "due_pk" not in stone
    assert not any(word in repr(stone) for word in ANA)
    assert ask(call, "GET", f"/admin/orders/{order_id}").status == 404
    assert ask(call, "GET", "/admin/orders").body["items"] == []


def told(old: Any, new: Any) -> None:
    """What the stream tells the keeper of search tokens."""
    images = {"OldImage": old, "NewImage": new, "SequenceNumber": "1"}
    found = {name: image for name, image in images.items() if image}
    keys = {name: (new or old)[name] for name in ("pk", "sk")}
    assert project_search({"Records": [{"dynamodb": found | {"Keys": keys}}]}, None) == {
        "batchItemFailures": []
    }


@pytest.mark.capability("C22")
def test_its_words_are_found_no_more_and_its_workflow_is_over(call: Call, backbone: Backbone) -> None:  # noqa: F811
    order_id = cancelled(call, backbone)
    number = show(call, order_id)["number"]
    assert backbone.machine.run_of(order_id).status == "SUCCEEDED"
    gone = items(order_id, "ORDER")[0]
    told(None, gone)

    def found(word: str) -> int:
        return len(ask(call, "GET", "/admin/orders", query={"q": word}).body["items"])

    def tokens() -> str:
        return repr(boto3.client("dynamodb").scan(TableName=os.environ["SEARCH_TABLE"])["Items"])

    assert found(number) == found("muñoz") == 1
    assert purge(call, order_id).status == 200
    told(gone, None)
    assert found(number) == found("muñoz") == 0
    assert not any(word in tokens() for word in ("ana@example.com", "munoz", number.lower()))
    swept = backbone.sweep()
    assert (swept["orders"], swept["failed"]) == (0, 0)
    backbone.settle()  # what the stream says of the deletions does no harm
    assert [item["sk"]["S"] for item in items(order_id)] == ["TOMBSTONE"]


@pytest.mark.parametrize("role", ["staff", "picker"])
@pytest.mark.capability("C22")
def test_only_administrators_purge(call: Call, backbone: Backbone, role: str) -> None:  # noqa: F811
    order_id = cancelled(call, backbone)
    before, version = dump(), show(call, order_id)["version"]
    assert purge(call, order_id, version=version, role=role).status == 403
    assert ask(call, "GET", "/admin/audit/purged", role=role).status == 403
    assert dump() == before


def refused(call: Call, order_id: str, guard: str) -> None:
    before = dump()
    answer = purge(call, order_id)
    assert (answer.status, answer.body["guard"]) == (409, guard)
    assert dump() == before


@pytest.mark.capability("C22", "F02")
def test_an_order_with_a_future_is_not_purged(call: Call, backbone: Backbone) -> None:  # noqa: F811
    stock_product()
    order_id = str(place(call)["order_id"])
    refused(call, order_id, "not-ended")
    approved(call, order_id)
    done(call, order_id, "mark-paid")
    refused(call, order_id, "not-ended")


@pytest.mark.capability("C22", "F02")
def test_an_order_with_goods_or_money_on_it_is_not_purged(call: Call, backbone: Backbone) -> None:  # noqa: F811
    stock_product()
    shipped = str(place(call, key="goods", payment_method="request")["order_id"])
    approved(call, shipped)
    parcel = {"lines": [{"sku": "CAFE-1", "quantity": 2}], "carrier": "dhl", "tracking_number": "T1"}
    done(call, shipped, "ship", parcel)
    refused(call, shipped, "not-ended")
    paid = str(place(call, key="money")["order_id"])
    done(call, paid, "cancel", {"reason": "customer"})
    quiet(paid, backbone)
    done(call, paid, "mark-paid", {"amount": {"amount": 500, "currency": "MXN"}})
    refused(call, paid, "money-on-it")


@pytest.mark.capability("C22", "F02")
def test_units_that_were_written_off_do_not_keep_it(call: Call, backbone: Backbone) -> None:  # noqa: F811
    stock_product()
    order_id = str(place(call)["order_id"])
    done(call, order_id, "cancel", {"reason": "customer", "restock": False})
    quiet(order_id, backbone)
    assert level() == {"on_hand": 8, "reserved": 0, "allocated": 0, "available": 8}
    assert purge(call, order_id).status == 200


@pytest.mark.capability("C22")
def test_an_order_whose_workflow_runs_is_not_purged(call: Call, backbone: Backbone) -> None:  # noqa: F811
    stock_product()
    order_id = str(place(call)["order_id"])
    backbone.settle()
    done(call, order_id, "cancel", {"reason": "customer"})
    refused(call, order_id, "still-running")
    quiet(order_id, backbone)
    assert purge(call, order_id).status == 200


@pytest.mark.capability("C22")
def test_an_invoiced_order_is_kept(
    call: Call,
    backbone: Backbone,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fake stands for whoever issues invoices."""

    class Issued:
        def invoiced(self, order_id: str) -> bool:
            return order_id == kept

    kept, other = cancelled(call, backbone), cancelled(call, backbone, key="key-2")
    monkeypatch.setattr(wiring, "invoices", Issued)
    refused(call, kept, "invoiced")
    assert purge(call, other).status == 200


@pytest.mark.capability("C22", "F09", "F13")
def test_a_purge_takes_a_version_and_a_key(call: Call, backbone: Backbone) -> None:  # noqa: F811
    order_id = cancelled(call, backbone)
    version, before = show(call, order_id)["version"], dump()
    assert (
        ask(call, "POST", f"/admin/orders/{order_id}/purge", {"reason": "test"}, role="admin").status == 428
    )
    assert purge(call, order_id, version=version - 1).status == 412
    assert purge(call, order_id, reason="because of Ana").status == 422
    assert purge(call, "nobody", version=1).status == 404
    assert dump() == before
    first = purge(call, order_id, key="k", version=version)
    again = purge(call, order_id, key="k", version=version)
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert purge(call, order_id, key="k", version=version, reason="spam").status == 422


class Stopped(Exception):
    """The process died."""


@pytest.mark.parametrize("by", ["sweep", "call"])
@pytest.mark.parametrize("after", range(3))
@pytest.mark.capability("C22")
def test_an_interrupted_purge_is_finished(
    call: Call,
    backbone: Backbone,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    by: str,
) -> None:
    order_id = cancelled(call, backbone)
    version = show(call, order_id)["version"]
    monkeypatch.setattr("comanda.orders.purge.TOGETHER", 4)
    stones, batches = wiring.purging().tombstones, []
    deleting = type(stones).deleting

    def dies(self: Any, tx: Any, order: str, keys: Any) -> None:
        if len(batches) == after:
            raise Stopped
        batches.append(keys)
        deleting(self, tx, order, keys)

    with monkeypatch.context() as dying:
        dying.setattr(type(stones), "deleting", dies)
        assert purge(call, order_id, version=version).status == 500
    assert len(items(order_id)) > 1
    assert ask(call, "GET", f"/admin/orders/{order_id}").status == 404  # gone for everybody at once
    listed = ask(call, "GET", "/admin/audit/purged", role="admin").body["items"]
    assert [stone["done"] for stone in listed] == [False]
    if by == "call":
        assert purge(call, order_id, version=version).body["done"] is True
    else:
        backbone.later(minutes=5)
        assert backbone.sweep()["failed"] == 0
    assert [item["sk"]["S"] for item in items(order_id)] == ["TOMBSTONE"]
    listed = ask(call, "GET", "/admin/audit/purged", role="admin").body["items"]
    assert [(stone["order_id"], stone["done"]) for stone in listed] == [(order_id, True)]


@pytest.mark.capability("C22")
def test_the_audit_lists_purges_newest_first_page_by_page(call: Call, backbone: Backbone) -> None:  # noqa: F811
    purged = []
    for key in ("one", "two", "three"):
        order_id = cancelled(call, backbone, key)
        backbone.later(seconds=1)
        assert purge(call, order_id).status == 200
        purged.append(order_id)
    listed, cursor = [], ""
    while True:
        page = ask(
            call, "GET", "/admin/audit/purged", role="admin", query={"limit": "2", "cursor": cursor}
        ).body
        listed += [stone["order_id"] for stone in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert listed == purged[::-1]
    bad = ask(call, "GET", "/admin/audit/purged", role="admin", query={"cursor": "%%%"})
    assert bad.status == 400


@pytest.mark.capability("C22")
def test_somebody_who_writes_first_is_judged_anew(
    call: Call,
    backbone: Backbone,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Money that arrives between the look and the deletion keeps the order."""
    order_id = cancelled(call, backbone)
    version = show(call, order_id)["version"]
    stones = type(wiring.purging().tombstones)
    burying, late = stones.burying, []

    def overtaken(self: Any, tx: Any, stone: Any) -> None:
        if not late:
            late.append(command(call, order_id, "mark-paid", {"amount": {"amount": 5, "currency": "MXN"}}))
        burying(self, tx, stone)

    monkeypatch.setattr(stones, "burying", overtaken)
    answer = purge(call, order_id, version=version)
    assert late[0].status == 200
    assert answer.status == 412
    assert items(order_id, "TOMBSTONE") == []
