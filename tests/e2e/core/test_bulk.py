"""Many orders at once: looked at first, over a filter, stopped and gone on with, once each; and labels."""

import secrets
from typing import Any

import pytest

from local.demo.outside import eventually, fresh_key
from tests.e2e.core.merchant import Merchant, pointers, problem
from tests.e2e.shop import Order

pytestmark = pytest.mark.e2e

PATIENCE = 90


def ask(merchant: Merchant, action: str, key: dict[str, str] | None = None, **wish: Any) -> str:
    body = {"action": action, "params": {}} | wish
    answer = merchant.staff.call("POST", "/admin/bulk", body, status=202, headers=key or fresh_key())
    return str(answer.body["job_id"])


def job_of(merchant: Merchant, job_id: str, *states: str) -> dict[str, Any]:
    """The job once it is in one of these states."""

    def look() -> dict[str, Any] | None:
        job: dict[str, Any] = merchant.staff.get(f"/admin/jobs/{job_id}")
        return job if job["state"] in states else None

    found = eventually(look, " or ".join(states), job_id, PATIENCE)
    assert found is not None
    return found


def tagged(merchant: Merchant, count: int) -> tuple[str, str, list[Order]]:
    """A product, a tag, and that many approved orders that wait for a transfer."""
    cup, tag = merchant.product(), f"t{secrets.token_hex(4)}"
    orders = [merchant.ready((cup, 1)) for _ in range(count)]
    for order in orders:
        merchant.does(order, "tag", {"add": [tag]})
    eventually(
        lambda: len(merchant.staff.get(f"/admin/orders?tag={tag}")["items"]) == count, "all listed", tag
    )
    return cup, tag, orders


@pytest.mark.capability("D26", "C02", "G10", "C29")
def test_transfers_are_booked_over_a_filter_that_was_looked_at_first(merchant: Merchant) -> None:
    cup, tag, orders = tagged(merchant, 4)
    merchant.does(orders[0], "cancel", {"reason": "customer"})
    unpaid = {"tag": tag, "not.payment": "paid", "not.lifecycle": "cancelled"}
    wish = {"filter": unpaid, "params": {"reference": "Estado de cuenta 11/22"}}
    with merchant.untouched(*orders[1:], besides="jobs"):
        seen = job_of(merchant, ask(merchant, "mark-paid", **wish, preview=True), "completed")
    assert [each["outcome"] for each in seen["results"]] == ["would_change"] * 3
    key = fresh_key()
    job_id = ask(merchant, "mark-paid", key, **wish)
    assert ask(merchant, "mark-paid", key, **wish) == job_id
    other = {"action": "approve", "filter": unpaid, "params": {}}
    answer = merchant.staff.send("POST", "/admin/bulk", other, headers=key)
    assert problem(answer)[:2] == (422, "idempotency-key-reused")
    job = job_of(merchant, job_id, "completed")
    assert (job["total"], job["done"], job["failed"]) == (3, 3, 0)
    assert {each["order_id"] for each in job["results"]} == {order.id for order in orders[1:]}
    for order in orders[1:]:
        seen = merchant.seen(order)
        captured = [entry["reference"] for entry in seen["ledger"] if entry["kind"] == "capture"]
        assert (seen["payment"], captured) == ("paid", ["Estado de cuenta 11/22"])
    assert merchant.seen(orders[0])["payment"] == "voided"
    rows = [
        {"order_id": order.id, "sku": cup, "quantity": 1, "tracking_number": f"JD{order.number[-4:]}"}
        for order in orders
    ]
    shipping = ask(merchant, "ship", params={"carrier": "dhl", "rows": rows})
    job = job_of(merchant, shipping, "completed")
    assert (job["done"], job["failed"]) == (3, 1)
    (failed,) = merchant.staff.get(f"/admin/jobs/{shipping}?failed=true")["results"]
    told = (failed["order_id"], failed["outcome"], failed["problem"]["type"], failed["problem"]["guard"])
    assert told == (orders[0].id, "refused", "wrong-state", "order-ended")
    assert merchant.level(cup)["on_hand"] == 17


@pytest.mark.capability("G10", "C02")
def test_a_job_is_stopped_and_gone_on_with_and_changes_each_order_once(merchant: Merchant) -> None:
    cup, _, orders = tagged(merchant, 6)
    ids = [order.id for order in orders]
    job_id = ask(merchant, "cancel", ids=[*ids, ids[0], "gibtsnicht"], params={"reason": "out_of_stock"})
    merchant.staff.call("POST", f"/admin/jobs/{job_id}/cancel", {})
    stopped = job_of(merchant, job_id, "cancelled")
    assert stopped["done"] < len(ids)
    merchant.staff.call("POST", f"/admin/jobs/{job_id}/resume", {})
    job = job_of(merchant, job_id, "completed")
    assert (job["total"], job["done"], job["failed"]) == (7, 6, 1)
    assert [each["problem"]["type"] for each in job["results"] if each["outcome"] == "refused"] == [
        "not-found"
    ]
    assert merchant.level(cup)["available"] == 20
    for order in orders:
        facts = merchant.facts(order)
        assert (facts.count("OrderCancelled"), order.view()["lifecycle"]) == (1, "cancelled")
    eventually(
        lambda: [merchant.mailed(order).count("order_cancelled") for order in orders] == [1] * 6,
        "one mail each",
        job_id,
    )


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"action": "explode", "ids": ["x"]}, "/action"),
        ({"action": "approve"}, "/ids"),
        ({"action": "approve", "ids": ["x"], "filter": {"tag": "y"}}, "/ids"),
        ({"action": "approve", "filter": {"colour": "red"}}, "/filter/colour"),
        ({"action": "cancel", "ids": ["x"], "params": {}}, "/params/reason"),
    ],
)
def test_a_job_that_makes_no_sense_is_not_begun(
    merchant: Merchant, wish: dict[str, Any], pointer: str
) -> None:
    before = merchant.staff.get("/admin/jobs?limit=1")["items"][:1]
    answer = merchant.staff.send("POST", "/admin/bulk", wish, headers=fresh_key())
    assert (problem(answer)[:2], pointers(answer)) == ((422, "invalid"), [pointer])
    assert merchant.staff.get("/admin/jobs?limit=1")["items"][:1] == before


@pytest.mark.capability("A14", "E05", "C06")
def test_labels_are_set_by_the_commands_that_lead_to_them(merchant: Merchant) -> None:
    words = merchant.staff.get("/admin/labels?locale=es")
    assert "tramitado" in str(words)
    cup = merchant.product()
    order = merchant.place(lines=[{"sku": cup, "quantity": 1}], payment_method="request")
    merchant.does(order, "verify")
    assert merchant.seen(order)["label"] == "to_review"
    for label, commands in (
        ("processed", ["approve"]),
        ("error", ["hold"]),
        ("processed", ["release-hold"]),
        ("to_review", ["hold"]),
    ):
        told = merchant.does(order, "label", {"label": label})
        assert (told["result"]["commands"], merchant.seen(order)["label"]) == (commands, label)
    with merchant.untouched(order, cup):
        for label, guard in (
            ("to_review", "label-already"),
            ("shipped", "label-needs-parcel"),
            ("delivered", "label-comes-by-itself"),
        ):
            refused = merchant.refused(order, "label", {"label": label})
            assert refused == (409, "wrong-state", guard)
        unknown = merchant.try_to(order, "label", {"label": "perdido"})
        assert (problem(unknown)[:2], pointers(unknown)) == ((422, "invalid"), ["/label"])
