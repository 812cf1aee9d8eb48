"""Amounts as PayPal writes them: decimal text with the digits that it accepts for the currency."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from comanda.money import exponent
from comanda.payments.provider import ProviderRefused

# developer.paypal.com/reference/currency-codes: these take no decimals there, whatever ISO 4217 says.
WHOLE = frozenset({"HUF", "JPY", "TWD"})


def told(amount: int, currency: str) -> dict[str, str]:
    """`amount` minor units as PayPal's amount. Raises ProviderRefused for one that it cannot take."""
    value = Decimal(amount).scaleb(-exponent(currency))
    digits = 0 if currency in WHOLE else exponent(currency)
    exact = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if exact != value:
        raise ProviderRefused("DECIMALS_NOT_SUPPORTED")
    return {"currency_code": currency, "value": str(exact)}


def read(amount: dict[str, Any]) -> tuple[int, str]:
    """Minor units and the currency of an amount of PayPal's."""
    currency = str(amount["currency_code"]).upper()
    scaled = Decimal(str(amount["value"])).scaleb(exponent(currency))
    return int(scaled.to_integral_value(ROUND_HALF_UP)), currency
