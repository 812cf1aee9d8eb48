"""Which adapter stands behind the code of a payment provider; only the one that is asked for is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanda.errors import NotFound
from comanda.payments.provider import PaymentProvider
from comanda.payments.stage import mercadopago_keys, paypal_base


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What adapters are given: a provider's secrets, the address of its API, the stage, the shop's own
    address, the time. All are read at the first call, never before."""

    secret_of: Callable[[str], Mapping[str, Any]]
    api_base: Callable[[str], str]
    stage: Callable[[], str]
    public_url: Callable[[], str]
    now: Callable[[], datetime]


def connect(code: str, around: Surroundings) -> PaymentProvider:
    """The adapter; nothing is sent or read yet. Raises NotFound for a provider that is not known."""
    made = ADAPTERS.get(code)
    if made is None:
        raise NotFound("there is no such payment provider")
    return made(around)


def _stripe(around: Surroundings) -> PaymentProvider:
    from comanda.payments.stripe import StripeProvider

    return StripeProvider(lambda: around.secret_of("stripe"), lambda: around.api_base("stripe"), around.now)


def _mercadopago(around: Surroundings) -> PaymentProvider:
    from comanda.payments.mercadopago import MercadoPagoProvider

    return MercadoPagoProvider(
        lambda: mercadopago_keys(around.stage(), around.secret_of("mercadopago")),
        lambda: around.api_base("mercadopago"),
        around.now,
    )


def _paypal(around: Surroundings) -> PaymentProvider:
    from comanda.payments.paypal import PayPalProvider

    return PayPalProvider(
        lambda: around.secret_of("paypal"), lambda: paypal_base(around.stage(), around.api_base("paypal"))
    )


ADAPTERS: dict[str, Callable[[Surroundings], PaymentProvider]] = {
    "stripe": _stripe,
    "paypal": _paypal,
    "mercadopago": _mercadopago,
}
