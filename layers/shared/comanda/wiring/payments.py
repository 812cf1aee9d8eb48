"""Payments: starting, recording and settling them, and what providers tell."""

from functools import cache
from typing import TYPE_CHECKING, Any

from comanda import wiring
from comanda.environment import variable

if TYPE_CHECKING:
    from datetime import datetime

    from comanda.backoffice.statements.desk import StatementDesk
    from comanda.orders.model import Order
    from comanda.payments.apply import PaymentEvents
    from comanda.payments.pay import Paying
    from comanda.payments.provider import PaymentProvider
    from comanda.payments.reconcile import Reconciling
    from comanda.payments.record import Recorder
    from comanda.payments.settle import Settling
    from comanda.payments.start import Starter
    from comanda.payments.webhook import WebhookDesk


@cache
def paying() -> "Paying":
    from comanda.payments.pay import Paying

    return Paying(wiring.desk(), wiring.outbox(), wiring.settings(), wiring.starter(), wiring.now)


@cache
def starter() -> "Starter":
    from comanda.payments.start import Starter

    return Starter(wiring.desk(), wiring.outbox(), wiring.provider, wiring.now, order_page)


def order_page(order: "Order", hosted: bool) -> str:
    """Where the customer sees the order after paying: the storefront's own page if the shop has one.

    The token goes along, since the payment may have begun in a mail, where the storefront knows nobody.
    Settings are read only for who is sent away: other methods never use the address.
    """
    from comanda.settings.methods import SENT_AWAY
    from comanda.storefront.access import WAY_BACK

    token = wiring.keys().access(order.order_id, order.token_version)
    away = hosted or order.method in SENT_AWAY
    own = wiring.settings().section("shop")[0].order_url if away else ""
    page = (
        own.replace("{order_id}", order.order_id) if own else f"{wiring.public_url()}/orders/{order.order_id}"
    )
    return f"{page}{'&' if '?' in page else '?'}{WAY_BACK}={token}"


@cache
def recorder() -> "Recorder":
    from comanda.payments.record import Recorder

    return Recorder(wiring.desk(), wiring.provider)


@cache
def settling() -> "Settling":
    from comanda.payments.settle import Settling

    paused = wiring.pauses().paused
    return Settling(
        wiring.desk(),
        wiring.outbox(),
        wiring.starter(),
        wiring.recorder(),
        wiring.now,
        paused,
        lambda message: wiring.back_in_queue(variable("PAYMENT_EFFECTS_QUEUE"), message),
    )


@cache
def payment_events() -> "PaymentEvents":
    from comanda.payments.apply import PaymentEvents

    return PaymentEvents(wiring.provider, wiring.recorder(), wiring.now)


@cache
def reconciling() -> "Reconciling":
    from comanda.payments.looked_at import LookedAt
    from comanda.payments.reconcile import Reconciling
    from comanda.settings.methods import PROVIDERS

    def connected() -> list[str]:
        kept = wiring.payment_secrets()
        return [code for code in sorted(set(PROVIDERS.values())) if kept.get(code)]

    table = variable("JOBS_TABLE")
    return Reconciling(
        connected, wiring.provider, wiring.recorder(), wiring.inbox().store, LookedAt(table), wiring.now
    )


@cache
def statements() -> "StatementDesk":
    """Where bank statements are taken in and confirmed."""
    from collections.abc import Iterable

    from comanda.backoffice.listing.rows import read_orders, shown, with_texts
    from comanda.backoffice.run_command import CommandDesk
    from comanda.backoffice.statements.desk import StatementDesk
    from comanda.ids import new_id
    from comanda.orders.decision import Loaded
    from comanda.statements.store import StatementStore

    def look(order_ids: Iterable[str]) -> list[Loaded]:
        table = variable("ORDERS_TABLE")
        return with_texts(table, read_orders(table, list(order_ids)), shown)

    return StatementDesk(
        store=StatementStore(variable("JOBS_TABLE")),
        commands=CommandDesk(wiring.desk(), wiring.orders(), wiring.keys_seen()),
        tokens=wiring.search_tokens(),
        look=look,
        settings=wiring.settings,
        now=lambda: wiring.now(),
        new_id=new_id,
    )


@cache
def payment_webhooks() -> "WebhookDesk":
    from comanda.payments.webhook import WebhookDesk

    def secrets(code: str) -> list[str]:
        known = wiring.payment_secret(code)
        signed_with = (known.get("webhook_id"), *known.get("webhook_secrets", []))
        return [str(one) for one in signed_with if one]

    return WebhookDesk(wiring.provider, secrets, wiring.bodies(), variable("RAW_BUCKET"), wiring.now)


@cache
def provider(code: str) -> "PaymentProvider":
    """The adapter of a payment provider. Raises NotFound for one that is not connected."""
    from comanda.payments.providers import Surroundings, connect

    bases = {
        "stripe": lambda: variable("STRIPE_API_BASE"),
        "paypal": lambda: variable("PAYPAL_API_BASE"),
        "mercadopago": lambda: variable("MERCADOPAGO_API_BASE"),
    }

    def stage() -> str:
        return variable("STAGE")

    def now() -> "datetime":
        return wiring.now()

    around = Surroundings(wiring.payment_secret, lambda of: bases[of](), stage, wiring.public_url, now)
    return connect(code, around)


def payment_secret(code: str) -> dict[str, Any]:
    """A provider's keys. Raises KeyOfAnotherStage (nothing is sent with a key that is not ours to use)."""
    from comanda.payments.stage import key_for

    found: dict[str, Any] = wiring.payment_secrets().get(code, {})
    key_for(variable("STAGE"), str(found.get("api_key", "")))
    return found


def payment_secrets() -> dict[str, Any]:
    """The keys of every provider that the operator has filled in."""
    from comanda.secrets import secret

    found: dict[str, Any] = secret("PAYMENT_SECRETS")
    return found
