"""Which adapter stands behind the code of a payment provider."""

from collections.abc import Callable, Mapping
from typing import Any

from comanda.errors import NotFound
from comanda.payments.provider import PaymentProvider
from comanda.payments.stripe import StripeProvider


def connect(
    code: str, *, secret_of: Callable[[str], Mapping[str, Any]], api_base: Callable[[], str]
) -> PaymentProvider:
    """The adapter; nothing is sent or read yet. Raises NotFound for a provider that is not known."""
    if code == StripeProvider.code:
        return StripeProvider(lambda: secret_of(code), api_base)
    raise NotFound("there is no such payment provider")
