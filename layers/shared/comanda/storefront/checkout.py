"""A placed order as the storefront meets it: who is asking, whether it was asked before, how to pay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from comanda.carts.hand_over import Handover
from comanda.customers.model import Customer
from comanda.customers.wallet import Account, Wallet
from comanda.dynamo.transaction import AlreadyDone, RevisionMoved
from comanda.errors import Busy, Invalid, PriceChanged, Problem, ProviderUnavailable, Unauthenticated
from comanda.idempotency.store import Earlier, Request
from comanda.links.keys import Keys
from comanda.orders.facts import Origin
from comanda.orders.model import Offer, Order
from comanda.orders.place import Counter, place_order
from comanda.orders.request import Buyer, OrderRequest, Shelf
from comanda.orders.vocabulary import Method
from comanda.orders.wire import OrderBody, placed_answer, totals_problem
from comanda.runtime.limits import Rate
from comanda.runtime.requests import bearer, cookie, request_id, source_address
from comanda.settings.sections import PaymentMethod
from comanda.storefront.funds import funds_of
from comanda.times import stamp

ATTEMPTS = 5
FIRST_TOKEN = 1  # the version of the token that an order is placed with


class Reader(Protocol):
    def read(
        self, skus: Any, method: Method, email: str, key: Request, code: str, buyer: Buyer, rate: Rate | None
    ) -> tuple[Shelf, Earlier | None]: ...


class Pay(Protocol):
    """How the customer pays: started now if it can be, else absent."""

    def action(self, order: Order, rules: PaymentMethod | None = None) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Checkout:
    """The outside of the checkout; see wiring."""

    counter: Counter
    reader: Reader
    pay: Pay
    keys: Callable[[], Keys]
    public_url: str
    now: Callable[[], datetime]
    rate_of_address: Callable[[str, str, datetime], Rate]
    rate_of_email: Callable[[str, str, datetime], Rate]
    customer: Callable[[str], Customer | None]
    hand_over: Callable[[str], Handover]
    wallet: Callable[[Account], Wallet]


@dataclass(frozen=True, slots=True)
class Rates:
    """The counters of a try with a cart: of orders under its e-mail, of refusals to whoever calls."""

    placed: Rate | None = None
    refused: Rate | None = None

    def counted(self) -> tuple[Callable[[Any], None], ...]:
        return (self.placed.counted,) if self.placed else ()


@dataclass(frozen=True, slots=True)
class Placed:
    body: dict[str, Any]
    replayed: bool = False


def place(body: OrderBody, event: dict[str, Any], key: str, at: Checkout) -> Placed:
    """Place an order or answer as the first time. Raises what `place_order` raises, and RateLimited.

    Every try counts for the caller's address and its e-mail. A cart was counted when it was begun: with one
    only what is placed counts for the e-mail, in the order's own transaction, and what is refused for the
    address.
    """
    now = at.now()
    origin = Origin("customer", f"request:{request_id(event)}", stamp(now))
    signed_in = _signed_in(event, body, at)
    scope = f"place#{signed_in.customer_id if signed_in else 'guest'}"
    request = Request.of(scope, key, body.model_dump(mode="json", exclude_none=True))
    asked = asked_for(body, at)
    email = signed_in.email if signed_in else str(asked.contact.get("email", ""))
    tries = at.rate_of_address("place", source_address(event), now)
    letters = at.rate_of_email("place", email, now) if email else None
    rates = Rates(letters, tries) if body.cart_id else Rates()
    if not body.cart_id:
        tries.count()
        if letters:
            letters.count()
    try:
        return _place(body, event, asked, signed_in, request, origin, at, rates)
    except Problem:  # perhaps for what the same request has just done: the last unit, the credit
        earlier = at.counter.keys_seen.earlier(request)
        if earlier is None:
            if rates.refused:
                rates.refused.count()
            raise
        return _again(earlier, at)


def _place(
    body: OrderBody,
    event: dict[str, Any],
    asked: OrderRequest,
    signed_in: Customer | None,
    request: Request,
    origin: Origin,
    at: Checkout,
    rates: Rates,
) -> Placed:
    email = "" if signed_in else str(asked.contact.get("email", ""))
    buyer = Buyer(known=True, group=signed_in.group) if signed_in else Buyer()
    for _ in range(ATTEMPTS):
        skus = [sku for sku, _ in asked.lines]
        shelf, earlier = at.reader.read(
            skus, asked.method, email, request, asked.discount_code, buyer, rates.refused
        )
        if earlier:
            return _again(earlier, at)
        if not shelf.payment.enabled:
            raise Invalid.at("/payment_method", "this way to pay is not offered")
        funds = funds_of(body, signed_in, at.wallet, shelf.shop.currency)
        try:
            asking = replace(asked, funds=funds, also=(*asked.also, *rates.counted()))
            order = place_order(asking, shelf, signed_in, request, origin, at.counter)
        except (AlreadyDone, RevisionMoved):
            # The key or the credit was used, the address registered, the customer merged or the cart
            # changed, a moment ago.
            asked = asked_for(body, at)
            signed_in = _signed_in(event, body, at) if signed_in else None
            continue
        except PriceChanged as changed:
            raise totals_problem(changed, shelf.shop.currency) from changed
        shipping = asked.shipping or (signed_in.address if signed_in else {})
        return Placed(answer_of(order, at, shelf.payment) | address_doubts(order, shipping))
    raise Busy("the same order is being placed several times at once")


def _again(earlier: Earlier, at: Checkout) -> Placed:
    """With the token of the first time. Once the order belongs to another customer it opens nothing, and
    there is nothing to pay for whoever placed it."""
    loaded = at.counter.desk.load(earlier.order_id)
    order = loaded.order
    if order.token_version > FIRST_TOKEN:
        return Placed(_told(replace(order, token_version=FIRST_TOKEN), at), replayed=True)
    doubts = address_doubts(order, loaded.text("shipping") or {})
    return Placed(answer_of(order, at) | doubts, replayed=True)


def address_doubts(order: Order, shipping: dict[str, Any]) -> dict[str, Any]:
    """What was odd about the address when the order was placed, for the storefront to ask about; the order
    stands all the same."""
    if not any(warning.startswith("address-") for warning in order.warnings):
        return {}
    from comanda.customers.addresses.check import check_address

    return {"address_check": check_address(shipping).to_dict()}


def answer_of(order: Order, at: Checkout, rules: PaymentMethod | None = None) -> dict[str, Any]:
    """The answer, with the way to pay when the provider could be reached."""
    body = _told(order, at)
    try:
        action = at.pay.action(order, rules)
    except ProviderUnavailable:
        action = None
    return body | ({"payment_action": action} if action else {})


def _told(order: Order, at: Checkout) -> dict[str, Any]:
    token = at.keys().access(order.order_id, order.token_version)
    return placed_answer(order, token, f"{at.public_url}/orders/{order.order_id}?token={token}")


def _signed_in(event: dict[str, Any], body: OrderBody, at: Checkout) -> Customer | None:
    """The verified customer of the bearer token; one who writes another address is a guest."""
    token = bearer(event, required=False)
    customer = at.customer(token or cookie(event, "customer"))
    if customer is None or not customer.verified:
        if token:
            raise Unauthenticated("the customer token is not valid any more")
        return None
    given = body.customer.email if body.customer else ""
    return customer if not given or customer.confirmed(given) else None


def asked_for(body: OrderBody, at: Checkout) -> OrderRequest:
    """The request in our own terms. Raises Invalid unless there is exactly one of cart and lines."""
    if bool(body.cart_id) == bool(body.lines):
        raise Invalid.at("/lines", "send either cart_id or lines")
    cart = at.hand_over(body.cart_id) if body.cart_id else None
    lines = cart.lines if cart else tuple((line.sku, line.quantity) for line in body.lines or [])
    contact = body.customer.model_dump(exclude_none=True) if body.customer else {}
    return OrderRequest(
        offer=_offer(body, at) if body.delivery_quote else None,
        lines=lines,
        method=body.payment_method,
        delivery=body.delivery,
        delivery_slot=body.delivery_slot or "",
        locale=body.locale,
        accept_privacy=body.accept_privacy,
        contact=(cart.contact if cart else {}) | {name: value for name, value in contact.items() if value},
        shipping=body.shipping_address.model_dump(exclude_none=True) if body.shipping_address else {},
        billing=body.billing_address.model_dump(exclude_none=True) if body.billing_address else {},
        fields={name: value for name, value in body.fields.items() if value is not None},
        comment=body.comment or "",
        purchase_order=body.purchase_order or "",
        discount_code=body.discount_code or "",
        expected_total=body.expected_total.amount if body.expected_total else None,
        expected_currency=body.expected_total.currency if body.expected_total else "",
        also=(cart.end,) if cart else (),
        freed=cart.freed if cart else (),
    )


def _offer(body: OrderBody, at: Checkout) -> Offer:
    """The price of a carrier that the customer was promised. No carrier is asked for it again."""
    from comanda.storefront.delivery_offers import offered

    return offered(body.delivery_quote or "", body.delivery, at.now(), at.keys())
