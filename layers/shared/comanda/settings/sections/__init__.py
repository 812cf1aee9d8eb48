"""Every section of the shop's settings, validated. Waits are in seconds, money in minor units."""

from typing import Any

from comanda.settings.methods import Method
from comanda.settings.sections.carriers import CarrierAccount as CarrierAccount
from comanda.settings.sections.carriers import Carriers as Carriers
from comanda.settings.sections.carriers import DefaultBox as DefaultBox
from comanda.settings.sections.carriers import Sender as Sender
from comanda.settings.sections.checkout import Checkout as Checkout
from comanda.settings.sections.checkout import DiscountCode as DiscountCode
from comanda.settings.sections.checkout import FormField as FormField
from comanda.settings.sections.checkout import Privacy as Privacy
from comanda.settings.sections.customers import CustomerGroup as CustomerGroup
from comanda.settings.sections.customers import Customers as Customers
from comanda.settings.sections.documents import Documents as Documents
from comanda.settings.sections.exports import Destination as Destination
from comanda.settings.sections.exports import Exports as Exports
from comanda.settings.sections.fulfilment import Fulfilment as Fulfilment
from comanda.settings.sections.fulfilment import ShortPick as ShortPick
from comanda.settings.sections.hints import Hints as Hints
from comanda.settings.sections.notifications import Notifications as Notifications
from comanda.settings.sections.parcels import Box as Box
from comanda.settings.sections.parcels import Parcels as Parcels
from comanda.settings.sections.payment import CardPayment as CardPayment
from comanda.settings.sections.payment import PaymentMethod as PaymentMethod
from comanda.settings.sections.sales import PersonName as PersonName
from comanda.settings.sections.sales import Sales as Sales
from comanda.settings.sections.sales import Salesperson as Salesperson
from comanda.settings.sections.sales import SalesRule as SalesRule
from comanda.settings.sections.sales import SalesTeam as SalesTeam
from comanda.settings.sections.section import Address as Address
from comanda.settings.sections.section import Code as Code
from comanda.settings.sections.section import Locale as Locale
from comanda.settings.sections.section import Minor as Minor
from comanda.settings.sections.section import PostalCode as PostalCode
from comanda.settings.sections.section import Seconds as Seconds
from comanda.settings.sections.section import Section as Section
from comanda.settings.sections.section import Text as Text
from comanda.settings.sections.section import Words as Words
from comanda.settings.sections.shipping import CarrierRates as CarrierRates
from comanda.settings.sections.shipping import Delivery as Delivery
from comanda.settings.sections.shipping import Notifier as Notifier
from comanda.settings.sections.shipping import OfferedService as OfferedService
from comanda.settings.sections.shipping import PostalRange as PostalRange
from comanda.settings.sections.shipping import Shipping as Shipping
from comanda.settings.sections.shipping import WeightBand as WeightBand
from comanda.settings.sections.shipping import Zone as Zone
from comanda.settings.sections.shop import Limits as Limits
from comanda.settings.sections.shop import Location as Location
from comanda.settings.sections.shop import Shop as Shop
from comanda.settings.sections.shop import Stock as Stock

SECTIONS: dict[str, type[Section]] = {
    "shop": Shop,
    "checkout": Checkout,
    "shipping": Shipping,
    "stock": Stock,
    "notifications": Notifications,
    "exports": Exports,
    "customers": Customers,
    "sales": Sales,
    "limits": Limits,
    "hints": Hints,
    "documents": Documents,
    "fulfilment": Fulfilment,
    "parcels": Parcels,
    "carriers": Carriers,
    **{f"payments.{method}": PaymentMethod for method in Method},
    "payments.stripe": CardPayment,
}


# What a fresh shop offers without any setting.
DEFAULTS: dict[str, dict[str, Any]] = {
    "payments.stripe": {
        "enabled": True,
        "title": {"es": "Tarjeta", "en": "Card"},
        "cancel_seconds": 3600,
        "remind_seconds": 1800,
        "hold_seconds": 3600,
    },
    "payments.paypal": {
        "title": {"es": "PayPal", "en": "PayPal"},
        "cancel_seconds": 3600,
        "remind_seconds": 1800,
        "hold_seconds": 3600,
    },
    "payments.mercadopago": {"title": {"es": "Mercado Pago", "en": "Mercado Pago"}},
    "payments.bank_transfer": {
        "enabled": True,
        "title": {"es": "Transferencia bancaria", "en": "Bank transfer"},
        "instructions": {
            "es": "Haz la transferencia a la cuenta de la tienda y escribe la referencia de tu pedido.",
            "en": "Transfer the amount to the shop's account and quote your order's reference.",
        },
    },
    "payments.request": {
        "enabled": True,
        "title": {"es": "Solicitud de pedido sin pago", "en": "Order request without payment"},
        "cancel_seconds": None,
        "remind_seconds": None,
        "ship_before_payment": True,
    },
}
