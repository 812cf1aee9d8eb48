"""The list of orders: filters as bookmarks, views, one click, many at once."""

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.sqs.models import sqs_backends

from comanda import wiring
from comanda.backoffice.bulk.bulking import BulkRuns
from comanda.orders.decision import Decision, Loaded
from comanda.orders.facts import Happened, Origin
from comanda.origin import UNDO_SECONDS
from tests.examples import an_entry
from tests.functional.conftest import Call
from tests.functional.screens.visitor import Forms, Seen, staff_at
from tests.functional.shop import place, set_section, stock_product
from tests.functional.staff import command, show


@pytest.fixture
def orders(call: Call) -> list[dict[str, Any]]:
    """Three orders, all verified; the last one is approved."""
    stock_product(units=50)
    found = [place(call, key=f"key-{n}", purchase_order=f"OC-{n}") for n in range(3)]
    for order in found:
        command(call, order["order_id"], "verify")
    command(call, found[2]["order_id"], "approve")
    return found


def rows(seen: Seen) -> list[str]:
    """The numbers on the page."""
    return re.findall(r'/back-office/orders/[\w-]+">(P-\d+)</a>', seen.text)


@pytest.mark.capability("A13", "D23", "D24")
def test_a_filter_is_a_bookmark(orders: list[dict[str, Any]]) -> None:
    staff = staff_at()
    sent = "label=&q=&created_from=&month=&payment=pending&negate=payment&verified=true"
    canonical = staff.get(f"/orders?{sent}")
    assert canonical.location == "/back-office/orders?not.payment=pending&verified=true"
    assert rows(staff.follow(canonical)) == []
    assert rows(staff.get("/orders?payment=pending&label=to_review")) == [o["number"] for o in orders[1::-1]]
    assert rows(staff.get("/orders?q=OC-1")) == [orders[1]["number"]]
    page = staff.get("/orders?not.payment=paid&channel=web")
    assert page.says("not Payment: paid")
    assert page.says("Channel: web")


def test_a_part_of_the_page_says_what_its_address_is(orders: list[dict[str, Any]]) -> None:
    part = staff_at().get("/orders?payment=pending&q=", hx_request="true", hx_request_type="partial")
    assert part.headers["hx-push-url"] == "/back-office/orders?payment=pending"
    assert "<html" not in part.text
    assert len(rows(part)) == 3


def test_a_filter_that_is_none_is_told_and_nothing_breaks(orders: list[dict[str, Any]]) -> None:
    seen = staff_at().get("/orders?payment=gold")
    assert seen.status == 422
    assert seen.says("Something in the form is not right")


def test_columns_are_chosen_and_stay_in_the_address(orders: list[dict[str, Any]]) -> None:
    staff = staff_at()
    seen = staff.get("/orders?columns=total&columns=payment&columns=x")
    assert seen.location == "/back-office/orders?columns=total%2Cpayment"
    page = staff.follow(seen)
    head = page.text[page.text.index("<thead>") : page.text.index("</thead>")]
    assert [word for word in ("Total", "Payment", "Comment", "Phone") if word in head] == ["Total", "Payment"]


def test_views_are_ones_own_or_everybodys(orders: list[dict[str, Any]]) -> None:
    staff, admin = staff_at(), staff_at("admin")
    page = staff.get("/orders?label=to_review")
    assert staff.submit(page, "/orders/views", name="Mine").location == "/back-office/orders?label=to_review"
    staff.submit(page, "/orders/views", name="Shared by staff", shared="on")
    admin.submit(admin.get("/orders"), "/orders/views", name="Shared by admin", shared="on")
    named = ("Mine", "Shared by staff", "Shared by admin")
    assert [staff.get("/orders").says(name) for name in named] == [True, True, True]
    assert [admin.get("/orders").says(name) for name in ("Mine", "Shared by staff")] == [False, True]
    views = {view.name: view for view in wiring.saved_views().of(_staff("user-staff", "staff"))}
    token = {"_csrf": staff.get("/orders").form("/orders/views")["_csrf"]}
    delete = "/orders/views/{}/delete"
    assert staff.post(delete.format(views["Shared by admin"].view_id), token).status == 403
    assert (
        staff.post(delete.format(views["Mine"].view_id), token | {"_page": "/back-office/orders"}).status
        == 303
    )
    own = {"_csrf": admin.get("/orders").form("/orders/views")["_csrf"]}
    assert admin.post(delete.format(views["Mine"].view_id), own).status == 404  # never seen by others
    assert admin.post(delete.format(views["Shared by staff"].view_id), own).status == 303
    assert [view.name for view in wiring.saved_views().of(_staff("user-staff", "staff"))] == [
        "Shared by admin"
    ]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_without_a_sound_name_is_refused_with_its_field(
    orders: list[dict[str, Any]], name: str
) -> None:
    staff = staff_at()
    seen = staff.submit(staff.get("/orders"), "/orders/views", name=name)
    assert seen.status == 422
    assert seen.says("a name has 1 to 60 characters")
    assert wiring.saved_views().of(_staff("user-staff", "staff")) == []


def test_marking_as_paid_is_one_click_and_undone_by_another(call: Call, orders: list[dict[str, Any]]) -> None:
    staff, order_id = staff_at(), orders[2]["order_id"]
    page = staff.get("/orders?label=pending")
    before = show(call, order_id)
    fields = _act(page) | {"_version": str(before["version"])}
    done = staff.post(f"/orders/{order_id}/now/paid", fields)
    assert done.location == "/back-office/orders?label=pending"
    assert show(call, order_id)["payment"] == "paid"
    after = staff.follow(done)
    assert after.says(f"{orders[2]['number']} is marked as paid.")
    assert after.says("Undo: not paid")
    undone = staff.submit(after, "/undo/paid")
    assert undone.status == 303, undone.text
    again = show(call, order_id)
    for name in ("payment", "label", "stage", "due", "paid", "holds", "lifecycle"):
        assert again[name] == before[name], name
    types = [fact["type"] for fact in again["history"]]
    assert types[-2:] == ["PaymentUnmarked", "StockDeallocated"]
    (receipt,) = [mail for mail in again["conversation"] if mail["event"] == "payment_received"]
    assert receipt["state"] == "done"
    fresh = _act(staff.get("/orders")) | {"_version": str(again["version"])}
    staff.post(f"/orders/{order_id}/now/paid", fresh)
    assert show(call, order_id)["payment"] == "paid"  # and it can be marked again


def test_an_undo_that_comes_too_late_is_refused(call: Call, orders: list[dict[str, Any]]) -> None:
    staff, order_id = staff_at(), orders[2]["order_id"]
    version = show(call, order_id)["version"]
    done = staff.post(f"/orders/{order_id}/now/paid", _act(staff.get("/orders")) | {"_version": str(version)})
    page = staff.follow(done)
    lines = [{"sku": "CAFE-1", "quantity": 2}]
    command(call, order_id, "ship", {"lines": lines, "carrier": "dhl", "tracking_number": "T1"})
    before = show(call, order_id)
    assert staff.submit(page, "/undo/paid").status == 412
    assert show(call, order_id) == before


def test_once_the_customer_is_told_nothing_is_undone(call: Call, orders: list[dict[str, Any]]) -> None:
    staff, order_id = staff_at(), orders[2]["order_id"]
    version = show(call, order_id)["version"]
    done = staff.post(f"/orders/{order_id}/now/paid", _act(staff.get("/orders")) | {"_version": str(version)})
    page = staff.follow(done)
    loaded = wiring.orders().load(order_id)
    assert loaded is not None
    (receipt,) = [one for one in loaded.effects if one.data.get("event") == "payment_received"]
    message = {"detail": {"order_id": order_id, "effect_id": receipt.effect_id}}
    assert _deliver(message) == "wanted"  # not before twenty seconds are over
    (later,) = _put_back()
    assert later == message | {"waits": True}
    with time_machine.travel(wiring.now() + timedelta(seconds=UNDO_SECONDS + 1), tick=False):
        assert _deliver(message) == "done"
        before = show(call, order_id)
        late = staff.submit(page, "/undo/paid")
    assert (late.status, show(call, order_id)) == (409, before)
    assert late.says("That is not possible now")


@pytest.mark.parametrize(
    ("event", "fields", "axis", "value", "caption"),
    [
        ("shipped", {"carrier": "dhl"}, "fulfilment", "shipped", "Undo: not shipped"),
        ("cancelled", {"reason": "customer"}, "lifecycle", "cancelled", "Undo: not cancelled"),
        ("refunded", {"reason": "goodwill"}, "payment", "refunded", "Undo: not refunded"),
    ],
)
def test_an_event_is_said_first_and_the_button_takes_it_back(
    call: Call,
    orders: list[dict[str, Any]],
    event: str,
    fields: dict[str, str],
    axis: str,
    value: str,
    caption: str,
) -> None:
    staff, order_id = staff_at(), orders[2]["order_id"]
    if event != "cancelled":
        command(call, order_id, "mark-paid")
    page = staff.get(f"/orders/{order_id}/now/{event}?back=/back-office/orders?label=pending")
    assert page.says("You can take it back for 20 seconds, until the customer is told.")
    before = show(call, order_id)
    assert page.says("Ana Muñoz")
    done = staff.submit(page, f"/now/{event}", **fields)
    assert done.location == "/back-office/orders?label=pending", done.text
    assert show(call, order_id)[axis] == value
    after = staff.follow(done)
    assert after.says(caption)
    on_its_page = staff.get(f"/orders/{order_id}")
    assert on_its_page.says(caption)
    undone = staff.submit(after, f"/undo/{event}")
    assert undone.location == "/back-office/orders?label=pending", undone.text
    again = show(call, order_id)
    for name in ("lifecycle", "payment", "fulfilment", "label", "due", "paid", "lines", "shipments", "holds"):
        assert again[name] == before[name], name
    assert staff.submit(on_its_page, f"/undo/{event}").status == 412
    assert show(call, order_id) == again


def test_an_order_paid_by_card_ends_for_good(call: Call) -> None:
    stock_product()
    order_id = str(place(call, payment_method="stripe")["order_id"])
    wiring.desk().run(order_id, _opened_attempt, Origin("system", "test", "2026-11-21T18:00:00.000Z"))
    assert staff_at().get(f"/orders/{order_id}/now/cancelled").says("This cannot be undone.")
    assert staff_at().get(f"/orders/{order_id}?do=cancel").says("There is no undo.")


@pytest.mark.capability("C02", "D26")
def test_many_orders_are_named_and_handed_to_a_job(
    call: Call, orders: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    started = _runs(monkeypatch)
    staff, ids = staff_at(), [order["order_id"] for order in orders]
    page = staff.get("/orders")
    said = staff.submit(page, "/orders/bulk", work="ship", id=ids)
    assert said.says("Selected orders: 3.")
    refused = staff.submit(said, "/orders/bulk/run", id=ids, carrier="")
    assert refused.status == 422
    assert started == []
    done = staff.submit(said, "/orders/bulk/run", id=ids, carrier="dhl")
    job = wiring.bulking().jobs.get(done.location.rpartition("/")[2])
    assert (job.action, job.actor, job.params["carrier"]) == ("ship", "staff:user-staff", "dhl")
    assert started == [job.job_id]
    again = staff.post("/orders/bulk/run", said.form("/orders/bulk/run") | {"id": ids, "carrier": "dhl"})
    assert again.location == done.location
    assert staff.follow(done).says("The job goes on when you leave this page.")
    assert staff.get("/jobs").says("being prepared")


def test_all_that_fit_a_choice_are_counted_and_handed_on(
    orders: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _runs(monkeypatch)
    staff = staff_at()
    page = staff.get("/orders?label=to_review")
    said = staff.submit(page, "/orders/bulk", work="approve", all="1")
    assert said.says("All orders that fit the list's choice: 2.")
    done = staff.submit(said, "/orders/bulk/run")
    assert wiring.bulking().jobs.get(done.location.rpartition("/")[2]).filter == {"label": ["to_review"]}


def test_nothing_selected_is_told_on_the_list(orders: list[dict[str, Any]]) -> None:
    staff = staff_at()
    seen = staff.submit(staff.get("/orders"), "/orders/bulk", work="paid")
    assert seen.status == 422
    assert seen.says("select at least one order")
    assert len(rows(seen)) == 3


@pytest.mark.parametrize("field", ["comment", "purchase_order", "name", "company"])
def test_what_people_write_is_never_markup(call: Call, field: str) -> None:
    stock_product()
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    customer = {"email": "ana@example.com", "name": "Ana"}
    own = (
        {"customer": customer | {field: evil}}
        if field in ("name", "company")
        else {field: evil, "customer": customer}
    )
    order_id = place(call, **own)["order_id"]
    staff = staff_at()
    for address in ("/orders", f"/orders/{order_id}", f"/orders/{order_id}/now/cancelled"):
        text = staff.get(address).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert evil in unescape(staff.get("/orders").text)


def test_the_first_page_is_small(call: Call, orders: list[dict[str, Any]]) -> None:
    """Everything that a browser loads for the list, packed: under 150 KB."""
    from base64 import b64decode

    from comanda.screens.house import assets
    from functions.back_office.app import lambda_handler
    from tests.functional.conftest import http_event

    stock_product(units=500)
    set_section("limits", per_address=1_000, per_email=1_000)
    for n in range(47):
        place(call, key=f"more-{n}", lines=[{"sku": "CAFE-1", "quantity": 1}], payment_method="request")
    cookies = "; ".join(f"{name}={value}" for name, value in staff_at().cookies.items())
    event = http_event("GET", "/back-office/orders", headers={"cookie": cookies, "accept-encoding": "gzip"})
    answer = lambda_handler(event, None)
    whole = len(b64decode(answer["body"]))
    for name in ("house.css", "house.js", "htmx.min.js", "mark.svg"):
        found = assets.asset(name)
        assert found is not None
        whole += len(found.packed)
    assert whole < 60_000


def _opened_attempt(loaded: Loaded) -> Decision:
    entry = an_entry("intent", loaded.order.totals.total, "pending")
    return Decision(facts=(Happened("PaymentStarted", {"entry": entry.to_dict()}),))


def _act(page: Seen) -> dict[str, str]:
    """The fields of the form that the rows' one-click buttons send."""
    found = Forms()
    found.feed(page.text)
    return next(
        fields for where, fields in found.forms if where == "/back-office/orders" and "_csrf" in fields
    )


def _staff(sub: str, role: str) -> Any:
    from comanda.backoffice.staff import Staff

    return Staff(sub, frozenset({role}))


def _runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No state machine runs here: what would be started, and lives ever after."""
    started: list[str] = []

    monkeypatch.setattr(BulkRuns, "start", lambda runs, job_id, run: started.append(job_id))
    monkeypatch.setattr(BulkRuns, "lives", lambda runs, job_id, run: True)
    return started


def _deliver(message: dict[str, Any]) -> str:
    """Hand a wanted mail to its function; answers the effect's state afterwards."""
    from functions.send_mail.app import lambda_handler

    record = {"messageId": "m", "body": json.dumps(message), "attributes": {}}
    assert lambda_handler({"Records": [record]}, None) == {"batchItemFailures": []}
    wanted = message["detail"]
    found = wiring.outbox().find(wanted["order_id"], wanted["effect_id"])
    return found.state if found else ""


def _put_back() -> list[dict[str, Any]]:
    """What lies in the queue of mails, and whether it is kept back."""
    queue = sqs_backends[ACCOUNT]["us-east-1"].queues["MAIL_QUEUE"]
    return [json.loads(one.body) | {"waits": one.delayed} for one in queue._messages]


def test_days_that_are_asked_for_most_are_one_button_and_keep_the_rest(orders: list[dict[str, Any]]) -> None:
    staff, today = staff_at(), datetime.now(ZoneInfo("America/Mexico_City")).date()
    assert ">Yesterday</button>" in staff.get("/orders").text
    for code, first, last in (("today", 0, 0), ("yesterday", 1, 1), ("7", 6, 0), ("30", 29, 0)):
        sent = staff.get(f"/orders?payment=pending&created_from=2026-01-01&created_to=&period={code}")
        ends = (today - timedelta(days=first), today - timedelta(days=last))
        assert sent.location.endswith(f"/orders?payment=pending&created_from={ends[0]}&created_to={ends[1]}")
    assert staff.get("/orders?payment=pending&period=nothing").location.endswith("/orders?payment=pending")
    assert staff.get("/orders?created_from=2026-01-01").says("From: 1 Jan 2026")


def test_what_warns_of_nothing_says_nothing(call: Call) -> None:
    """A catalogue's own head is what it has for an empty text."""
    stock_product()
    order = place(call)["order_id"]
    for name in ("verify", "approve"):
        assert command(call, order, name).status == 200
    page = staff_at(language="es").get(f"/orders/{order}/now/paid")
    assert page.says("Marcar pagado")
    assert not page.says("Project-Id-Version")
