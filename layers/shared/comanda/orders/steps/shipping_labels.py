"""How facts about shipping labels change an order."""

from dataclasses import replace
from typing import Any

from comanda.orders.facts import Data, Fact
from comanda.orders.model import Order, ShippingLabel
from comanda.orders.model.shipping_label import BOUGHT, FAILED, GIVING_BACK, VOIDED


def wanted(order: Order, data: Data, fact: Fact) -> Order:
    label = ShippingLabel.from_dict(data["label"])
    return replace(order, shipping_labels=(*order.shipping_labels, label))


def bought(order: Order, data: Data, fact: Fact) -> Order:
    """What the carrier said of it; one that is to be given back stays so."""
    label = label_of(order, data["label_id"])
    state = GIVING_BACK if label.state == GIVING_BACK else BOUGHT
    return _changed(order, data, {**data["bought"], "state": state, "bought_at": fact.at})


def failed(order: Order, data: Data, fact: Fact) -> Order:
    return _changed(order, data, {"state": FAILED, "reason": data["reason"]})


def given_back(order: Order, data: Data, fact: Fact) -> Order:
    return _changed(order, data, {"state": GIVING_BACK, "reason": data["why"]})


def voided(order: Order, data: Data, fact: Fact) -> Order:
    return _changed(order, data, {"state": VOIDED})


def kept(order: Order, data: Data, fact: Fact) -> Order:
    """The carrier does not take it back."""
    return _changed(order, data, {"state": BOUGHT, "reason": data["reason"]})


def label_of(order: Order, label_id: str) -> ShippingLabel:
    return next(label for label in order.shipping_labels if label.label_id == label_id)


def _changed(order: Order, data: Data, changes: dict[str, Any]) -> Order:
    labels = (
        replace(label, **changes) if label.label_id == data["label_id"] else label
        for label in order.shipping_labels
    )
    personal = order.personal | data.get("personal", {})
    return replace(order, shipping_labels=tuple(labels), personal=personal)
