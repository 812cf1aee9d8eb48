"""Mails as effects: each has a name that is unique within its order, so none is sent twice."""

from typing import Any

from comanda.orders.decision import Effect
from comanda.orders.model import Order

TO_MERCHANT = frozenset({"merchant_order", "authorization_expiring", "authorization_lapsed"})


def reaches_nobody(effect: Effect, order: Order) -> bool:
    """A mail to a customer who has no address."""
    return order.without_mail and effect.kind == "mail" and effect.data.get("event") not in TO_MERCHANT


def mail(event: str, key: str = "", **data: Any) -> Effect:
    """A mail that is wanted. `event` is its X-Comanda-Event; `key` tells several of a kind apart."""
    name = f"mail-{event}-{key}" if key else f"mail-{event}"
    return Effect(name, "mail", {"event": event, **data})
