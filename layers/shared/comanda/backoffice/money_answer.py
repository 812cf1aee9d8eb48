"""An order's money as staff see it: what was added to its price, its ledger, its refunds."""

from typing import Any

from comanda.orders.authorized import authorized
from comanda.orders.balance import deposited
from comanda.orders.model import Charge, Entry, Order
from comanda.orders.refunds import parts_of, summary
from comanda.orders.wire import money
from comanda.payments.cheque import clears_on


def charge_answer(charge: Charge, currency: str) -> dict[str, Any]:
    """What was added to an order's price, or taken off it."""
    return {
        "kind": charge.kind,
        "code": charge.code,
        "title": charge.title,
        "amount": money(charge.amount, currency),
    }


def entry_answer(entry: Entry, personal: dict[str, Any], order: Order) -> dict[str, Any]:
    """A line of the ledger; `until` and `taking` only of money that is authorised and not taken."""
    held = entry in authorized(order)
    return {
        "entry_id": entry.entry_id,
        "kind": entry.kind,
        "method": entry.method,
        "provider": entry.provider,
        "status": entry.status,
        "amount": money(entry.amount, entry.currency),
        "at": entry.at,
        "ref": entry.ref or None,
        "parent": entry.parent or None,
        "reference": personal.get(entry.reference) if entry.reference else None,
        "reason": entry.reason or None,
        "refund_id": entry.grant or None,
        "on": entry.on or None,
        "expected_on": clears_on(entry.on) if deposited((entry,)) else None,
        "until": (entry.until or None) if held else None,
        "taking": amount_answer(entry.taking, entry.currency) if held else None,
    }


def refund_answer(order: Order, grant: Entry, personal: dict[str, Any]) -> dict[str, Any]:
    """A granted refund and how far it is."""
    return summary(grant, parts_of(order, grant.grant)) | {
        "reason": grant.reason,
        "note": personal.get(grant.reference) if grant.reference else None,
        "destination": grant.destination,
        "lines": [
            {"line_id": line.line_id, "quantity": line.quantity}
            | {name: money(getattr(line, name), order.currency) for name in ("amount", "tax", "discount")}
            for line in grant.lines
        ],
        "shipping": money(grant.shipping, order.currency),
        "at": grant.at,
    }


def amount_answer(amount: int, currency: str) -> dict[str, Any] | None:
    """None for nothing."""
    return money(amount, currency) if amount else None
