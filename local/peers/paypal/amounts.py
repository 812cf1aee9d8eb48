"""Amounts: decimal text with a currency, counted in the smallest unit that PayPal accepts."""

import re
from decimal import Decimal

from local.peers.database import Json
from local.peers.paypal.errors import invalid, refused

WHOLE = ("HUF", "JPY", "TWD")  # currencies that PayPal takes without decimals


def digits(currency: str) -> int:
    return 0 if currency in WHOLE else 2


def checked(amount: object) -> Json:
    """The amount, if PayPal would take it."""
    if not isinstance(amount, dict) or not isinstance(amount.get("value"), str):
        raise invalid("MISSING_REQUIRED_PARAMETER", "An amount has a currency_code and a value.")
    currency, value = str(amount.get("currency_code")), amount["value"]
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise invalid("INVALID_PARAMETER_SYNTAX", "A currency_code has three letters.")
    if not re.fullmatch(r"\d{1,10}(\.\d{1,3})?", value):
        raise invalid("INVALID_PARAMETER_SYNTAX", "A value is a decimal number.")
    if len(value.partition(".")[2]) > digits(currency):
        raise refused("DECIMAL_PRECISION", f"{currency} has {digits(currency)} decimals.")
    if Decimal(value) <= 0:
        raise refused("CANNOT_BE_ZERO_OR_NEGATIVE", "The value must be greater than zero.")
    return told(minor({"currency_code": currency, "value": value}), currency)


def minor(amount: Json) -> int:
    return int(Decimal(amount["value"]).scaleb(digits(amount["currency_code"])))


def told(units: int, currency: str) -> Json:
    return {"currency_code": currency, "value": f"{Decimal(units).scaleb(-digits(currency)):f}"}
