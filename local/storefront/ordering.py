"""The way from the cart to an order: the form, a look at what it costs, and the order itself."""

import time
import uuid

from local.peers.web import Reply
from local.storefront import customer, kept
from local.storefront.addresses import hint_for
from local.storefront.api import Json, Problem, segment
from local.storefront.basket import page as cart_page
from local.storefront.checkout import (
    NOBODYS_TOTAL,
    contact_errors,
    countries,
    field_of,
    is_open,
    needs_address,
    order_body,
)
from local.storefront.visit import Visit

OWN_FIELDS = ("total", "attempt", "edit")  # of the review, beside what was typed
PAUSES = (0.3, 0.6, 1.0, 1.5, 2.0, 3.0)  # seconds, while the same order is under way


def form(visit: Visit) -> Reply:
    """The form, filled with what is known of a customer who confirmed an address before."""
    return _form(visit, customer.filled(customer.profile(visit)), {})


def deliveries(visit: Visit) -> Reply:
    """The ways of delivery to an address while it is being typed, at their price for this cart."""
    asked = {name: visit.query.get(name, "")[:20] for name in ("country", "postal_code")}
    cart_id = visit.cart["cart_id"] if visit.cart else ""
    ways = visit.api.form(**asked, cart_id=cart_id)["delivery"]
    return visit.bare("deliveries.html.j2", 200, ways=ways, values=visit.query, errors={})


def review(visit: Visit) -> Reply:
    """What the order costs, before it is placed; or the form again with what has to be mended."""
    if not visit.cart or not visit.cart["lines"]:
        return visit.go("/cart")
    try:
        _remember_contact(visit, visit.cart["cart_id"])
        placed = _order(visit, NOBODYS_TOTAL, uuid.uuid4().hex)
    except Problem as problem:
        return _refused(visit, problem, "")
    raise AssertionError(f"{placed['number']} was placed at a total that it does not have")


def place(visit: Visit) -> Reply:
    """Place the order at the total that was shown. The key of the page makes a second press harmless."""
    posted = visit.posted
    if "edit" in posted:
        return _form(visit, posted, {})
    total = int(posted["total"]) if posted.get("total", "").isdecimal() else NOBODYS_TOTAL
    try:
        placed = _order(visit, total, posted.get("attempt") or uuid.uuid4().hex)
    except Problem as problem:
        return _refused(visit, problem, "price-changed")
    visit.cookies.append(kept.with_order(visit.kept, placed["order_id"], placed["access_token"]))
    visit.set(kept.CART, "")
    visit.set(kept.CODE, "")
    action = placed.get("payment_action") or {}
    return visit.go(action["url"] if action.get("type") == "redirect" else f"/orders/{placed['order_id']}")


def _remember_contact(visit: Visit, cart_id: str) -> None:
    """A cart that knows whose it is can be finished later, and by the shop on the telephone."""
    contact = {name: visit.posted.get(f"customer.{name}", "").strip() for name in ("email", "name", "phone")}
    try:
        visit.api.call("PUT", f"/carts/{segment(cart_id)}/contact", contact)
    except Problem as problem:
        raise contact_errors(problem) from problem


def _order(visit: Visit, total: int, key: str) -> Json:
    """Ask for the order; while the same one is under way, wait for its answer."""
    cart_id = visit.posted.get("cart_id") or visit.kept.cart
    body = order_body(visit.posted, visit.form, cart_id, visit.language, total)
    api = visit.as_customer(customer.token_for(visit))
    for pause in PAUSES:
        try:
            return api.call("POST", "/orders", body, key=key)
        except Problem as problem:
            if problem.type != "in-progress":
                raise
        time.sleep(pause)
    return api.call("POST", "/orders", body, key=key)


def _refused(visit: Visit, problem: Problem, notice: str) -> Reply:
    """Where the person mends it: the sums looked at anew, the cart, or the form at its field."""
    if problem.type == "price-changed":
        return _review(visit, problem.document["totals"], notice)
    if problem.type == "out-of-stock":
        return cart_page(visit, problem.status, problem)
    if problem.status not in (409, 422):
        raise problem
    errors = {field_of(pointer): detail for pointer, detail in problem.errors().items()}
    if problem.type == "privacy-not-accepted":
        errors = {"accept_privacy": str(problem.document["detail"])}
    own = {name: visit.speech.known(f"error.{name}", detail) for name, detail in errors.items()}
    return _form(
        visit, visit.posted, own, status=problem.status, told=str(problem.document.get("detail", ""))
    )


def _form(visit: Visit, values: Json, errors: dict[str, str], *, status: int = 200, told: str = "") -> Reply:
    if not visit.cart or not visit.cart["lines"]:
        return visit.go("/cart")
    if not is_open(visit.form):
        return visit.page("closed.html.j2", 503)
    given = {"discount_code": visit.kept.code, "shipping_address.country": visit.form["shop"]["country"]}
    return visit.page(
        "checkout.html.j2", status, form=visit.form, values=given | values, errors=errors, told=told,
        ways=visit.form["delivery"], countries=countries(visit.form), cart=visit.cart,
        signed_in=customer.profile(visit) is not None,
    )  # fmt: skip


def _review(visit: Visit, totals: Json, notice: str) -> Reply:
    values = {name: text for name, text in visit.posted.items() if name not in OWN_FIELDS}
    values.setdefault("cart_id", visit.kept.cart)
    methods = {one["code"]: one for one in visit.form["payment_methods"]}
    ways = {one["code"]: one for one in visit.form["delivery"]}
    return visit.page(
        "review.html.j2", 409 if notice else 200, cart=visit.cart, form=visit.form, values=values,
        totals=totals, notice=notice, attempt=uuid.uuid4().hex,
        method=methods.get(values.get("payment_method", "")), way=ways.get(values.get("delivery", "")),
        has_address=needs_address(visit.form, values.get("delivery", "")),
        hint=hint_for(visit.api, values, visit.form),
    )  # fmt: skip
