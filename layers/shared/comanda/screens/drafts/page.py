"""The one page on which an order is made: products, customer, delivery, payment, sums, and its end."""

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from comanda.backoffice.bodies_drafts import MOST_CHARGES
from comanda.backoffice.customers.find import find_customers
from comanda.backoffice.find_products import find_products
from comanda.customers.model import address_id
from comanda.errors import Invalid
from comanda.money import decimal_text
from comanda.orders.decision import Loaded
from comanda.orders.drafts.write import Texts, texts_of
from comanda.orders.model import Draft
from comanda.orders.vocabulary import Lifecycle
from comanda.orders.zones import Parcel
from comanda.screens.drafts.address_hint import address_hint
from comanda.screens.drafts.desk import SalesDesk
from comanda.screens.drafts.form import ADDRESS, CONTACT
from comanda.screens.drafts.known import known_customer
from comanda.screens.drafts.made_of import Origin, made_of
from comanda.screens.drafts.sheet import Sheet, sheet_of
from comanda.screens.house.answers import Screen
from comanda.screens.house.asked import BASE, Asked
from comanda.settings.sections import Shop
from comanda.storefront.checkout_form import checkout_form
from comanda.times import moment

NEW = f"{BASE}/new-order"
OFFER_DAYS = 15  # a quotation holds so long unless somebody says otherwise
ID = re.compile(r"[\w-]{1,80}", re.ASCII)
SHOWN_PRODUCTS, SHOWN_PEOPLE = 12, 8


def address_of(order_id: str) -> str:
    """Where a draft is written."""
    return f"{BASE}/orders/{order_id}/draft"


def draft_screen(asked: Asked, desk: SalesDesk, loaded: Loaded | None = None) -> Screen:
    """A draft or a quotation, or without one the empty page on which an order begins."""
    order = loaded.order if loaded else None
    draft = (order.draft if order else None) or Draft()
    shop = desk.settings().section("shop")[0]
    texts, locale = (
        (texts_of(loaded), loaded.order.locale) if loaded else _fresh(asked, desk, str(shop.locale))
    )
    sheet = sheet_of(draft, texts, locale, desk, asked.tongue, order)
    values: dict[str, Any] = {
        "order": order,
        "here": address_of(order.order_id) if order else NEW,
        "sheet": sheet,
        "quoted": order is not None and order.lifecycle == Lifecycle.QUOTED,
        "made": made_of(order, desk) if order else Origin(),
        "locale": locale,
        "shop": shop,
        "check": bool(asked.word("check")),
        "hint": address_hint(texts.get("shipping") or {}, draft.delivery, desk, asked.tongue),
        **_typed_in(draft, texts, shop),
        **_found(asked, desk, sheet, texts),
        **_choices(asked, desk, sheet, draft, texts),
    }
    if asked.word("check") and not asked.given.action:
        values["wrong"] = lambda action, name: sheet.errors.get(name, "")
    return Screen("drafts/draft.html.j2", values)


def _typed_in(draft: Draft, texts: Texts, shop: Shop) -> dict[str, Any]:
    """What the fields hold."""
    return {
        "draft": draft,
        "texts": texts,
        "contact": {name: (texts.get("contact") or {}).get(name, "") for name in CONTACT},
        "places": {slot: _place(texts.get(slot) or {}, shop.country) for slot in ("shipping", "billing")},
        "charges": _charges(draft, str(shop.currency)),
    }


def _found(asked: Asked, desk: SalesDesk, sheet: Sheet, texts: Texts) -> dict[str, Any]:
    """What was looked for, and what is known of this customer."""
    return {
        "people": people(asked, desk),
        "products": products(asked, desk),
        "book": _book(desk, sheet, texts),
    }


def _fresh(asked: Asked, desk: SalesDesk, locale: str) -> tuple[Texts, str]:
    """An order begins with nothing, or with the customer from whose page it is begun (`customer`)."""
    customer_id = asked.word("customer")
    if not customer_id:
        return {}, locale
    known = known_customer(customer_id, desk)
    return {"contact": known.contact, "shipping": known.place}, known.locale


def sent_to(asked: Asked) -> str:
    """The form that a product or customer found while typing is put into."""
    order_id = asked.word("draft")
    return address_of(order_id) if ID.fullmatch(order_id) else NEW


def products(asked: Asked, desk: SalesDesk) -> dict[str, Any] | None:
    """What was looked for in the catalogue; None when nothing was."""
    text = (asked.word("find") or asked.word("code"))[:200].strip()
    if len(text) < 2:
        return None
    try:
        found = find_products(text, SHOWN_PRODUCTS, desk.products(), asked.tongue.code)
    except Invalid:
        found = {"items": [], "more": False}
    return found | {"q": text}


def people(asked: Asked, desk: SalesDesk) -> dict[str, Any] | None:
    """Customers who fit what was typed; None when nothing was."""
    text = asked.word("who")[:200].strip()
    if len(text) < 2:
        return None
    try:
        found = find_customers(text, SHOWN_PEOPLE, "", desk.customers())
    except Invalid:
        found = {"items": [], "next": None}
    return {"items": found["items"], "more": bool(found["next"]), "who": text}


def _charges(draft: Draft, currency: str) -> list[dict[str, str]]:
    """Those given by hand, and a row for one more."""
    known = [
        {"type": one.kind, "title": one.title, "amount": decimal_text(one.amount, currency)}
        for one in draft.charges
    ]
    return [*known, {"type": "discount", "title": "", "amount": ""}][:MOST_CHARGES]


def _place(place: dict[str, Any], country: str) -> dict[str, str]:
    return {name: str(place.get(name) or "") for name in ADDRESS} | {
        "country": str(place.get("country") or country)
    }


def _choices(asked: Asked, desk: SalesDesk, sheet: Sheet, draft: Draft, texts: Texts) -> dict[str, Any]:
    """Ways to pay and to deliver (to this address, of this parcel), and the seller's own questions."""
    to = texts.get("shipping") or {}
    known = to if to.get("country") and to.get("postal_code") else None
    form = checkout_form(desk.settings(), asked.tongue.code, known, _parcel(sheet, draft))
    ways = form["delivery"]
    if draft.delivery and draft.delivery not in {way["code"] for way in ways}:
        everywhere = checkout_form(desk.settings(), asked.tongue.code)["delivery"]
        ways = [*ways, *(way for way in everywhere if way["code"] == draft.delivery)]
    zone = desk.settings().section("shop")[0].time_zone
    return {
        "sales": _sales(desk),
        "offer_until": _offer_until(asked, draft, zone),
        "payments": form["payment_methods"],
        "deliveries": ways,
        "slots": next((way["slots"] for way in ways if way["code"] == draft.delivery), []),
        "questions": form["fields"],
        "privacy": form["privacy"],
    }


def _parcel(sheet: Sheet, draft: Draft) -> Parcel:
    """Value and weight of the goods, for the price of each way of delivery."""
    kept = sheet.shelf.products if sheet.shelf else {}
    grams = sum(kept[one.sku].weight_grams * one.quantity for one in draft.lines if one.sku in kept)
    sums = sheet.totals
    return Parcel(sums["subtotal"]["amount"] - sums["discount"]["amount"] if sums else 0, grams)


def _book(desk: SalesDesk, sheet: Sheet, texts: Texts) -> list[dict[str, Any]]:
    """Other places where this customer had things delivered."""
    owner = sheet.shelf.owner if sheet.shelf else ""
    if not owner:
        return []
    used = address_id(texts["shipping"]) if texts.get("shipping") else ""
    known = desk.file().customers.addresses(owner)
    return [{"id": one.address_id, "place": one.place} for one in known if address_id(one.place) != used][:6]


def _sales(desk: SalesDesk) -> list[str]:
    found = desk.settings().section("sales")[0]
    return [one.name for one in (*found.people, *found.teams)]


def _offer_until(asked: Asked, draft: Draft, zone: str) -> str:
    """The day on which a quotation ends, as a date field takes it."""
    if draft.expires_at:
        return moment(draft.expires_at).astimezone(ZoneInfo(zone)).date().isoformat()
    today: date = asked.now.astimezone(ZoneInfo(zone)).date()
    return (today + timedelta(days=OFFER_DAYS)).isoformat()
