"""Warn when an order is to go where its delivery does not go, or costs something else."""

from collections.abc import Mapping, Sequence
from typing import Any

from comanda.errors import Invalid
from comanda.orders.edits.change_set import Change
from comanda.orders.edits.outcome import Outcome
from comanda.orders.zones import Parcel, delivery_cost
from comanda.settings.sections import Shipping

NOT_THERE, OTHER_PRICE = "delivery-not-offered-there", "delivery-price-differs"


def delivery_warnings(
    outcome: Outcome, changes: Sequence[Change], texts: Mapping[str, Any], shipping: Shipping
) -> list[str]:
    """What to tell staff who change the address and leave the delivery with its price as they are."""
    new = [name for change in changes for name in change.texts if name.endswith(":shipping")]
    if not new or any(change.kind == "delivery" for change in changes):
        return []
    goods = outcome.totals.subtotal - outcome.totals.discount
    grams = sum(line.weight_grams * line.quantity for line in outcome.lines)
    charged = sum(charge.amount for charge in outcome.charges if charge.kind == "shipping")
    try:
        price = delivery_cost(outcome.delivery, texts[new[-1]], shipping, Parcel(goods, grams))
    except Invalid:
        return [NOT_THERE]
    return [OTHER_PRICE] if price != charged else []
