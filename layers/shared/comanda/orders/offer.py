"""Whether a way to pay is offered for an order: its total, its currency, how it is delivered. Pure."""

from typing import Protocol

from comanda.money import decimal_text


class Limits(Protocol):
    """What a payment method's settings say of the orders it takes; amounts in minor units."""

    @property
    def currencies(self) -> tuple[str, ...]: ...

    @property
    def minimum(self) -> int: ...

    @property
    def maximum(self) -> int | None: ...

    @property
    def pickup_only(self) -> bool: ...


def why_not(limits: Limits, total: int, currency: str, *, collected: bool) -> str:
    """Why the method takes no order of this `total`; empty where it does. `collected`: nothing is sent to an
    address."""
    if limits.currencies and currency not in limits.currencies:
        return f"this way to pay takes no {currency}"
    if total < limits.minimum:
        return f"this way to pay takes orders from {decimal_text(limits.minimum, currency)} {currency} on"
    if limits.maximum is not None and total > limits.maximum:
        return f"this way to pay takes orders up to {decimal_text(limits.maximum, currency)} {currency}"
    if limits.pickup_only and not collected:
        return "this way to pay is for orders that are picked up"
    return ""
