"""Who confirmed an address in this browser: filled in, and not asked to confirm again.

The API's own page sets the customer's token as a cookie of its host, which this shop shares. A shop of
another host would call `POST /verify-email` itself and keep the token that it answers.
"""

from local.storefront.api import Json, Problem
from local.storefront.visit import Visit


def profile(visit: Visit) -> Json | None:
    """As the API knows them; None for a guest, and for who is not known any more."""
    if not visit.kept.customer:
        return None
    try:
        return visit.as_customer(visit.kept.customer).call("GET", "/customer")
    except Problem:
        return None


def filled(known: Json | None) -> dict[str, str]:
    """The checkout's fields that need not be typed again."""
    groups = {name: (known or {}).get(name) or {} for name in ("customer", "shipping_address")}
    return {f"{group}.{name}": str(text) for group, had in groups.items() for name, text in had.items()}


def token_for(visit: Visit) -> str:
    """The token to order with; who writes another address orders as a guest."""
    known = profile(visit)
    same = known and known["customer"].get("email") == visit.posted.get("customer.email", "").strip()
    return visit.kept.customer if same else ""
