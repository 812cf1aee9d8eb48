"""The list against a plain look at every order, and what it tells of one's own changes."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda import wiring
from comanda.backoffice.listing import page as module
from comanda.backoffice.listing import plan
from comanda.backoffice.listing.index import ListIndex
from comanda.dynamo.transaction import Transaction
from comanda.orders import index
from comanda.orders.decision import Sealed
from comanda.orders.filters import KNOWN, understand
from comanda.orders.items import personal_row, snapshot_row
from comanda.orders.model import Order
from comanda.orders.vocabulary import Channel, Fulfilment, HoldReason, Label, Lifecycle, Method, Payment
from comanda.search.project import project
from comanda.search.words import typed_words, words_of
from comanda.times import stamp
from tests.examples import a_hold, a_line, an_order
from tests.functional.conftest import Answer, Call
from tests.functional.shop import place, stock_product
from tests.functional.staff import approved, ask, command

NAMES = ["Ana Muñoz", "Luis García", "Ana García", "Zoé Peña", "Íñigo Núñez"]


def listed(call: Call, role: str = "staff", **asked: Any) -> Answer:
    """`GET /admin/orders`; an underscore in a name stands for a dot."""
    given = {name.replace("not_", "not."): value for name, value in asked.items()}
    joined = {n: ",".join(v) if isinstance(v, list) else str(v) for n, v in given.items()}
    return ask(call, "GET", "/admin/orders", role=role, query=joined)


def everything(call: Call, **asked: Any) -> list[str]:
    """The ids of every page, one after the other."""
    found: list[str] = []
    cursor = ""
    while True:
        answer = listed(call, **asked, **({"cursor": cursor} if cursor else {}))
        assert answer.status == 200, answer.text
        found += [item["order_id"] for item in answer.body["items"]]
        assert answer.body["next"] != cursor
        cursor = answer.body["next"]
        if not cursor:
            return found


def an_odd_order(number: int, chance: random.Random) -> tuple[Order, dict[str, Any]]:
    """An order in any state; many share a moment."""
    placed = datetime(2026, 11, 1 + number // 6, chance.choice([0, 7, 23]), tzinfo=UTC)
    held = chance.choice([(), (), (), (HoldReason.FRAUD,), (HoldReason.ADDRESS, HoldReason.MANUAL)])
    name = chance.choice(NAMES)
    order = an_order(
        order_id=f"order{number:04d}",
        number=f"P-{number:06d}",
        created_at=stamp(placed),
        updated_at=stamp(placed.replace(day=1 + chance.randrange(27), second=number % 60)),
        lifecycle=chance.choice([*Lifecycle, Lifecycle.PLACED, Lifecycle.PLACED]),
        payment=chance.choice([p for p in Payment if p != Payment.NONE]),
        fulfilment=chance.choice(list(Fulfilment)),
        channel=chance.choice(list(Channel)),
        method=chance.choice([Method.STRIPE, Method.BANK_TRANSFER, Method.ON_DELIVERY]),
        verified=chance.random() < 0.5,
        approved=chance.random() < 0.5,
        holds=tuple(a_hold(reason, hold_id=reason) for reason in held),
        personal={"contact": "digest"},
    )
    promised = ("", "", "2026-11-10", "2026-12-24", "2999-01-01")[number % 5]
    if index.may_be_promised(index.state_signature(order)):
        order = replace(order, lines=(a_line(promised_at=promised),))
    email = f"{name.split()[0].casefold()}{number}@example.com"
    return order, {"contact": {"name": name, "email": email, "phone": f"+5255{number:08d}"}}


@pytest.fixture(scope="module")
def crowd() -> list[tuple[Order, dict[str, Any]]]:
    chance = random.Random(7)
    return [an_odd_order(number, chance) for number in range(90)]


@pytest.fixture
def filled(aws: None, crowd: list[tuple[Order, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every order in the tables, and budgets so small that most pages are merged or end early."""
    store = wiring.orders()
    for order, personal in crowd:
        store.signatures.know(index.state_signature(order), index.source_signature(order))
        tx = Transaction()
        tx.put(snapshot_row(order, store.shards))
        tx.put(personal_row(order.order_id, "contact", Sealed(personal["contact"], "salt")))
        tx.commit()
        project(order.order_id, store.load, wiring.search_tokens())
    monkeypatch.setattr(plan, "SCAN_BYTES", 3 * 4096)
    monkeypatch.setattr(plan, "FEW_PARTITIONS", 2)
    monkeypatch.setattr(module, "MOST_BYTES", 40 * 4096)


def some_of(key: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(KNOWN[key])), min_size=1, max_size=3, unique=True)


names = st.sampled_from(sorted([*KNOWN, *(f"not.{key}" for key in KNOWN)]))
filters = st.lists(names, max_size=3, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries({name: some_of(name.removeprefix("not.")) for name in chosen})
)
DATES = {"created_from": "2026-11-03", "created_to": "2026-11-09"}
periods = st.sampled_from([{}, {}, {"month": "2026-11"}, {"created_from": "2026-11-04"}, DATES])
texts = st.sampled_from(
    ["", "", "", "ana", "garcía", "ana garcía", "P-00002", "0000", "luis7@example.com", "nadie"]
)


@pytest.mark.capability("A13", "C06", "C29", "D23", "D24")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filters,
    periods,
    texts,
    st.sampled_from(["-created", "created", "-updated"]),
    st.sampled_from([3, 10, 100]),
)
def test_the_list_is_what_a_look_at_every_order_gives(
    call: Call,
    filled: None,
    crowd: list[tuple[Order, dict[str, Any]]],
    chosen: dict[str, list[str]],
    period: dict[str, str],
    text: str,
    sort: str,
    limit: int,
) -> None:
    sort = "created" if text and sort == "-updated" else sort
    asked = chosen | period | ({"q": text} if text else {}) | {"sort": sort, "limit": limit}
    wanted = understand(chosen | period, stamp(wiring.now()), ZoneInfo("America/Mexico_City"))
    fitting = [
        order
        for order, personal in crowd
        if wanted.accepts(index.traits_of(order), order.created_at)
        and all(words_of(order, personal).fit(word) for word in typed_words(text))
    ]
    moved = sort == "-updated"
    fitting.sort(
        key=lambda o: (o.updated_at if moved else o.created_at, o.order_id), reverse=sort.startswith("-")
    )
    assert everything(call, **asked) == [order.order_id for order in fitting]


def test_a_rare_filter_reads_its_own_partitions_and_says_how_far(
    call: Call, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    page = ListIndex.page

    def noted(self: ListIndex, name: str, *given: Any, **more: Any) -> Any:
        read.append(name)
        return page(self, name, *given, **more)

    monkeypatch.setattr(ListIndex, "page", noted)
    first = listed(call, hold="fraud", channel="phone", limit=3).body
    assert read[0] == "created"
    assert set(read) - {"created"} <= {"state"} or set(read) - {"created"} <= {"source"}
    assert len(set(read)) == 2
    read.clear()
    assert listed(call, hold="fraud", channel="phone", limit=3, cursor=first["next"]).status == 200
    assert "created" not in read


def test_a_page_that_is_not_full_says_how_far_it_has_looked(
    call: Call, filled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 4096)
    answer = listed(call, sort="-updated", hold="fraud", limit=10).body
    assert answer["next"]
    assert len(answer["items"]) < 10
    assert all(item["updated_at"] >= answer["searched_to"] for item in answer["items"])


@pytest.mark.capability("A12", "A20", "A10")
def test_a_row_shows_what_the_columns_need(call: Call) -> None:
    stock_product()
    order_id = place(call, comment="Sin prisa", purchase_order="OC-7")["order_id"]
    approved(call, order_id)
    command(call, order_id, "hold", {"reason": "fraud"})
    item = listed(call).body["items"][0]
    assert item["customer"]["name"] == "Ana Muñoz"
    assert (item["customer"]["verified"], item["verified"], item["label"]) == (True, True, "to_review")
    assert (item["total"], item["discount"]) == ({"amount": 23200, "currency": "MXN"}, None)
    assert (item["comment"], item["purchase_order"], item["articles"]) == ("Sin prisa", "OC-7", 2)
    assert [hold["reason"] for hold in item["holds"]] == ["fraud"]
    assert item["version"] == ask(call, "GET", f"/admin/orders/{order_id}").body["version"]


@pytest.mark.capability("A14", "B03")
def test_labels_are_counted_and_filtered(call: Call) -> None:
    stock_product()
    ids = [place(call, key=f"k{n}", payment_method="request")["order_id"] for n in range(3)]
    assert listed(call).body["counts"] == dict.fromkeys(Label, 0)
    for order_id in ids:
        command(call, order_id, "verify")
    command(call, ids[0], "approve")
    answer = listed(call, label="to_review", limit=1).body
    assert answer["counts"] == dict.fromkeys(Label, 0) | {"to_review": 2, "processed": 1}
    second = listed(call, label="to_review", limit=1, cursor=answer["next"]).body
    assert [item["order_id"] for item in (*answer["items"], *second["items"])] == [ids[2], ids[1]]
    assert second["counts"] == answer["counts"]


def test_an_index_that_lags_does_not_make_the_list_lie(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    stock_product()
    order_id = place(call, payment_method="request")["order_id"]
    command(call, order_id, "verify")
    stale = wiring.order_list().index.page(
        "created", "ORDER#0", low="", high="9", after="", limit=5, descending=True
    )
    command(call, order_id, "approve")
    monkeypatch.setattr("comanda.backoffice.listing.index.ListIndex.page", lambda *_, **__: stale)
    assert [item["label"] for item in listed(call).body["items"]] == ["processed"]
    assert listed(call, label="to_review").body["items"] == []


@pytest.mark.parametrize(
    "query", ["payment=gold", "limit=0", "sort=price", "cursor=x", "colour=red", "month=11"]
)
def test_what_is_not_understood_is_named(call: Call, query: str) -> None:
    name, value = query.split("=")
    answer = listed(call, **{name: value})
    assert (answer.status, answer.body["type"]) == (422, "invalid")
    assert answer.body["errors"][0]["pointer"] == f"/{name}"
