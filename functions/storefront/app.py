"""GET /products, GET /checkout/form and /carts — what a shop shows, asks for, and keeps before an order."""

from dataclasses import replace
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from comanda import wiring
from comanda.canonical import sha256
from comanda.carts.begin_checkout import begin_checkout
from comanda.carts.change_contact import change_contact
from comanda.carts.change_line import change_line
from comanda.carts.edit import Carts
from comanda.carts.parcel import parcel_of, parcel_of_lines
from comanda.carts.show_cart import show_cart
from comanda.carts.start_cart import start_cart
from comanda.carts.wire import CartBody, CartContactBody, DeliveryPricesBody, QuantityBody
from comanda.errors import Invalid
from comanda.idempotency.store import Request
from comanda.pricelists.model import Tariff
from comanda.runtime.http import answer, answers, http_function, idempotency_key
from comanda.runtime.requests import source_address
from comanda.stock.list_products import list_products
from comanda.storefront.address_question import AddressQuestionBody, asked_of_address
from comanda.storefront.checkout_form import ANY_PARCEL, checkout_form
from comanda.storefront.language import language_of, tongue_of

app, lambda_handler = http_function()

CartId = Annotated[str, Path(min_length=1, max_length=80)]
Sku = Annotated[str, Path(min_length=1, max_length=80)]
Locale = Annotated[str, Query(max_length=35, description="es or en; else the browser's, else the shop's")]


def _language() -> str:
    return language_of(app.current_event.raw_event, wiring.settings())


def _carts() -> Carts:
    """Carts at the prices of whoever looks, in their language."""
    event, carts = app.current_event.raw_event, wiring.cart_edits()
    return replace(carts, windows=carts.windows.seen_by(wiring.group_of(event), tongue_of(event)))


def _count(what: str) -> None:
    wiring.rate_limited(what, source_address(app.current_event.raw_event), "", wiring.now())


def _request(body: CartBody) -> Request | None:
    """The caller of a cart is nobody yet: a key counts for one address."""
    event = app.current_event.raw_event
    key = idempotency_key(event, required=False)
    scope = f"cart#{sha256(source_address(event))[:16]}"
    return Request.of(scope, key, body.model_dump(mode="json")) if key else None


@app.get("/products", description="Products on sale, by SKU.")
def products(
    locale: Locale = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response[dict[str, Any]]:
    found = wiring.settings().sections(["shop", "stock", "customers", "checkout"])
    group = wiring.group_of(app.current_event.raw_event)

    def tariff_of(skus: list[str]) -> Tariff:
        return wiring.prices().tariff_for(skus, group, found["customers"], found["checkout"])

    page = list_products(
        wiring.stock(),
        found["shop"],
        found["stock"],
        tariff_of=tariff_of,
        locale=_language(),
        limit=limit,
        cursor=cursor,
    )
    return answer(page)


@app.get("/checkout/form", description="The seller's fields, ways to pay and to deliver, the privacy policy.")
def form(
    locale: Locale = "",
    country: Annotated[str, Query(max_length=2, description="with it only what goes there is offered")] = "",
    state: Annotated[str, Query(max_length=200)] = "",
    postal_code: Annotated[str, Query(max_length=20)] = "",
    cart_id: Annotated[str, Query(max_length=80, description="the cart whose delivery is priced")] = "",
) -> Response[dict[str, Any]]:
    given = {"country": country, "state": state, "postal_code": postal_code} if country else None
    parcel = parcel_of(cart_id, _carts()) if cart_id else ANY_PARCEL
    return answer(checkout_form(wiring.settings(), _language(), given, parcel))


@app.post("/checkout/address", description="What speaks against an address, and what would do;")
def address(body: AddressQuestionBody, locale: Locale = "") -> Response[dict[str, Any]]:
    _count("address")
    return answer(asked_of_address(body, wiring.settings(), _language()))


@app.post(
    "/checkout/delivery-prices",
    description="Ways to deliver a cart or lines to an address, at the prices of carriers where they answer.",
)
def delivery_prices(body: DeliveryPricesBody) -> Response[dict[str, Any]]:
    _count("delivery-prices")
    if bool(body.cart_id) == bool(body.lines):
        raise Invalid.at("/lines", "send either cart_id or lines")
    from comanda.storefront.delivery_prices import NEEDED, delivery_prices

    carts = _carts()
    lines = [(line.sku, line.quantity) for line in body.lines or []]
    parcel = parcel_of(body.cart_id, carts) if body.cart_id else parcel_of_lines(lines, carts)
    address = body.shipping_address.model_dump(exclude_none=True)
    found = wiring.settings().sections(NEEDED)
    locale = body.locale or _language()
    return answer({"items": delivery_prices(address, parcel, found, locale, wiring.pricing_delivery())})


@app.post("/carts", description="Begin a cart.", responses=answers(201, "The cart"))
def start(body: CartBody | None = None, locale: Locale = "") -> Response[dict[str, Any]]:
    _count("cart")
    asked = body or CartBody()
    lines = [(line.sku, line.quantity) for line in asked.lines]
    started = start_cart(lines, _carts(), asked.locale or "", _request(asked))
    return answer(started.body, 201, {"Idempotent-Replay": "true"} if started.replayed else {})


@app.get("/carts/<cart_id>", description="A cart at today's prices, before delivery.")
def show(cart_id: CartId, locale: Locale = "") -> Response[dict[str, Any]]:
    return answer(show_cart(cart_id, _carts()))


@app.put("/carts/<cart_id>/lines/<sku>", description="Set how many of a product are in it; 0 removes it.")
def put_line(cart_id: CartId, sku: Sku, body: QuantityBody, locale: Locale = "") -> Response[dict[str, Any]]:
    _count("cart-change")
    return answer(change_line(cart_id, sku, body.quantity, _carts()))


@app.post(
    "/carts/<cart_id>/checkout",
    description="The customer begins to order, or is still at it: reserve the cart's units a while longer.",
)
def checkout(cart_id: CartId, locale: Locale = "") -> Response[dict[str, Any]]:
    _count("cart-change")
    return answer(begin_checkout(cart_id, _carts()))


@app.put("/carts/<cart_id>/contact", description="Say whose cart it is.")
def put_contact(cart_id: CartId, body: CartContactBody, locale: Locale = "") -> Response[dict[str, Any]]:
    _count("cart-change")
    return answer(change_contact(cart_id, body.model_dump(), _carts()))
