"""A draft as staff see it."""

from typing import Any

from comanda.backoffice.money_answer import amount_answer
from comanda.orders.model import ALL_CREDIT, DraftLine, Order
from comanda.orders.wire import money


def draft_answer(order: Order) -> dict[str, Any] | None:
    """What the draft asks for, as it was written; its price is in lines and totals."""
    draft = order.draft
    if draft is None:
        return None
    return {
        "lines": [_line(line, order.currency) for line in draft.lines],
        "payment_method": draft.method or None,
        "delivery": draft.delivery or None,
        "delivery_slot": draft.delivery_slot or None,
        "discount_code": draft.discount_code or None,
        "charges": [
            {"type": one.kind, "title": one.title, "amount": money(one.amount, order.currency)}
            for one in draft.charges
        ],
        "expires_at": draft.expires_at or None,
        "store_credit": True if draft.credit == ALL_CREDIT else amount_answer(draft.credit, order.currency),
    }


def _line(line: DraftLine, currency: str) -> dict[str, Any]:
    agreed = None if line.unit_price is None else money(line.unit_price, currency)
    return {"sku": line.sku, "quantity": line.quantity, "unit_price": agreed}
