"""An order as staff see it."""

from collections.abc import Mapping
from typing import Any

from comanda.backoffice.actions import suggested
from comanda.backoffice.deliveries.answer import delivery_answer, put_back_answer
from comanda.backoffice.draft_answer import draft_answer
from comanda.backoffice.edit_answer import edit_answer
from comanda.backoffice.money_answer import charge_answer, entry_answer, refund_answer
from comanda.backoffice.parcel_answer import parcel_answer
from comanda.backoffice.pickup_answer import pickup_answer
from comanda.backoffice.shipping_label_answer import label_answer
from comanda.documents.kinds import possible
from comanda.fulfilment.address_check import address_answer
from comanda.orders.balance import balance
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.delivery_status import work_of
from comanda.orders.derive import amount_due, label, stage
from comanda.orders.facts import Fact
from comanda.orders.model import Hold, Order
from comanda.orders.refunds import grants
from comanda.orders.shown import CONTACT
from comanda.orders.wire import line_answer, money, totals_answer


def order_answer(order: Order, personal: dict[str, Any], execution_arn: str) -> dict[str, Any]:
    """Everything but the history and what was sent; the same at any time for the same order."""
    return {
        "order_id": order.order_id,
        "number": order.number,
        "version": order.version,
        "label": label(order),
        "stage": stage(order),
        "assigned": order.assigned or None,
        "tags": list(order.tags),
        "lifecycle": order.lifecycle,
        "payment": order.payment,
        "fulfilment": order.fulfilment,
        "returns": order.returns,
        "approved": order.approved,
        "verified": order.verified,
        "channel": order.channel,
        "method": order.method,
        "delivery": order.delivery,
        "delivery_slot": order.delivery_slot or None,
        "locale": order.locale,
        "customer": customer_answer(order, personal),
        "addresses": {
            "shipping": personal.get("shipping") or None,
            "billing": personal.get("billing") or None,
        },
        "fields": personal.get("fields") or {},
        "comment": personal.get("comment") or None,
        "purchase_order": personal.get("purchase_order") or None,
        "lines": [
            line_answer(line, order.currency) | {"to_ship": line.to_ship, "tracked": line.tracked}
            for line in order.lines
        ],
        "charges": [charge_answer(charge, order.currency) for charge in order.charges],
        "totals": totals_answer(order),
        "paid": money(balance(order.ledger).kept, order.currency),
        "due": money(amount_due(order), order.currency),
        "holds": [_hold(hold, personal) for hold in order.holds],
        "authorized": money(balance(order.ledger).authorized, order.currency),
        "ledger": [entry_answer(entry, personal, order) for entry in order.ledger if entry.kind != "grant"],
        "actions": suggested(order),
        "refunds": [refund_answer(order, grant, personal) for grant in grants(order)],
        "deliveries": [delivery_answer(work) for work in work_of(order)],
        "put_back": [put_back_answer(order, one) for one in order.put_back],
        "shipments": [parcel_answer(shipment, order, personal) for shipment in order.shipments],
        "shipping_labels": [label_answer(order, one, personal) for one in order.shipping_labels],
        "pickup": pickup_answer(order, personal),
        "exported": [exported.to_dict() for exported in order.exported],
        "warnings": list(order.warnings),
        "address_check": address_answer(Loaded(order, personal)),
        "reservation": {"state": order.reservation or None, "until": order.reserved_until or None},
        "ending": order.ending.to_dict() if order.ending else None,
        "edit": edit_answer(order, personal),
        "cancel_reason": order.cancel_reason or None,
        "cancel_note": personal.get("note:end") or None,
        "money": order.money or None,
        "terms": order.terms.to_dict(),
        "due_at": order.terms.due_at or None,
        "draft": draft_answer(order),
        "made_of": order.made_of or None,
        "execution_arn": execution_arn or None,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }


def whole_answer(loaded: Loaded, facts: list[Fact], execution_arn: str) -> dict[str, Any]:
    """`GET /admin/orders/{id}`: with the history and what went out."""
    return order_answer(loaded.order, loaded.personal, execution_arn) | {
        "conversation": [_sent(effect) for effect in loaded.effects if effect.kind == "mail"],
        "effects": [_effect(effect) for effect in loaded.effects if effect.kind != "mail"],
        "documents": [document_answer(loaded.order, str(kind)) for kind in possible(loaded.order)],
        "history": [fact.to_dict() for fact in facts],
    }


def document_answer(order: Order, kind: str) -> dict[str, str]:
    """A paper that the order can have now, and where it is had."""
    return {"kind": kind, "path": f"/admin/orders/{order.order_id}/documents/{kind}"}


def customer_answer(order: Order, personal: dict[str, Any]) -> dict[str, Any]:
    return contact_answer(personal.get("contact") or {}, order.customer_id, verified=order.verified)


def contact_answer(contact: Mapping[str, Any], customer_id: str, *, verified: bool) -> dict[str, Any]:
    values: dict[str, Any] = {name: contact.get(name) or None for name in CONTACT}
    return values | {"customer_id": customer_id or None, "verified": verified}


def _hold(hold: Hold, personal: dict[str, Any]) -> dict[str, Any]:
    return {
        "hold_id": hold.hold_id,
        "reason": hold.reason,
        "open": hold.open,
        "opened_at": hold.opened_at,
        "opened_by": hold.opened_by,
        "closed_at": hold.closed_at or None,
        "closed_by": hold.closed_by or None,
        "note": personal.get(hold.note) if hold.note else None,
        "detail": hold.detail or None,
        "hints": [
            {"rule": hint.rule, "detail": hint.detail or None, "orders": list(hint.orders)}
            for hint in hold.hints
        ],
    }


def _sent(effect: Outgoing) -> dict[str, Any]:
    """A mail, sent or on its way."""
    return {
        "kind": "mail",
        "effect_id": effect.effect_id,
        "event": effect.data.get("event"),
        "state": effect.state,
        "wanted_at": effect.wanted_at,
        "attempts": effect.attempts,
        "reason": effect.result.get("reason"),
    }


def _effect(effect: Outgoing) -> dict[str, Any]:
    return {
        "effect_id": effect.effect_id,
        "kind": effect.kind,
        "state": effect.state,
        "wanted_at": effect.wanted_at,
        "attempts": effect.attempts,
        "reason": effect.result.get("reason"),
    }
