"""PaymentIntents: created, changed, listed, and shown to a browser."""

import re
from typing import Any

from local.peers.database import Json
from local.peers.stripe import attempts, payment_methods, session_rules
from local.peers.stripe.account import Account, random_text
from local.peers.stripe.errors import invalid, no_such, unexpected_state
from local.peers.stripe.form import Form
from local.peers.stripe.params import Params, refuse_card_data

CHANGEABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CAPTURE_METHODS = ("automatic", "automatic_async", "manual")
LEAST = {"usd": 50, "eur": 50, "gbp": 30, "cad": 50, "mxn": 1000, "jpy": 50}  # Stripe's smallest charges
LARGEST = 99_999_999

SHARED = (
    "amount", "amount_details", "currency", "customer", "description", "expand", "metadata", "payment_method",
    "payment_method_configuration", "payment_method_data", "payment_method_options", "payment_method_types",
    "receipt_email", "setup_future_usage", "shipping", "statement_descriptor", "statement_descriptor_suffix",
    "transfer_group",
)  # fmt: skip
ON_CREATE = (*SHARED, "automatic_payment_methods", "capture_method", "confirm", "confirmation_method")
ON_CONFIRM = (
    "client_secret", "error_on_requires_action", "expand", "key", "mandate_data", "off_session",
    "payment_method", "payment_method_data", "payment_method_options", "payment_method_types",
    "receipt_email", "return_url", "setup_future_usage", "shipping", "use_stripe_sdk",
)  # fmt: skip
TEXTS = ("description", "receipt_email", "setup_future_usage", "statement_descriptor",
         "statement_descriptor_suffix", "transfer_group")  # fmt: skip


def create(account: Account, params: Params) -> Json:
    params.only(*ON_CREATE, *(name for name in ON_CONFIRM if name not in ON_CREATE))
    refuse_card_data(params)
    amount, currency = params.required("amount"), params.required("currency").lower()
    key = account.new_id("pi")
    intent = blank(account, key)
    intent["capture_method"] = params.choice("capture_method", *CAPTURE_METHODS) or "automatic_async"
    intent["confirmation_method"] = params.choice("confirmation_method", "automatic", "manual") or "automatic"
    _take_types(intent, params)
    _change(account, intent, params, amount, currency)
    account.save(intent)
    account.tell("payment_intent.created", intent)
    if params.boolean("confirm"):
        return attempts.attempt(account, intent, params.text("return_url"))
    return intent


def update(account: Account, params: Params, intent_id: str) -> Json:
    params.only(*SHARED, "capture_method")
    refuse_card_data(params)
    intent = account.find("payment_intent", intent_id, "intent")
    settled = intent["status"] not in CHANGEABLE
    if settled and any(name in params for name in ("amount", "currency", "payment_method", "capture_method")):
        raise unexpected_state(intent, "changed", CHANGEABLE)
    intent["capture_method"] = params.choice("capture_method", *CAPTURE_METHODS) or intent["capture_method"]
    _change(account, intent, params, params.text("amount"), params.text("currency"))
    account.save(intent)
    return intent


def confirm(account: Account, params: Params, intent_id: str) -> Json:
    params.only(*ON_CONFIRM)
    refuse_card_data(params)
    intent = account.find("payment_intent", intent_id, "intent")
    check_secret(intent, params.text("client_secret"))
    session_rules.refuse(account, intent, "confirm")
    attempts.may_confirm(intent)
    _take_payment_method(account, intent, params)
    _take_plain(intent, params)
    return attempts.attempt(account, intent, params.text("return_url"))


def retrieve(account: Account, params: Params, intent_id: str) -> Json:
    params.only("client_secret", "expand", "key")
    intent = account.find("payment_intent", intent_id, "intent")
    check_secret(intent, params.text("client_secret"))
    return intent


def check_secret(intent: Json, client_secret: str | None) -> None:
    if client_secret is not None and client_secret != intent["client_secret"]:
        raise no_such("payment_intent", intent["id"], "client_secret")


FOR_BROWSERS = (
    "id", "object", "amount", "amount_details", "automatic_payment_methods", "canceled_at",
    "cancellation_reason", "capture_method", "client_secret", "confirmation_method", "created", "currency",
    "description", "last_payment_error", "livemode", "next_action", "payment_method",
    "payment_method_configuration_details", "payment_method_types", "processing", "receipt_email",
    "setup_future_usage", "shipping", "source", "status",
)  # fmt: skip


def for_browser(intent: Json) -> Json:
    """What a holder of the publishable key may see: no metadata, no charge."""
    return {name: intent[name] for name in FOR_BROWSERS}


def _change(account: Account, intent: Json, params: Params, amount: str | None, currency: str | None) -> None:
    if currency is not None:
        intent["currency"] = currency.lower()
        if not re.fullmatch(r"[a-z]{3}", intent["currency"]):
            raise invalid(f"Invalid currency: {currency}", "currency")
    if amount is not None:
        intent["amount"] = params.integer("amount")
    check_amount(intent)
    intent["metadata"] = params.metadata(intent["metadata"])
    _take_payment_method(account, intent, params)
    _take_plain(intent, params)


def check_amount(intent: Json) -> None:
    """Raises ApiError for an amount that Stripe would not charge; also of a session."""
    amount, currency = intent["amount"], intent["currency"]
    if amount < LEAST.get(currency, 1):
        least = f"Amount must be at least {LEAST.get(currency, 1)} {currency}"
        raise invalid(least, "amount", "amount_too_small" if amount > 0 else "parameter_invalid_integer")
    if amount > LARGEST:
        raise invalid(f"Amount must be no more than {LARGEST} {currency}", "amount", "amount_too_large")


def _take_payment_method(account: Account, intent: Json, params: Params) -> None:
    token = params.text("payment_method")
    if token is not None:
        intent["payment_method"] = payment_methods.resolve(account, token)["id"]
        intent["status"] = "requires_confirmation"
        intent["next_action"] = None
    elif "payment_method" in params:
        intent |= {"payment_method": None, "status": "requires_payment_method", "next_action": None}


def _take_plain(intent: Json, params: Params) -> None:
    if params.text("customer") is not None:
        raise no_such("customer", params.required("customer"), "customer")
    for name in TEXTS:
        if name in params:
            intent[name] = params.text(name)
    if "shipping" in params:
        intent["shipping"] = params.group("shipping")


def _take_types(intent: Json, params: Params) -> None:
    automatic: Form | None = params.group("automatic_payment_methods")
    if types := params.array("payment_method_types"):
        intent |= {"payment_method_types": types, "automatic_payment_methods": None}
    elif automatic is not None:
        redirects = automatic.get("allow_redirects", "always")
        enabled: Any = automatic.get("enabled") == "true"
        intent["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": enabled}


def blank(account: Account, key: str) -> Json:
    """An intent that nothing is known of but its id."""
    nothing = dict.fromkeys((
        "application", "application_fee_amount", "canceled_at", "cancellation_reason", "customer",
        "description", "last_payment_error", "latest_charge", "next_action", "on_behalf_of", "payment_method",
        "payment_method_configuration_details", "processing", "receipt_email", "review", "setup_future_usage",
        "shipping", "source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data",
        "transfer_group",
    ))  # fmt: skip
    options = {"card": {"installments": None, "mandate_options": None, "request_three_d_secure": "automatic"}}
    return {
        "id": key, "object": "payment_intent", "amount": 0, "amount_capturable": 0,
        "amount_details": {"tip": {}}, "amount_received": 0, **nothing,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "capture_method": "automatic_async", "client_secret": f"{key}_secret_{random_text(25)}",
        "confirmation_method": "automatic", "created": account.now, "currency": "", "livemode": False,
        "metadata": {}, "payment_method_options": options, "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }  # fmt: skip
