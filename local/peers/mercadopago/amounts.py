"""Amounts as decimal numbers: kept as text, counted as Decimal, shown as JSON numbers."""

from decimal import Decimal, InvalidOperation
from typing import Any

from local.peers.mercadopago.errors import invalid

NAMES = frozenset(
    ("amount", "transaction_amount", "transaction_amount_refunded", "unit_price", "total_amount",
     "paid_amount", "refunded_amount")
)  # fmt: skip
WHOLE_UNITS = ("CLP", "COP", "PYG")  # currencies in which Mercado Pago takes no decimals


def read(value: object, name: str, currency: str) -> Decimal:
    """A positive amount that the currency can have. Raises ApiError."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise invalid(f"{name} must be numeric") from None
    step = Decimal(1) if currency in WHOLE_UNITS else Decimal("0.01")
    if isinstance(value, bool) or not amount.is_finite() or amount <= 0 or amount % step:
        raise invalid(f"{name} is invalid", 4037)
    return amount


def shown(value: Any) -> Any:
    """The thing with its amounts as numbers."""
    if isinstance(value, dict):
        return {
            name: float(one) if name in NAMES and isinstance(one, str) else shown(one)
            for name, one in value.items()
        }
    return [shown(one) for one in value] if isinstance(value, list) else value
