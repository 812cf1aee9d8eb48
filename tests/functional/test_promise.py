"""What an order waits for is promised for another day: who is told, what moves, what the list finds."""

from datetime import datetime
from typing import Any

import pytest

from comanda import wiring
from tests.functional.conftest import Call
from tests.functional.screens.order_page import at, done
from tests.functional.screens.visitor import staff_at
from tests.functional.shop import place
from tests.functional.staff import ask, command, show
from tests.functional.tables import contents
from tests.functional.test_backorder import receive, shop, stocked
from tests.functional.test_workflow import order

__all__ = ["shop"]
pytestmark = pytest.mark.capability("D22")


@pytest.fixture
def waiting(call: Call, shop: None) -> str:
    """Five units of which two are here, and one of something that is."""
    stocked("TE-1,Té,58,16,9,,")
    lines = [{"sku": "CAFE-1", "quantity": 5}, {"sku": "TE-1", "quantity": 1}]
    return str(place(call, lines=lines)["order_id"])


def mails(order_id: str) -> list[dict[str, Any]]:
    loaded = wiring.orders().load(order_id)
    assert loaded is not None
    return [one.data for one in loaded.effects if one.data.get("event") == "promise_changed"]


def found(call: Call, **asked: str) -> list[str]:
    answer = ask(call, "GET", "/admin/orders", query=asked)
    assert answer.status == 200, answer.text
    return [item["order_id"] for item in answer.body["items"]]


def test_the_order_keeps_its_place_and_its_customer_is_told_the_new_day(call: Call, waiting: str) -> None:
    told = command(call, waiting, "promise", {"promised_at": "2027-01-15"})
    assert told.status == 200, told.text
    coffee, tea = order(waiting).lines
    assert (coffee.promised_at, coffee.reserved, coffee.backordered, tea.promised_at) == (
        "2027-01-15", 2, 3, "",
    )  # fmt: skip
    (fact,) = [one for one in show(call, waiting)["history"] if one["type"] == "PromiseChanged"]
    assert fact["visibility"] == "customer"
    assert fact["data"]["lines"] == [
        {"line_id": coffee.line_id, "promised_at": "2027-01-15", "before": "2026-12-24"}
    ]
    assert mails(waiting) == [
        {"event": "promise_changed", "lines": [coffee.line_id], "promised_at": "2027-01-15"}
    ]
    receive(call, 3)
    assert order(waiting).lines[0].backordered == 0


def test_the_same_day_again_is_no_change_and_without_notice_nobody_is_written_to(
    call: Call, waiting: str
) -> None:
    before = show(call, waiting)["version"]
    assert command(call, waiting, "promise", {"promised_at": "2026-12-24"}).body["version"] == before
    silent = {"promised_at": "2026-12-30", "notify": False, "lines": [{"sku": "CAFE-1"}]}
    assert command(call, waiting, "promise", silent).body["version"] == before + 1
    assert mails(waiting) == []


@pytest.mark.parametrize(
    ("body", "status", "what"),
    [
        ({"promised_at": "2026-11-20"}, 422, "/promised_at"),
        ({"promised_at": "tomorrow"}, 422, "/promised_at"),
        ({}, 422, "/promised_at"),
        ({"promised_at": "2027-01-15", "lines": [{"sku": "NADA"}]}, 422, "/lines/0/sku"),
        ({"promised_at": "2027-01-15", "lines": [{}]}, 422, "/lines/0"),
        ({"promised_at": "2027-01-15", "lines": [{"sku": "TE-1"}]}, 409, "line-waits-not"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    call: Call, waiting: str, body: dict[str, Any], status: int, what: str
) -> None:
    version = show(call, waiting)["version"]
    before = contents()
    refused = command(call, waiting, "promise", body, version=version)
    assert refused.status == status, refused.text
    pointers = [error["pointer"] for error in refused.body.get("errors", ())]
    assert what in [*pointers, refused.body.get("guard")]
    assert contents() == before


def test_an_order_that_waits_for_nothing_has_nothing_to_promise(call: Call, shop: None) -> None:
    order_id = str(place(call, lines=[{"sku": "CAFE-1", "quantity": 1}])["order_id"])
    refused = command(call, order_id, "promise", {"promised_at": "2027-01-15"})
    assert (refused.status, refused.body["guard"]) == (409, "nothing-waits")


@pytest.mark.capability("C29", "C30")
def test_the_list_finds_orders_by_the_day_that_was_promised(call: Call, waiting: str) -> None:
    plain = str(place(call, "key-2", lines=[{"sku": "TE-1", "quantity": 1}])["order_id"])
    assert found(call, promised="any") == [waiting]
    assert found(call, **{"not.promised": "any"}) == [plain]
    assert found(call, promised_from="2026-12-24", promised_to="2026-12-24") == [waiting]
    assert found(call, promised_from="2026-12-25") == []
    assert found(call, promised_to="2026-12-23") == []
    assert found(call, promised="overdue") == []
    command(call, waiting, "promise", {"promised_at": "2027-01-15"})
    assert found(call, promised_from="2026-12-25") == [waiting]
    refused = ask(call, "GET", "/admin/orders", query={"promised_from": "soon", "promised": "late"})
    assert {error["pointer"] for error in refused.body["errors"]} == {"/promised_from", "/promised"}


def test_what_is_overdue_counts_by_the_shops_day(
    call: Call, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_moment(text: str) -> list[str]:
        monkeypatch.setattr(wiring, "now", lambda: datetime.fromisoformat(text))
        return found(call, promised="overdue")

    assert at_moment("2026-12-25T05:00:00+00:00") == []  # still the 24th in Mexico
    assert at_moment("2026-12-25T06:30:00+00:00") == [waiting]


def test_staff_change_the_day_on_the_orders_page(call: Call, waiting: str) -> None:
    staff = staff_at()
    page = at(staff, waiting, "promise")
    assert page.says("3 × Café")
    assert page.says("promised for December 24, 2026")
    after = done(staff, waiting, "promise", promised_at="2027-01-15")
    assert after.says("has a new date.")
    assert after.says("Promised for another day")
    assert len(mails(waiting)) == 1
    nothing = at(staff, waiting, "promise").form("/promise")
    del nothing["line_id"]
    refused = staff.post(f"/orders/{waiting}/promise", nothing | {"promised_at": "2027-02-01"})
    assert refused.status == 422
    assert refused.says("say what is to come on another day")
    listed = staff.get("/orders?columns=status,promised&promised_from=2027-01-01")
    assert listed.says("January 15, 2027")
