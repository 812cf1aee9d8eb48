"""The cart's page, and what changes it."""

from local.peers.web import Reply
from local.storefront import kept
from local.storefront.api import Json, Problem, segment
from local.storefront.visit import Visit

MOST = 9_999


def show(visit: Visit) -> Reply:
    return page(visit)


def page(visit: Visit, status: int = 200, problem: Problem | None = None) -> Reply:
    """The cart, with what was refused: how many are left of each product that is short."""
    short = {line["sku"]: line for line in problem.document.get("lines", [])} if problem else {}
    told = problem.document.get("detail", "") if problem and not short else ""
    ways = []
    if visit.cart and visit.cart["lines"]:
        ways = visit.api.form(country=visit.form["shop"]["country"], cart_id=visit.cart["cart_id"])[
            "delivery"
        ]
    return visit.page(
        "cart.html.j2", status, cart=visit.cart, code=visit.kept.code, short=short, told=told, ways=ways
    )


def change(visit: Visit) -> Reply:
    """So many more of a product, or so many in all; without a cart one is begun."""
    sku, mode = visit.posted.get("sku", ""), visit.posted.get("mode", "add")
    units = _number(visit.posted.get("quantity", "1"))
    before = (
        next((one["quantity"] for one in visit.cart["lines"] if one["sku"] == sku), 0) if visit.cart else 0
    )
    wanted = before + units if mode == "add" else units
    try:
        _put(visit, sku, wanted)
    except Problem as problem:
        if problem.status not in (404, 409, 422):
            raise
        return page(visit, problem.status, problem)
    return visit.go(f"/cart?added={segment(sku)}" if mode == "add" else "/cart")


def use_code(visit: Visit) -> Reply:
    """Keep a discount code; the API judges it when the order is priced."""
    visit.set(kept.CODE, visit.posted.get("discount_code", "").strip()[:40])
    return visit.go("/cart")


def _put(visit: Visit, sku: str, quantity: int) -> Json:
    cart = visit.cart
    if cart is None:
        cart = visit.api.call("POST", "/carts", {"locale": visit.language})
        visit.set(kept.CART, cart["cart_id"])
    path = f"/carts/{segment(cart['cart_id'])}/lines/{segment(sku)}"
    return visit.api.call("PUT", path, {"quantity": quantity})


def _number(text: str) -> int:
    return min(int(text), MOST) if text.isdecimal() else 0
