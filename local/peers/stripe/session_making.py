"""A Checkout Session as its merchant asks for it, refusing what Stripe would refuse."""

import re

from local.peers.database import Json
from local.peers.stripe import intents
from local.peers.stripe.account import Account, random_text
from local.peers.stripe.errors import invalid, missing
from local.peers.stripe.params import Params
from local.peers.stripe.session_rules import KIND, PAGE

ON_CREATE = (
    "adaptive_pricing", "cancel_url", "client_reference_id", "customer_email",
    "excluded_payment_method_types", "expand", "expires_at", "line_items", "locale", "metadata", "mode",
    "payment_intent_data", "submit_type", "success_url", "ui_mode",
)  # fmt: skip
ON_INTENT = ("capture_method", "description", "metadata", "receipt_email", "statement_descriptor")
SHORTEST, LONGEST = 30 * 60, 24 * 3600  # seconds from its making to its expiry
LANGUAGES = ("auto", "en", "en-GB", "es", "es-419")


def create(account: Account, params: Params) -> Json:
    params.only(*ON_CREATE)
    if params.required("mode") != "payment":
        raise invalid("Invalid mode: only payment is played here", "mode")
    amount, currency, name = _sum(params)
    intents.check_amount({"amount": amount, "currency": currency})
    given = Params(params.group("payment_intent_data") or {})
    given.only(*ON_INTENT)
    key = f"cs_test_a1{random_text(56)}"
    session = _blank(account, key) | {
        "amount_subtotal": amount, "amount_total": amount, "currency": currency,
        "cancel_url": params.text("cancel_url"), "success_url": params.required("success_url"),
        "client_reference_id": params.text("client_reference_id"), "customer_email": _email(params),
        "excluded_payment_method_types": params.array("excluded_payment_method_types") or None,
        "expires_at": _expiry(account, params), "locale": params.choice("locale", *LANGUAGES),
        "metadata": params.metadata({}), "submit_type": params.choice("submit_type", "auto", "pay"),
        "ui_mode": params.choice("ui_mode", "hosted_page") or "hosted_page",
    }  # fmt: skip
    account.save(session)
    _note_wish(account, key, name, given)
    return session


def _note_wish(account: Account, key: str, name: str, given: Params) -> None:
    method = given.choice("capture_method", *intents.CAPTURE_METHODS)
    asked: Json = {"id": key, "name": name, "capture_method": method}
    asked |= {"description": given.text("description"), "metadata": given.metadata({})}
    account.records.put(f"{KIND}.wish", key, asked)


def _sum(params: Params) -> tuple[int, str, str]:
    """What the items cost together, in which currency, and the name of the first."""
    items = [Params(item) for item in (params.group("line_items") or {}).values() if isinstance(item, dict)]
    if not items:
        raise missing("line_items")
    total, currency, names = 0, "", []
    for item in items:
        item.only("price_data", "quantity")
        price = Params(item.group("price_data") or {})
        price.only("currency", "product_data", "unit_amount")
        total += (price.integer("unit_amount") or 0) * (item.integer("quantity") or 0)
        currency = price.required("currency").lower()
        names.append(Params(price.group("product_data") or {}).required("name"))
    return total, currency, names[0]


def _email(params: Params) -> str | None:
    email = params.text("customer_email")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise invalid(f"Invalid email address: {email}", "customer_email", "email_invalid")
    return email


def _expiry(account: Account, params: Params) -> int:
    asked = params.integer("expires_at")
    if asked is None:
        return account.now + LONGEST
    if asked < account.now + SHORTEST:
        least = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise invalid(least, "expires_at")
    if asked > account.now + LONGEST:
        most = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise invalid(most, "expires_at")
    return asked


def _blank(account: Account, key: str) -> Json:
    nothing = dict.fromkeys((
        "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret", "consent",
        "consent_collection", "currency_conversion", "customer", "customer_details", "discounts", "invoice",
        "payment_intent", "payment_link", "recovered_from", "setup_intent", "shipping_address_collection",
        "shipping_cost", "subscription",
    ))  # fmt: skip
    return {
        "id": key, "object": KIND, **nothing, "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": account.now, "custom_fields": [], "customer_creation": "if_required", "livemode": False,
        "mode": "payment", "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"], "payment_status": "unpaid", "shipping_options": [],
        "status": "open", "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "url": f"{account.page_url}{PAGE}/{key}",
    }  # fmt: skip
