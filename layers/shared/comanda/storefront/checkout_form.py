"""What the checkout asks for and offers, from the shop's settings."""

from typing import Any

from comanda.money import Money
from comanda.settings.methods import Method
from comanda.settings.sections import Checkout, Delivery, FormField, PaymentMethod, Shipping, Shop, Zone
from comanda.settings.store import SettingsStore

# What `POST /orders` cannot do without, beside the seller's own fields.
REQUIRED = {
    "customer": ["email", "name"],
    "shipping_address": ["line1", "city", "postal_code", "country"],
}


def checkout_form(settings: SettingsStore, locale: str) -> dict[str, Any]:
    """The form in one language. Only payment methods that are switched on are offered."""
    payments = {method: f"payments.{method}" for method in Method}
    found = settings.sections(["shop", "checkout", "shipping", *payments.values()])
    shop: Shop = found["shop"]
    checkout: Checkout = found["checkout"]
    shipping: Shipping = found["shipping"]
    offered = {method: found[name] for method, name in payments.items() if found[name].enabled}
    return {
        "shop": {
            "name": shop.name,
            "currency": shop.currency,
            "country": shop.country,
            "tax_included": shop.tax_included,
        },
        "fields": [_field(field, locale) for field in checkout.fields],
        "required": REQUIRED,
        "payment_methods": [_method(code, method, shop, locale) for code, method in offered.items()],
        "delivery": [_delivery(delivery, shop, locale) for delivery in shipping.deliveries],
        "privacy": {"version": checkout.privacy.version, "url": checkout.privacy.url},
    }


def _field(field: FormField, locale: str) -> dict[str, Any]:
    shown = {
        "name": field.name,
        "type": field.type,
        "label": field.label.of(locale) or field.name,
        "required": field.required,
    }
    return shown | ({"choices": list(field.choices)} if field.type == "choice" else {})


def _method(code: Method, method: PaymentMethod, shop: Shop, locale: str) -> dict[str, Any]:
    return {
        "code": code,
        "title": method.title.of(locale) or code,
        "instructions": method.instructions.of(locale),
        "surcharge": Money(method.surcharge, shop.currency).to_dict(),
        "surcharge_ppm": method.surcharge_ppm,
    }


def _delivery(delivery: Delivery, shop: Shop, locale: str) -> dict[str, Any]:
    """`price` is the first zone's; with an address the first of `zones` that covers it counts."""
    return {
        "code": delivery.code,
        "title": delivery.title.of(locale) or delivery.code,
        "price": Money(delivery.zones[0].price if delivery.zones else 0, shop.currency).to_dict(),
        "needs_address": delivery.needs_address,
        "zones": [_zone(zone, shop) for zone in delivery.zones],
    }


def _zone(zone: Zone, shop: Shop) -> dict[str, Any]:
    free_from = None if zone.free_from is None else Money(zone.free_from, shop.currency).to_dict()
    return {
        "countries": list(zone.countries),
        "postal_prefixes": list(zone.postal_prefixes),
        "price": Money(zone.price, shop.currency).to_dict(),
        "free_from": free_from,
    }
