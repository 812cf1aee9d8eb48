"""Whoever changed an order sees the list as he left it, however far its indexes are behind."""

import random
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.backoffice.listing import page as module
from comanda.backoffice.listing import plan
from comanda.backoffice.listing.index import ListIndex
from comanda.backoffice.listing.merge import Hit, Page
from comanda.dynamo.client import client
from comanda.dynamo.transaction import Transaction
from comanda.orders import index
from comanda.orders.filters import understand
from comanda.orders.items import list_row, snapshot_row
from comanda.orders.model import Order
from comanda.orders.own_changes import MOST, OwnChange, print_of
from comanda.orders.vocabulary import Lifecycle, Payment
from comanda.times import later, stamp
from tests.functional.conftest import Call
from tests.functional.drafts import draft
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, ask, command, show
from tests.functional.test_order_list import an_odd_order, everything, listed

INDEXES = ("created", "updated", "state", "source")


class Lagging:
    """The list indexes as they were: `freeze` says from when on one does not follow any more."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.entries: dict[str, list[dict[str, Any]]] = {}
        patch.setattr(
            ListIndex, "page", lambda at, name, partition, **asked: self.page(name, partition, **asked)
        )

    def freeze(self, *names: str) -> None:
        items = boto3.client("dynamodb").scan(TableName="OrdersTable")["Items"]
        self.keep([item for item in items if item["sk"]["S"] == "ORDER"], *names)

    def keep(self, items: list[dict[str, Any]], *names: str) -> None:
        self.entries |= dict.fromkeys(names, items)

    def page(
        self, name: str, partition: str, *, low: str, high: str, after: str, limit: int, descending: bool
    ) -> Page:
        mine = [item for item in self.entries[name] if item[f"{name}_pk"]["S"] == partition]
        places = sorted(((item[f"{name}_sk"]["S"], item) for item in mine), key=lambda one: one[0])
        inside = [(at, item) for at, item in places if low <= at <= high]
        if after:
            inside = [(at, item) for at, item in inside if (at < after if descending else at > after)]
        chosen = (inside[::-1] if descending else inside)[:limit]
        rows = [{key: held["S"] for key, held in item["row"]["M"].items()} for _, item in chosen]
        hits = [Hit(at, item["pk"]["S"], row) for (at, item), row in zip(chosen, rows, strict=True)]
        return Page(tuple(hits), len(inside) > limit, 4096)


@pytest.fixture
def lagging(aws: None, monkeypatch: pytest.MonkeyPatch) -> Lagging:
    return Lagging(monkeypatch)


def changed(order: Order, chance: random.Random, at: str) -> Order:
    """The order in another state, written and noted as the store does it for `staff:user-staff`."""
    moved = replace(
        order,
        payment=chance.choice(list(Payment)[1:]),
        lifecycle=chance.choice(list(Lifecycle)),
        updated_at=at,
        version=order.version + 1,
    )
    store = wiring.orders()
    store.signatures.know(index.state_signature(moved), index.source_signature(moved))
    wiring.own_changes().note(
        "staff:user-staff", OwnChange(moved.order_id, moved.created_at, print_of(list_row(moved)))
    )
    tx = Transaction()
    tx.put(snapshot_row(moved, store.shards))
    tx.commit()
    return moved


ASKED = [{}, {"payment": "paid"}, {"not.payment": "paid"}, {"lifecycle": "placed"}, {"label": "to_review"}]


@pytest.mark.capability("A13", "C06", "C29")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(ASKED),
    st.sampled_from(["-created", "created", "-updated"]),
    st.dictionaries(st.sampled_from(INDEXES), st.integers(0, MOST), max_size=4),
    st.integers(0, 10**6),
)
def test_ones_own_changes_are_in_the_list_whatever_each_index_has_seen_of_them(
    call: Call,
    some: dict[str, Order],
    lagging: Lagging,
    asked: dict[str, str],
    sort: str,
    frozen: dict[str, int],
    seed: int,
) -> None:
    chance = random.Random(seed)
    forget_notes()
    put_back(some)
    now = dict(some)
    at = stamp(wiring.now())
    for step in range(MOST + 1):
        late = [name for name in INDEXES if frozen.get(name, MOST) == step]
        lagging.keep([snapshot_row(one, wiring.orders().shards).wire_item() for one in now.values()], *late)
        if step < MOST:
            order_id = chance.choice(sorted(now)[:20])
            now[order_id] = changed(now[order_id], chance, later(at, step))
    wanted = understand(asked, at, ZoneInfo("America/Mexico_City"))
    fitting = [one for one in now.values() if wanted.accepts(index.traits(index.row(one)), one.created_at)]
    key = "updated_at" if sort == "-updated" else "created_at"
    fitting.sort(key=lambda one: (getattr(one, key), one.order_id), reverse=sort.startswith("-"))
    assert everything(call, **asked, sort=sort, limit=7) == [one.order_id for one in fitting]


@pytest.fixture
def some(aws: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Order]:
    """A few orders in any state, and budgets so small that pages are merged or end early."""
    chance = random.Random(7)
    made = [replace(an_odd_order(number, chance)[0], personal={}) for number in range(30)]
    for order in made:
        wiring.orders().signatures.know(index.state_signature(order), index.source_signature(order))
    monkeypatch.setattr(plan, "SCAN_BYTES", 3 * 4096)
    monkeypatch.setattr(plan, "FEW_PARTITIONS", 2)
    monkeypatch.setattr(module, "MOST_BYTES", 40 * 4096)
    return {order.order_id: order for order in made}


def forget_notes() -> None:
    table = boto3.resource("dynamodb").Table("DedupeTable")
    for item in table.scan()["Items"]:
        table.delete_item(Key={"pk": item["pk"]})


def put_back(orders: dict[str, Order]) -> None:
    tx = Transaction()
    for order in orders.values():
        tx.put(snapshot_row(order, wiring.orders().shards))
    tx.commit()


def numbers(call: Call, **asked: Any) -> list[str]:
    return [item["number"] for item in listed(call, **asked).body["items"]]


@pytest.fixture
def three(call: Call) -> list[str]:
    """Three orders that wait for approval, oldest first."""
    stock_product()
    ids = [place(call, key=f"k{n}", payment_method="request")["order_id"] for n in range(3)]
    for order_id in ids:
        assert command(call, order_id, "verify", role="admin").status == 200
    return ids


@pytest.mark.capability("C06")
def test_a_command_is_seen_by_the_next_list(call: Call, three: list[str], lagging: Lagging) -> None:
    lagging.freeze(*INDEXES)
    approved_one = command(call, three[1], "approve").body["order"]
    items = listed(call).body["items"]
    assert [item["order_id"] for item in items] == three[::-1]
    assert [item["label"] for item in items] == ["to_review", "processed", "to_review"]
    assert (items[1]["version"], items[1]["updated_at"]) == (
        approved_one["version"],
        approved_one["updated_at"],
    )
    assert [item["order_id"] for item in listed(call, label="to_review").body["items"]] == [
        three[2],
        three[0],
    ]
    assert [item["order_id"] for item in listed(call, label="processed").body["items"]] == [three[1]]
    assert listed(call, sort="-updated").body["items"][0]["order_id"] == three[1]
    second = listed(call, limit=1, cursor=listed(call, limit=1).body["next"]).body
    assert [item["order_id"] for item in second["items"]] == [three[1]]
    assert ask(call, "GET", f"/admin/orders/{three[1]}").body["version"] == items[1]["version"]


@pytest.mark.capability("C06")
def test_what_one_begins_and_what_one_deletes_is_seen_at_once(
    call: Call, three: list[str], lagging: Lagging
) -> None:
    lagging.freeze(*INDEXES)
    begun = draft(call, customer={"email": "zoe@example.com", "name": "Zoé Peña"})["order"]
    first = listed(call).body["items"][0]
    assert (first["order_id"], first["customer"]["name"]) == (begun["order_id"], "Zoé Peña")
    assert [item["order_id"] for item in listed(call, q="zoe").body["items"]] == [begun["order_id"]]
    wiring.own_changes().note("staff:user-staff", OwnChange(three[0], show(call, three[0])["created_at"], ""))
    boto3.resource("dynamodb").Table("OrdersTable").delete_item(Key={"pk": three[0], "sk": "ORDER"})
    assert three[0] not in everything(call)


def test_of_others_changes_a_row_is_late_but_never_torn(
    call: Call, three: list[str], lagging: Lagging
) -> None:
    lagging.freeze(*INDEXES)
    assert command(call, three[1], "approve", role="admin").status == 200
    rows = listed(call, label="to_review").body["items"]
    assert {item["label"] for item in rows} == {"to_review"}
    lagging.freeze(*INDEXES)
    assert three[1] not in everything(call, label="to_review")


def test_too_many_changes_to_tell_have_every_row_read_again(
    call: Call, three: list[str], lagging: Lagging
) -> None:
    lagging.freeze(*INDEXES)
    made = show(call, three[0])["created_at"]
    for number in range(MOST + 2):
        wiring.own_changes().note("staff:user-staff", OwnChange(f"other{number}", made, "x"))
    assert wiring.own_changes().of("staff:user-staff").everything
    assert command(call, three[1], "approve").status == 200
    assert [item["label"] for item in listed(call).body["items"]] == ["to_review", "processed", "to_review"]
    assert not wiring.own_changes().of("staff:user-admin").everything


def test_an_index_that_has_caught_up_is_believed(
    call: Call, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    approved_one = command(call, three[1], "approve").body["order"]
    read: list[str] = []
    real = client().batch_get_item

    def noted(**asked: Any) -> Any:
        read.extend(key["sk"]["S"] for key in asked["RequestItems"].get("OrdersTable", {"Keys": []})["Keys"])
        return real(**asked)

    monkeypatch.setattr(client(), "batch_get_item", noted)
    items = listed(call).body["items"]
    assert items[1]["version"] == approved_one["version"]
    assert items[1]["customer"]["email"] == "ana@example.com"
    assert read == []


@pytest.mark.capability("A12")
def test_a_row_of_an_earlier_writer_shows_the_same(call: Call, three: list[str]) -> None:
    now = listed(call).body["items"]
    table = boto3.resource("dynamodb").Table("OrdersTable")
    for order_id in three:
        table.update_item(
            Key={"pk": order_id, "sk": "ORDER"},
            UpdateExpression="REMOVE #row.w, #row.c",
            ExpressionAttributeNames={"#row": "row"},
        )
    assert listed(call).body["items"] == now


@pytest.mark.capability("A12")
def test_texts_that_do_not_lie_in_the_index_are_read(call: Call) -> None:
    stock_product()
    long = {"email": "ana@example.com", "name": "Ana " + "Muñoz " * 30, "phone": "+52 55 1234 5678"}
    order_id = place(call, customer=long, comment="Sin prisa", purchase_order="OC-7")["order_id"]
    approved(call, order_id)
    item = listed(call).body["items"][0]
    assert item["customer"]["name"].startswith("Ana Muñoz Muñoz")
    assert (item["comment"], item["purchase_order"]) == ("Sin prisa", "OC-7")
