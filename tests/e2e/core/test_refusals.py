"""What is refused and why, and that nothing is changed by it: states, versions, keys, roles, checkout."""

from typing import Any

import pytest

from local.demo.outside import Api, fresh_key
from local.demo.staff import Staff, sign_in
from tests.e2e.core.merchant import Merchant, mxn, pointers, problem
from tests.e2e.shop import Order

pytestmark = pytest.mark.e2e

type Step = tuple[str, dict[str, Any]]

VERIFY, APPROVE, PAY = ("verify", {}), ("approve", {}), ("mark-paid", {"reference": "SPEI 1"})
CANCEL = ("cancel", {"reason": "customer"})
STATES: dict[str, tuple[Step, ...]] = {
    "not verified": (),
    "to review": (VERIFY,),
    "approved": (VERIFY, APPROVE),
    "paid": (VERIFY, APPROVE, PAY),
    "held": (VERIFY, APPROVE, PAY, ("hold", {"reason": "fraud"})),
    "cancelled": (VERIFY, APPROVE, CANCEL),
}
GUARDED = {
    "not verified": "approve awaiting-verification, ship not-approved, refund nothing-to-refund, "
    "retry nothing-failed, place not-a-draft, quote not-a-draft, discard not-a-draft",
    "to review": "verify already-verified, ship not-approved, refund nothing-to-refund",
    "approved": "approve already-approved, reject already-approved, ship not-paid",
    "paid": "approve already-approved, reject already-approved, verify already-verified, "
    "place not-a-draft, discard not-a-draft",
    "held": "ship on-hold, retry nothing-failed",
    "cancelled": "approve order-ended, reject order-ended, ship order-ended, cancel order-ended, "
    "hold order-ended, edits order-ended, refund nothing-to-refund",
}


def bodies(sku: str) -> dict[str, dict[str, Any]]:
    """A body for each command that would be taken in another state."""
    return {
        "reject": {"reason": "no"},
        "ship": {"lines": [{"sku": sku, "quantity": 1}], "carrier": "dhl", "tracking_number": "JD1"},
        "refund": {"reason": "goodwill", "execute": True},
        "cancel": {"reason": "customer"},
        "hold": {"reason": "fraud"},
        "edits": {"actions": [{"type": "quantity", "sku": sku, "quantity": 1}]},
        "quote": {"expires_at": "2030-01-01T00:00:00Z"},
    }


def brought(merchant: Merchant, sku: str, state: str) -> Order:
    order = merchant.place(lines=[{"sku": sku, "quantity": 2}], payment_method="bank_transfer")
    for command, body in STATES[state]:
        merchant.does(order, command, body)
    return order


@pytest.mark.capability("F13", "F01", "F02", "F12")
@pytest.mark.parametrize("state", STATES)
def test_a_wrong_transition_is_refused_by_name_and_changes_nothing(merchant: Merchant, state: str) -> None:
    sku = merchant.product()
    order = brought(merchant, sku, state)
    with merchant.untouched(order, sku):
        version = merchant.seen(order)["version"]
        for pair in GUARDED[state].split(", "):
            command, guard = pair.split()
            answer = merchant.try_to(order, command, bodies(sku).get(command, {}), version)
            assert (command, problem(answer)) == (command, (409, "wrong-state", guard))
            assert len(answer.body["detail"]) > 10


@pytest.mark.capability("F13", "F09")
def test_versions_and_keys_are_asked_for_and_a_wrong_one_is_refused(merchant: Merchant) -> None:
    sku = merchant.product()
    order = brought(merchant, sku, "approved")
    path, version = f"/admin/orders/{order.id}", merchant.seen(order)["version"]
    etag = merchant.staff.call("GET", path).headers["etag"]
    assert etag == f'"{version}"'
    body = {"amount": mxn(1_000), "reference": "SPEI 2"}
    with merchant.untouched(order, sku):
        for headers, told in (
            (fresh_key(), (428, "if-match-missing")),
            ({"If-Match": etag}, (400, "idempotency-key-missing")),
            ({"If-Match": "newest"} | fresh_key(), (400, "malformed")),
            ({"If-Match": etag, "Idempotency-Key": "x" * 201}, (400, "malformed")),
            ({"If-Match": f'"{version - 1}"'} | fresh_key(), (412, "stale")),
            ({"If-Match": f'"{version + 1}"'} | fresh_key(), (412, "stale")),
        ):
            answer = merchant.staff.send("POST", f"{path}/mark-paid", body, headers=headers)
            assert problem(answer)[:2] == told
    key = {"If-Match": etag} | fresh_key()
    first = merchant.staff.call("POST", f"{path}/mark-paid", body, headers=key)
    with merchant.untouched(order, sku):
        again = merchant.staff.call("POST", f"{path}/mark-paid", body, headers=key)
        assert again.headers["idempotent-replay"] == "true"
        assert (again.body["result"], again.body["version"]) == (first.body["result"], first.body["version"])
        for changed in (body | {"reference": "SPEI 3"}, body | {"amount": mxn(1_001)}):
            other = merchant.staff.send("POST", f"{path}/mark-paid", changed, headers=key)
            assert problem(other)[:2] == (422, "idempotency-key-reused")
    assert merchant.seen(order)["paid"] == mxn(1_000)
    assert merchant.seen(order)["payment"] == "partially_paid"


@pytest.mark.capability("F09")
def test_an_order_is_placed_once_under_its_key(merchant: Merchant) -> None:
    sku, key = merchant.product(), fresh_key()
    body = merchant.request(lines=[{"sku": sku, "quantity": 2}], payment_method="request")
    first = merchant.api.call("POST", "/orders", body, status=201, headers=key)
    order = merchant.order_of(first, body)
    with merchant.untouched(order, sku):
        again = merchant.api.call("POST", "/orders", body, status=201, headers=key)
        assert (again.body, again.headers["idempotent-replay"]) == (first.body, "true")
        other = merchant.api.send("POST", "/orders", body | {"comment": "otro"}, headers=key)
        assert problem(other)[:2] == (422, "idempotency-key-reused")
        assert problem(merchant.api.send("POST", "/orders", body))[:2] == (400, "idempotency-key-missing")
    assert merchant.level(sku)["reserved"] == 2


@pytest.mark.capability("D01", "G01", "A05")
def test_a_checkout_that_cannot_be_names_why_and_takes_nothing(merchant: Merchant) -> None:
    sku, gone = merchant.product(stock=3), merchant.product()
    merchant.import_products({"sku": gone, "on_sale": "no"})
    pair = [{"sku": sku, "quantity": 2}, {"sku": sku, "quantity": 2}]
    with merchant.untouched(sku, gone):

        def refused(**changes: Any) -> Any:
            body = merchant.request(lines=[{"sku": sku, "quantity": 1}]) | changes
            answer = merchant.api.send("POST", "/orders", body, headers=fresh_key())
            return problem(answer)[:2], answer

        told, answer = refused(lines=pair)
        assert told == (409, "out-of-stock")
        assert answer.body["lines"] == [{"sku": sku, "requested": 4, "available": 3}]
        told, answer = refused(expected_total=mxn(1))
        assert told == (409, "price-changed")
        assert answer.body["totals"]["total"] == mxn(17_900)
        assert refused(accept_privacy=False)[0] == (422, "privacy-not-accepted")
        for changes, where in (
            ({"lines": [{"sku": gone, "quantity": 1}]}, "/lines/0/sku"),
            ({"lines": [{"sku": sku, "quantity": 0}]}, "/lines/0/quantity"),
            ({"lines": []}, "/lines"),
            ({"delivery": "dron"}, "/delivery"),
            ({"payment_method": "bitcoin"}, "/payment_method"),
            ({"payment_method": "store_credit"}, "/payment_method"),
            ({"discount_code": "NO-HAY"}, "/discount_code"),
            ({"customer": {"email": "nadie", "name": "N"}}, "/customer/email"),
            ({"colour": "red"}, "/colour"),
        ):
            told, answer = refused(**changes)
            assert (told, where in pointers(answer)) == ((422, "invalid"), True), answer.text
        torn = merchant.api.send("POST", "/orders", b'{"lines": [', headers=fresh_key())
        assert problem(torn)[:2] == (400, "malformed")


@pytest.mark.capability("D42", "F20")
def test_whoever_may_not_is_told_so_and_learns_nothing(merchant: Merchant) -> None:
    sku = merchant.product()
    order = brought(merchant, sku, "to review")
    path = f"/admin/orders/{order.id}"
    url, body = merchant.stack["api_url"], {"If-Match": '"1"'} | fresh_key()
    picker = Staff(url, sign_in(merchant.stack, "picker"))
    with merchant.untouched(order, sku):
        for stranger in (Api(url), Api(url, "not.a.token"), Api(url, order.placed["access_token"])):
            assert stranger.send("POST", f"{path}/approve", {}, headers=body).status == 401
        picked = picker.send("POST", f"{path}/approve", {}, headers=body)
        assert problem(picked)[:2] == (403, "forbidden")
        missing = merchant.staff.send("POST", "/admin/orders/gibtsnicht/approve", {}, headers=body)
        assert problem(missing)[:2] == (404, "not-found")
        for token in ("", "wrong", merchant.place(payment_method="request").placed["access_token"]):
            assert problem(Api(url, token).send("GET", f"/orders/{order.id}"))[:2] == (404, "not-found")
        for wrong in ({"token": "x" * 32}, {"token": ""}):
            answer = merchant.api.send("POST", "/verify-email", wrong)
            assert problem(answer)[0] in (404, 422)
