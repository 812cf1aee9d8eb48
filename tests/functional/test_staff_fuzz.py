"""Whatever staff send, the answer is one of the contract's: never a failure of ours."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comanda.orders.filters import DATES, KNOWN
from functions.staff_api.app import lambda_handler, routes
from tests.functional.conftest import Call, http_event
from tests.functional.shop import place, stock_product
from tests.functional.staff import claims, show

SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
texts = st.text(max_size=30) | st.sampled_from(
    ["", "1", "CAFE-1", "true", "-30d", "2026-11", "\ud800", "x" * 5000]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "lines",
    "carrier",
    "tracking_number",
    "reason",
    "hold_id",
    "amount",
    "reference",
    "notify",
    "filter",
]
FIELDS += ["order_ids", "delta", "location", "mode", "destinations", "currency", "expected_at", "restock"]
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=4) | values
WRITES = [(rule.method, rule.path) for rule in routes.rules if rule.method != "GET"]


def answered(event: dict[str, Any]) -> int:
    return int(lambda_handler(event, None)["statusCode"])


@SETTINGS
@given(st.sampled_from(WRITES), bodies, texts, st.sampled_from(['"0"', '"1"', "*", ""]), texts)
def test_no_body_breaks_a_write(
    call: Call, write: tuple[str, str], body: Any, name: str, version: str, key: str
) -> None:
    method, path = write
    address = path.replace("<order_id>", "o1").replace("<section>", "shop").replace("<destination>", "sftp")
    for variable in ("<sku>", "<batch_id>", "<event_id>"):
        address = address.replace(variable, name.replace("/", "") or "x")
    headers = {"If-Match": version, "Idempotency-Key": key}
    event = http_event(method, address, json.dumps(body), headers=headers, claims=claims("admin"))
    assert answered(event) < 500


@SETTINGS
@given(st.dictionaries(st.sampled_from([*KNOWN, *DATES, "not.hold", "q", "sort", "limit", "cursor"]), texts))
def test_no_query_breaks_the_list(call: Call, query: dict[str, str]) -> None:
    sound = {name: value.encode(errors="ignore").decode() for name, value in query.items()}
    assert answered(http_event("GET", "/admin/orders", query=sound, claims=claims())) in (200, 422)


@SETTINGS
@given(st.sampled_from(["ship", "mark-paid", "hold", "cancel"]), bodies)
def test_a_refused_command_leaves_the_order_as_it_was(call: Call, command: str, body: Any) -> None:
    if not show_or_none(call):
        stock_product(units=1000)
        place(call, payment_method="request")
    order_id, before = show_or_none(call) or ("", {})
    headers = {"If-Match": f'"{before["version"]}"', "Idempotency-Key": "k"}
    event = http_event(
        "POST", f"/admin/orders/{order_id}/{command}", json.dumps(body), headers=headers, claims=claims()
    )
    status = answered(event)
    assert status < 500
    if status >= 400:
        assert show(call, order_id) == before


def show_or_none(call: Call) -> tuple[str, dict[str, Any]] | None:
    """The newest order, if there is one."""
    event = http_event("GET", "/admin/orders", claims=claims())
    items = json.loads(lambda_handler(event, None)["body"])["items"]
    return (items[0]["order_id"], show(call, items[0]["order_id"])) if items else None
