"""Who did what: deeds of the staff by person, order, kind and time, read from where they were written."""

from typing import Any

import pytest

from comanda import wiring
from comanda.dynamo.client import client
from functions.project_search.app import lambda_handler as project_search
from tests.functional.conftest import Call
from tests.functional.operations.test_pauses import pause
from tests.functional.shop import place, stock_product
from tests.functional.staff import ask, command, show
from tests.functional.test_search_tokens import item, stream

PATH = "/admin/audit/deeds"
pytestmark = pytest.mark.capability("C16")


def deeds(call: Call, **query: str) -> list[dict[str, Any]]:
    answer = ask(call, "GET", PATH, role="admin", query=query)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def worked_on(call: Call, key: str = "key-1", role: str = "staff") -> str:
    """An order that somebody verified and put on hold."""
    stock_product(units=100)
    order_id = str(place(call, key)["order_id"])
    if not show(call, order_id)["verified"]:
        assert command(call, order_id, "verify", role=role).status == 200
    assert command(call, order_id, "hold", {"reason": "fraud"}, role=role).status == 200
    return order_id


def projected(order_id: str) -> None:
    """The search tokens of an order, as the stream's reader writes them."""
    records = [stream(order_id, None, item(order_id))]
    assert project_search({"Records": records}, None) == {"batchItemFailures": []}


def test_deeds_are_found_by_person_order_and_time(call: Call) -> None:
    mine, other = worked_on(call), worked_on(call, "other", "admin")
    everything = deeds(call)
    assert {one["order_id"] for one in everything} == {mine, other}
    assert {one["actor"] for one in everything} == {"staff:user-staff", "staff:user-admin"}
    assert [one["at"] for one in everything] == sorted((one["at"] for one in everything), reverse=True)
    assert {one["order_id"] for one in deeds(call, actor="staff:user-admin")} == {other}
    number = show(call, mine)["number"]
    projected(mine)
    assert deeds(call, order=number)[0]["what"] == "HoldOpened"
    assert deeds(call, order=mine) == deeds(call, order=number)
    assert deeds(call, order="P-999999") == []
    moment = everything[0]["at"]
    assert [one["at"] for one in deeds(call, since=moment)] == [moment]
    assert deeds(call, until="2020-01-01T00:00:00.000Z") == []


def test_what_the_system_and_customers_did_is_not_told(call: Call) -> None:
    order_id = worked_on(call)
    told = {one["what"] for one in deeds(call, order=order_id)}
    assert "OrderPlaced" not in told
    assert told == {f["type"] for f in show(call, order_id)["history"] if f["actor"].startswith("staff:")}


def test_settings_and_operations_have_their_deeds(call: Call) -> None:
    assert pause(call, "payments:stripe").status == 200
    (one,) = deeds(call, kind="operations")
    assert (one["actor"], one["what"], one["subject"]) == ("staff:user-staff", "paused", "payments:stripe")
    version = ask(call, "GET", "/admin/settings/shop").headers["etag"]
    changed = {"name": "Otra tienda"}
    headers = {"If-Match": version}
    assert ask(call, "PATCH", "/admin/settings/shop", changed, "admin", headers=headers).status == 200
    (one,) = deeds(call, kind="settings")
    assert (one["actor"], one["what"], one["subject"]) == ("staff:user-admin", "changed", "shop")
    assert deeds(call, kind="settings", actor="staff:user-staff") == []


def test_pages_cover_every_order_without_a_scan(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comanda.backoffice.operations.deeds.PAGE_ORDERS", 2)
    ids = {worked_on(call, f"order-{number}") for number in range(5)}
    asked: set[str] = set()
    noting = lambda model, **more: asked.add(model.name)  # noqa: E731
    client().meta.events.register("before-call.dynamodb", noting)
    seen, query = [], {}
    while True:
        page = ask(call, "GET", PATH, role="admin", query=query).body
        seen += [one["order_id"] for one in page["items"]]
        if not page["next"]:
            break
        assert page["searched_to"]
        query = {"cursor": page["next"]}
    client().meta.events.unregister("before-call.dynamodb", noting)
    assert set(seen) == ids
    assert asked <= {"Query", "GetItem", "BatchGetItem"}


def test_only_administrators_see_it_and_kinds_are_known(call: Call) -> None:
    assert ask(call, "GET", PATH).status == 403
    assert ask(call, "GET", PATH, role="admin", query={"kind": "nothing"}).status == 422
    assert wiring.audit().recent(10) == ([], "")
