"""Mails as effects: each has a name that is unique within its order, so none is sent twice."""

from typing import Any

from comanda.orders.decision import Effect


def mail(event: str, key: str = "", **data: Any) -> Effect:
    """A mail that is wanted. `event` is its X-Comanda-Event; `key` tells several of a kind apart."""
    name = f"mail-{event}-{key}" if key else f"mail-{event}"
    return Effect(name, "mail", {"event": event, **data})
