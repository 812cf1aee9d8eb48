"""Whatever is sent to the described API: nothing above 499, problems in shape, nothing half-written."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

from local.demo import history
from tests.e2e.running import Running
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SCHEMA = schemathesis.openapi.from_path(Path(__file__).resolve().parents[2] / "schemas" / "openapi.yaml")
EXAMPLES = 12
TO_BE_REPEATED = 503


@pytest.fixture(scope="module")
def fuzzed(spare: Running) -> dict[str, Any]:
    """A shop of its own, with one order at each of several stages to be tried on."""
    shop = Shop(spare.stack)
    orders = [shop.place(), shop.approved(), shop.paid()]
    return {"shop": shop, "orders": orders, "count": 0}


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_knows(case: Case, fuzzed: dict[str, Any]) -> None:
    shop: Shop = fuzzed["shop"]
    fuzzed["count"] += 1
    headers: dict[str, str] = {}
    order = fuzzed["orders"][fuzzed["count"] % 3]
    if "order_id" in (case.path_parameters or {}) and fuzzed["count"] % 4:
        case.path_parameters["order_id"] = order.id
    if case.path.startswith("/admin/"):
        headers["Authorization"] = f"Bearer {shop.admin.token}"
        if "If-Match" in (case.headers or {}) and fuzzed["count"] % 2:
            case.headers["If-Match"] = f'"{shop.admin.order(order.id)["version"]}"'
    elif case.path.startswith("/orders/"):
        headers["Authorization"] = f"Bearer {order.placed['access_token']}"
    answer = case.call(base_url=shop.stack["api_url"], headers=headers)
    if case.path.endswith("/purge") and answer.status_code == 200:
        fuzzed["orders"][fuzzed["orders"].index(order)] = shop.place()  # that one is gone for good
    if answer.status_code == TO_BE_REPEATED:
        assert int(answer.headers["retry-after"][0]) >= 1
    else:
        assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and "message" not in answer.json():  # API Gateway's own refusals
        _is_problem(answer.json(), answer.status_code, answer.headers["content-type"][0])


def _is_problem(body: dict[str, Any], status: int, content_type: str) -> None:
    assert content_type.startswith("application/problem+json")
    assert body["status"] == status
    assert all(isinstance(body[name], str) and body[name] for name in ("type", "title", "detail"))


def test_afterwards_every_order_and_the_stock_are_whole(fuzzed: dict[str, Any]) -> None:
    """The chains hold, and what stock says is taken is what open orders hold."""
    shop: Shop = fuzzed["shop"]
    assert fuzzed["count"] > EXAMPLES
    held: Counter[str] = Counter()
    cursor = ""
    while cursor is not None:
        page = shop.staff.get(f"/admin/orders?limit=100&cursor={cursor}")
        cursor = page["next"]
        for item in page["items"]:
            order = shop.staff.order(item["order_id"])
            assert history.broken_at(order["history"]) is None
            for line in order["lines"]:
                held[line["sku"]] += line["reserved"] + line["allocated"]
    for product in shop.products(at_least=0):
        level = shop.staff.get(f"/admin/stock/{product['sku']}")["locations"][0]
        assert level["reserved"] + level["allocated"] == held[product["sku"]]
        assert level["available"] == level["on_hand"] - level["reserved"] - level["allocated"] >= 0
