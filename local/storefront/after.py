"""The page of an order: where it stands, how to pay it now, by what else, and the mail to confirm."""

from local.peers.web import Reply
from local.storefront import kept
from local.storefront.api import Api, Json, Problem
from local.storefront.checkout import fitting, needs_address
from local.storefront.visit import Visit

UNPAID = ("pending", "failed", "voided", "partially_paid")
# What is still to change once the provider says so, by how the customer came back: a card that was taken
# may follow a declined one; who approved a payment on the provider's page may still be declined.
AWAITED = {"succeeded": UNPAID, "returned": ("pending",)}
MOVED = (
    "delivered", "partially_delivered", "failed_delivery", "shipped", "partially_shipped", "ready_for_pickup",
)  # fmt: skip
OVER = ("cancelled", "expired", "closed")
# Methods that cannot be moved to after the order was placed.
NOT_AGAIN = ("request", "store_credit")


def show(visit: Visit) -> Reply:
    """The order. A token in the address moves into a cookie: of a link, or of who comes back from paying."""
    order_id, told = visit.request.path_values["order"], visit.query
    if token := told.get("access") or told.get("token"):
        visit.cookies.append(kept.with_order(visit.kept, order_id, token))
        paid = "PayerID" in told or told.get("status") == "approved"
        outcome = told.get("redirect_status", "returned" if paid else "")
        known = outcome if outcome in AWAITED else ""
        return visit.go(f"/orders/{order_id}{f'?redirect_status={known}' if known else ''}")
    return page(visit)


def page(visit: Visit, status: int = 200, problem: Problem | None = None, *, sent: bool = False) -> Reply:
    api = _as_owner(visit)
    if api is None:
        return visit.page("missing.html.j2", 404)
    order = api.call("GET", f"/orders/{visit.request.path_values['order']}")
    outcome = visit.query.get("redirect_status", "")
    waits = order["payment"] in AWAITED.get(outcome, ())
    methods = visit.form["payment_methods"]
    chosen = next((one for one in methods if one["code"] == order["payment_method"]), None)
    return visit.page(
        "order.html.j2", status, order=order, outcome=outcome, waits=waits, method=chosen,
        others=[] if waits else _others(visit.form, order), state=state_of(order, waits=waits),
        action=None if waits else order.get("payment_action"), problem=problem, sent=sent,
    )  # fmt: skip


def pay(visit: Visit) -> Reply:
    """Pay again, or by another method: to the provider's page, or back here to the form."""
    api = _as_owner(visit)
    if api is None:
        return visit.page("missing.html.j2", 404)
    order_id = visit.request.path_values["order"]
    body = {"payment_method": visit.posted.get("payment_method", "")}
    try:
        told = api.call("POST", f"/orders/{order_id}/payments", body, key=visit.posted.get("attempt", ""))
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return page(visit, problem.status, problem)
    action = told.get("payment_action") or {}
    return visit.go(action["url"] if action.get("type") == "redirect" else f"/orders/{order_id}#pay")


def resend(visit: Visit) -> Reply:
    """The mail that confirms the address, once more."""
    api = _as_owner(visit)
    if api is None:
        return visit.page("missing.html.j2", 404)
    try:
        api.call("POST", f"/orders/{visit.request.path_values['order']}/resend-verification", {})
    except Problem as problem:
        if problem.status not in (409, 422):
            raise
        return page(visit, problem.status, problem)
    return page(visit, sent=True)


def state_of(order: Json, *, waits: bool = False) -> str:
    """What the first sentence says: the most important thing that holds of an order."""
    if order["lifecycle"] in ("cancelled", "expired"):
        return "cancelled"
    if order["payment"] in ("refunded", "partially_refunded"):
        return "refunded"
    if order["fulfilment"] in MOVED:
        return str(order["fulfilment"])
    if waits:
        return "confirming"
    if order["payment"] == "failed":
        return "failed"
    if order["payment"] == "authorized" and order["verified"]:
        return "authorized"
    if order["payment"] in ("paid", "overpaid", "authorized"):
        return "paid" if order["verified"] else "paid_unverified"
    if order["lifecycle"] == "awaiting_verification":
        return "unverified"
    return "requested" if order["payment_method"] == "request" else "unpaid"


def _others(form: Json, order: Json) -> list[Json]:
    """How else what is due can be paid; also the same way again, once its attempt leads nowhere."""
    if order["payment"] not in UNPAID or order["lifecycle"] in OVER or not order["due"]["amount"]:
        return []
    begun = order["payment_method"] if order.get("payment_action") else ""
    collected = not needs_address(form, order["delivery"])
    fit = fitting(form["payment_methods"], order["due"]["amount"], collected=collected)
    return [one for one in fit if one["code"] not in (begun, *NOT_AGAIN)]


def _as_owner(visit: Visit) -> Api | None:
    """The API for who placed the order here; None where this browser did not."""
    token = visit.kept.orders.get(visit.request.path_values["order"])
    return visit.as_customer(token) if token else None
