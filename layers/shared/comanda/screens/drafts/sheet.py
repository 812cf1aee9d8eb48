"""What a draft comes to as it is now: its lines, what is left of each, the sums, and what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from comanda.conversation.speech import N_
from comanda.errors import Invalid
from comanda.money import decimal_text
from comanda.orders.bill import Price
from comanda.orders.drafts.content import Errors, estimate
from comanda.orders.drafts.place import held
from comanda.orders.model import Draft, DraftLine, Line, Order
from comanda.orders.request import Shelf
from comanda.orders.vocabulary import Lifecycle
from comanda.orders.wire import money, sums_answer
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.house.tongue import Tongue

LACKING = {  # pointer of the API → what is missing, as staff read it
    "/lines": N_("Add a product."),
    "/payment_method": N_("Choose how it is paid."),
    "/delivery": N_("Choose how it is delivered."),
    "/delivery_slot": N_("Choose a time of delivery."),
    "/shipping_address": N_("This delivery needs an address."),
    "/shipping_address/line1": N_("Street and number are missing."),
    "/shipping_address/city": N_("The city is missing."),
    "/shipping_address/postal_code": N_("The postal code is missing or wrong."),
    "/shipping_address/state": N_("Look at the state."),
    "/shipping_address/country": N_("The country is missing."),
    "/billing_address/line1": N_("Street and number are missing."),
    "/billing_address/city": N_("The city is missing."),
    "/billing_address/postal_code": N_("The postal code is missing or wrong."),
    "/billing_address/country": N_("The country is missing."),
    "/customer/name": N_("The customer's name is missing."),
    "/customer/email": N_("An e-mail address is needed, or a telephone number that can be dialled."),
    "/discount_code": N_("This discount code does not apply."),
    "/verified": N_(
        "Without an e-mail address nothing is confirmed by mail: tick that you reached the customer."
    ),
}
GONE = N_("no longer for sale")
BEYOND = N_("The discount is more than what the goods cost.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`errors`: what stands against placing it, by the form's names; `totals`: None without a price."""

    rows: list[dict[str, Any]]
    totals: dict[str, Any] | None
    charges: list[dict[str, Any]]
    errors: dict[str, str] = field(default_factory=dict)
    shelf: Shelf | None = None

    @property
    def total(self) -> int:
        return int(self.totals["total"]["amount"]) if self.totals else 0


def sheet_of(
    draft: Draft,
    texts: Mapping[str, Any],
    locale: str,
    desk: SalesDesk,
    tongue: Tongue,
    order: Order | None = None,
) -> Sheet:
    """The draft at the checkout's own prices of now; a quotation (`order`) at those that it promises."""
    shelf = desk.drafts().reader.shelf(draft, texts.get("contact") or {})
    currency = shelf.shop.currency
    try:
        told = estimate(draft, texts, locale, shelf)
        price, missing = told.price, told.missing
    except Invalid as refused:
        price, missing = None, refused.extra.get("errors") or []
    if order is not None and order.lifecycle == Lifecycle.QUOTED:
        price = held(order)
    left = desk.on_sale()([line.sku for line in draft.lines]) if draft.lines else {}
    lines = {line.sku: line for line in price.lines} if price else {}
    return Sheet(
        rows=[
            _row(one, lines.get(one.sku), shelf, left, currency, locale) | {"place": place}
            for place, one in enumerate(draft.lines)
        ],
        totals=sums_answer(price.totals, currency) if price else None,
        charges=_charges(price, currency),
        errors=lacking(missing, tongue, shelf),
        shelf=shelf,
    )


def lacking(missing: Errors, tongue: Tongue, shelf: Shelf | None = None) -> dict[str, str]:
    """What is missing in the reader's words, by the form's field names."""
    fields = (
        {one.name: one.label.of(tongue.code) or one.name for one in shelf.checkout.fields} if shelf else {}
    )
    found: dict[str, str] = {}
    for one in missing:
        pointer = one["pointer"]
        own = fields.get(pointer.removeprefix("/fields/"))
        if own:
            said = tongue.say("Fill in: %(field)s.", field=own)
        elif pointer.startswith("/charges/"):
            said = tongue.say(BEYOND)
        elif pointer.startswith("/lines/") and pointer.endswith("/sku"):
            said = tongue.say(GONE)
        else:
            said = tongue.say(LACKING[pointer]) if pointer in LACKING else tongue.refusal(one["detail"])
        found.setdefault(pointer.strip("/").replace("/", "."), said)
    return found


def _row(
    one: DraftLine,
    line: Line | None,
    shelf: Shelf,
    left: Mapping[str, int | None],
    currency: str,
    locale: str,
) -> dict[str, Any]:
    """`left` is None where stock is not counted; `short`: units that are not there."""
    product = shelf.products.get(one.sku)
    there = left.get(one.sku)
    return {
        "sku": one.sku,
        "name": product.name(locale) if product else one.sku,
        "quantity": one.quantity,
        "own_price": "" if one.unit_price is None else decimal_text(one.unit_price, currency),
        "price": money(line.unit_price, currency) if line else None,
        "total": money(line.subtotal, currency) if line else None,
        "gone": one.sku not in left,
        "left": there,
        "short": max(one.quantity - there, 0) if there is not None else 0,
        "beyond": bool(product and product.oversell),
    }


def _charges(price: Price | None, currency: str) -> list[dict[str, Any]]:
    if price is None:
        return []
    return [
        {"kind": charge.kind, "title": charge.title, "amount": money(charge.amount, currency)}
        for charge in price.charges
    ]
