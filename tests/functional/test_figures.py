"""The shop's figures follow the orders' stream: whatever is told late, twice or in any order, they are what a
recount of the facts gives."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test

from comanda import wiring
from comanda.figures.book import Book
from comanda.orders.evolve import replay
from comanda.times import moment
from functions.project_search.app import lambda_handler as project_search
from tests.functional.conftest import Call
from tests.functional.shop import order_body, place, set_section, stock_product
from tests.functional.staff import approved, command

START = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


class Shop:
    """Its clock, and the stream of its orders."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        self.images: dict[tuple[str, str], Any] = {}
        self.number = 0
        monkeypatch.setattr(wiring, "now", lambda: self.now)

    def records(self) -> list[dict[str, Any]]:
        """What has changed since the stream was read last."""
        items = boto3.client("dynamodb").scan(TableName=wiring.orders().table)["Items"]
        now = {(item["pk"]["S"], item["sk"]["S"]): item for item in items}
        changed = sorted(key for key in now.keys() | self.images if now.get(key) != self.images.get(key))
        told = [self._record(key, self.images.get(key), now.get(key)) for key in changed]
        self.images = now
        return [record for record in told if record]

    def _record(self, key: tuple[str, str], old: Any, new: Any) -> dict[str, Any] | None:
        if key[1] != "ORDER" and not key[1].startswith("LEDGER#"):  # as the template filters
            return None
        self.number += 1
        change: dict[str, Any] = {"Keys": {"pk": {"S": key[0]}, "sk": {"S": key[1]}}}
        images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
        return {"dynamodb": change | images | {"SequenceNumber": str(self.number)}}

    def told(self, records: list[dict[str, Any]]) -> None:
        assert project_search({"Records": records}, None) == {"batchItemFailures": []}

    def figures(self) -> Counter[str]:
        """Every hour's figures, as the dashboard reads them."""
        days = [
            (START + timedelta(days=n)).date().isoformat() for n in range(-1, (self.now - START).days + 2)
        ]
        found = Book(wiring.figures()).read(days, self.now)
        assert found.missing == ()
        return Counter({f"{day}.{name}": n for day, sums in found.sums.items() for name, n in sums.items()})


def recounted() -> Counter[str]:
    """The same, from the facts of all orders."""
    found: Counter[str] = Counter()
    items = boto3.client("dynamodb").scan(TableName=wiring.orders().table)["Items"]
    for order_id in {item["pk"]["S"] for item in items if item["sk"]["S"] == "ORDER"}:
        order = replay(wiring.orders().facts(order_id))
        if order.lifecycle in ("placed", "closed", "cancelled"):
            found[f"{_hour(order.created_at)}.n"] += 1
            found[f"{_hour(order.created_at)}.v.MXN"] += order.totals.total
        for entry in order.ledger:
            if entry.status != "ok" or entry.kind not in ("capture", "refund", "dispute"):
                continue
            found[f"{_hour(entry.at)}.l.{entry.kind}.{entry.method}.{entry.provider}.MXN"] += entry.amount
            if not entry.wallet:
                found[f"{_hour(entry.at)}.{'i' if entry.kind == 'capture' else 'o'}.MXN"] += entry.amount
    return found


def _hour(at: str) -> str:
    return f"{moment(at):%Y-%m-%d.%H}"


class FiguresMachine(RuleBasedStateMachine):
    """A shop whose stream comes late, twice and out of order; days go by while it does."""

    call: Call
    shop: Shop
    orders: Bundle[str] = Bundle("orders")
    runs = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.sku, self.keys = f"F-{next(self.runs)}", count(1)
        stock_product(self.sku, units=10_000)
        self.kept: list[dict[str, Any]] = []
        self.shop.now += timedelta(hours=1)

    def key(self) -> str:
        return f"{self.sku}-{next(self.keys)}"

    def done(self, order_id: str, name: str, body: Any = None) -> None:
        answer = command(self.call, order_id, name, body, key=self.key())
        assert answer.status in (200, 201, 409, 422), answer.text

    @rule(target=orders, units=st.integers(1, 3))
    def somebody_orders(self, units: int) -> str:
        body = order_body(lines=[{"sku": self.sku, "quantity": units}])
        answer = self.call("place_order", "POST", "/orders", body, headers={"Idempotency-Key": self.key()})
        assert answer.status == 201, answer.text
        return str(answer.body["order_id"])

    @rule(order_id=orders)
    def staff_vouch(self, order_id: str) -> None:
        self.done(order_id, "verify")

    @rule(order_id=orders, part=st.sampled_from([None, 5000]))
    def money_comes(self, order_id: str, part: int | None) -> None:
        self.done(order_id, "mark-paid", {"amount": {"amount": part, "currency": "MXN"}} if part else {})

    @rule(order_id=orders)
    def the_bank_takes_it_back(self, order_id: str) -> None:
        self.done(order_id, "bounce", {"reason": "mistake", "notify": False})

    @rule(order_id=orders)
    def the_bank_was_wrong(self, order_id: str) -> None:
        self.done(order_id, "undo-bounce", {})

    @rule(order_id=orders)
    def money_is_given_back(self, order_id: str) -> None:
        amount = {"amount": 1000, "currency": "MXN"}
        wish = {"amount": amount, "reason": "goodwill", "execute": True, "destination": "elsewhere"}
        self.done(order_id, "refund", wish)

    @rule(order_id=orders)
    def it_is_cancelled(self, order_id: str) -> None:
        self.done(order_id, "cancel", {"reason": "customer", "restock": True, "refund": False})

    @rule(hours=st.sampled_from([1, 7, 30]))
    def time_passes(self, hours: int) -> None:
        self.shop.now += timedelta(hours=hours)

    @rule(seed=st.integers(0, 999), left=st.integers(0, 3))
    def the_stream_tells(self, seed: int, left: int) -> None:
        """Some records twice, some later, in any order; old ones again."""
        chance, fresh = Random(seed), self.kept + self.shop.records()
        chance.shuffle(fresh)
        self.kept, told = fresh[:left], fresh[left:]
        self.shop.told([*told, *chance.sample(told, len(told) // 2)])

    @rule()
    def somebody_looks(self) -> None:
        self.shop.figures()

    def teardown(self) -> None:
        self.shop.told(self.kept + self.shop.records())
        assert self.shop.figures() == recounted()
        self.shop.now += timedelta(days=2)
        assert self.shop.figures() == recounted()  # from the sums of days that are over


@pytest.fixture
def shop(clean: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    set_section("limits", per_address=10**6, per_email=10**6)
    return Shop(monkeypatch)


def test_figures_are_a_recount_of_the_facts_however_the_stream_comes(call: Call, shop: Shop) -> None:
    FiguresMachine.call, FiguresMachine.shop = staticmethod(call), shop
    quick = settings(
        max_examples=3,
        stateful_step_count=25,
        deadline=None,
        phases=[Phase.generate],  # a step is several requests: a counterexample is told as it was found
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(FiguresMachine, settings=quick)


def test_an_order_that_nobody_confirmed_is_no_figure(call: Call, shop: Shop) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    shop.told(shop.records())
    assert shop.figures() == {}
    approved(call, order_id)
    shop.told(shop.records())
    assert shop.figures() == recounted() == {"2026-11-20.17.n": 1, "2026-11-20.17.v.MXN": 23200}


def test_a_change_that_moves_no_figure_reads_no_order(
    call: Call, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    approved(call, order_id)
    shop.told(shop.records())
    assert command(call, order_id, "hold", {"reason": "manual"}).status == 200
    records = shop.records()
    assert records
    monkeypatch.setattr("comanda.figures.project.keep", lambda *_: pytest.fail("read for nothing"))
    shop.told(records)


def test_an_order_that_is_gone_leaves_the_figures(call: Call, shop: Shop) -> None:
    stock_product()
    order_id = place(call)["order_id"]
    approved(call, order_id)
    command(call, order_id, "mark-paid")
    shop.told(shop.records())
    shop.now += timedelta(days=2)
    assert sum(shop.figures().values()) > 0
    database = boto3.client("dynamodb")
    for found in database.scan(TableName="OrdersTable")["Items"]:
        database.delete_item(TableName="OrdersTable", Key={k: found[k] for k in ("pk", "sk")})
    shop.told(shop.records())
    assert shop.figures() == {}


def test_the_figures_of_a_shop_that_had_orders_are_counted_anew(call: Call, shop: Shop) -> None:
    stock_product()
    for number in range(3):
        approved(call, place(call, f"k{number}")["order_id"])
    after: str | None = ""
    while after is not None:
        answer = project_search({"recount_from": after}, None)
        assert answer["recount_from"] != after
        after = answer["recount_from"]
    assert shop.figures() == recounted()
    assert shop.figures()["2026-11-20.17.n"] == 3


def test_what_was_read_before_a_later_state_was_written_is_dropped(call: Call, shop: Shop) -> None:
    from comanda.figures.project import keep

    stock_product()
    order_id = place(call)["order_id"]
    early = wiring.orders().load(order_id)
    approved(call, order_id)
    shop.told(shop.records())
    assert early is not None
    keep(order_id, ["2026-11-20"], lambda _: early, wiring.figures(), shop.now)
    assert shop.figures()["2026-11-20.17.n"] == 1
