"""Stripe's test payment methods and what a bank answers to each."""

from dataclasses import dataclass

from local.peers.database import Json
from local.peers.stripe.account import Account
from local.peers.stripe.errors import no_such


@dataclass(frozen=True, slots=True)
class Decline:
    decline_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Card:
    brand: str
    last4: str
    decline: Decline | None = None
    asks_customer: bool = False  # 3-D Secure


VISA = Card("visa", "4242")
REFUSED = Card("visa", "0002", Decline("generic_decline", "Your card was declined."))
POOR = Card("visa", "9995", Decline("insufficient_funds", "Your card has insufficient funds."))

CARDS = {
    "pm_card_visa": VISA,
    "pm_card_mastercard": Card("mastercard", "4444"),
    "pm_card_chargeDeclined": REFUSED,
    "pm_card_visa_chargeDeclined": REFUSED,
    "pm_card_chargeDeclinedInsufficientFunds": POOR,
    "pm_card_visa_chargeDeclinedInsufficientFunds": POOR,
    "pm_card_threeDSecure2Required": Card("visa", "3220", asks_customer=True),
    "pm_card_authenticationRequired": Card("visa", "3155", asks_customer=True),
}
BY_LAST4 = {card.last4: card for card in CARDS.values()}


def resolve(account: Account, key: str) -> Json:
    """A test token becomes a payment method of its own, as on Stripe; others must exist already."""
    if key not in CARDS:
        found = account.records.get("payment_method", key)
        if found is None:
            raise no_such("PaymentMethod", key, "payment_method")
        return found
    card = CARDS[key]
    method: Json = {
        "id": account.new_id("pm"), "object": "payment_method", "allow_redisplay": "unspecified",
        "billing_details": NOBODY, "card": card_details(card), "created": account.now, "customer": None,
        "livemode": False, "metadata": {}, "type": "card",
    }  # fmt: skip
    account.save(method)
    return method


def card_of(method: Json) -> Card:
    return BY_LAST4[method["card"]["last4"]]


def card_details(card: Card) -> Json:
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
    return {
        "brand": card.brand, "checks": checks, "country": "US", "display_brand": card.brand, "exp_month": 12,
        "exp_year": 2034, "fingerprint": f"Peer{card.brand[:4]}{card.last4}", "funding": "credit",
        "generated_from": None, "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True}, "wallet": None,
    }  # fmt: skip


NOBODY: Json = {
    "address": dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state")),
    "email": None, "name": None, "phone": None, "tax_id": None,
}  # fmt: skip
