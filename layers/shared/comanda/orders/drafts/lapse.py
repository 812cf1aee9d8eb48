"""The end of a quotation that nobody accepted. Pure."""

from comanda.orders.decision import NOTHING, Decision, Loaded
from comanda.orders.facts import Happened
from comanda.orders.vocabulary import Lifecycle


def expire_quotation(loaded: Loaded, now: str) -> Decision:
    """End an offer that nobody accepted in time."""
    order = loaded.order
    if order.lifecycle != Lifecycle.QUOTED or order.draft is None or order.draft.expires_at > now:
        return NOTHING
    return Decision(facts=(Happened("QuotationExpired", {}, "customer"),))
