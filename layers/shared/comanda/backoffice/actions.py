"""What staff can do about an order's money in one click: the command with its body. Pure."""

from typing import Any

from comanda.orders.balance import TAKEN
from comanda.orders.derive import amount_due
from comanda.orders.guards import allowed
from comanda.orders.model import Order
from comanda.orders.refunds import grants, parts_of, refundable, standing
from comanda.orders.vocabulary import HoldReason, RefundReason
from comanda.orders.wire import money

UNDONE = ("granted", "partially_executed", "failed")


def suggested(order: Order) -> list[dict[str, Any]]:
    """`{command, body, why}` each: late money and what was paid too much to give back, refunds that were
    granted or failed to carry out."""
    return [*_to_give_back(order), *_to_carry_out(order)]


def _to_give_back(order: Order) -> list[dict[str, Any]]:
    if not allowed("refund", order):
        return []
    if any(hold.reason == HoldReason.LATE_PAYMENT for hold in order.open_holds):
        return [_refund({}, RefundReason.LATE_PAYMENT)]
    excess = min(-amount_due(order) - _on_its_way(order), refundable(order))
    if excess <= 0:
        return []
    return [_refund({"amount": money(excess, order.currency)}, RefundReason.OVERPAID)]


def _on_its_way(order: Order) -> int:
    """Granted money that has not gone back yet, in minor units of the order's currency."""
    parts = (
        part for grant in grants(order) if grant.status != "void" for part in parts_of(order, grant.grant)
    )
    return sum(p.amount for p in parts if p.status not in TAKEN and p.currency == order.currency)


def _refund(body: dict[str, Any], reason: RefundReason) -> dict[str, Any]:
    whole = body | {"reason": reason, "execute": True, "destination": "original"}
    return {"command": "refund", "body": whole, "why": reason}


def _to_carry_out(order: Order) -> list[dict[str, Any]]:
    states = ((grant.grant, standing(grant, parts_of(order, grant.grant))) for grant in grants(order))
    return [
        {"command": f"refunds/{refund_id}/execute", "body": {}, "why": f"refund-{state}"}
        for refund_id, state in states
        if state in UNDONE
    ]
