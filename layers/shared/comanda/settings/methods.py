"""The payment methods a shop can offer, and which have a provider behind them."""

from enum import StrEnum


class Method(StrEnum):
    STRIPE = "stripe"
    PAYPAL = "paypal"
    MERCADOPAGO = "mercadopago"
    BANK_TRANSFER = "bank_transfer"
    CHEQUE = "cheque"
    ON_DELIVERY = "on_delivery"
    AT_PICKUP = "at_pickup"
    STORE_CREDIT = "store_credit"
    REQUEST = "request"  # order request without payment


# Method → provider code. The others are confirmed by staff.
PROVIDERS: dict[Method, str] = {
    Method.STRIPE: "stripe",
    Method.PAYPAL: "paypal",
    Method.MERCADOPAGO: "mercadopago",
}
# Those whose customers pay on the provider's own page and come back from there.
SENT_AWAY = frozenset({Method.PAYPAL, Method.MERCADOPAGO})
