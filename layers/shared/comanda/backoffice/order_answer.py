"""An order as staff see it."""

from collections.abc import Mapping
from typing import Any

from comanda.backoffice.actions import suggested
from comanda.backoffice.deliveries.answer import delivery_answer, put_back_answer
from comanda.backoffice.pickup_answer import pickup_answer
from comanda.backoffice.shipping_label_answer import label_answer
from comanda.documents.kinds import possible
from comanda.fulfilment.address_check import address_answer
from comanda.fulfilment.put_back import put_back
from comanda.orders.authorized import authorized
from comanda.orders.balance import balance, deposited
from comanda.orders.decision import Loaded, Outgoing
from comanda.orders.delivery_status import work_of
from comanda.orders.derive import amount_due, label, stage
from comanda.orders.destinations import destination
from comanda.orders.edits.change_set import Change
from comanda.orders.facts import Fact
from comanda.orders.guards import edit_is_stale
from comanda.orders.model import ALL_CREDIT, Charge, DraftLine, Entry, Hold, Order, RawScan, Shipment
from comanda.orders.refunds import grants, parts_of, summary
from comanda.orders.shown import CONTACT
from comanda.orders.wire import line_answer, money, shipment_answer, totals_answer
from comanda.payments.cheque import clears_on


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
        "charges": [_charge(charge, order.currency) for charge in order.charges],
        "totals": totals_answer(order),
        "paid": money(balance(order.ledger).kept, order.currency),
        "due": money(amount_due(order), order.currency),
        "holds": [_hold(hold, personal) for hold in order.holds],
        "authorized": money(balance(order.ledger).authorized, order.currency),
        "ledger": [_entry(entry, personal, order) for entry in order.ledger if entry.kind != "grant"],
        "actions": suggested(order),
        "refunds": [refund_answer(order, grant, personal) for grant in grants(order)],
        "deliveries": [delivery_answer(work) for work in work_of(order)],
        "put_back": [put_back_answer(order, one) for one in put_back(order)],
        "shipments": [_shipment(shipment, order, personal) for shipment in order.shipments],
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
        "draft": _draft(order),
        "made_of": order.made_of or None,
        "execution_arn": execution_arn or None,
        "created_at": order.created_at,
        "updated_at": order.updated_at,
    }


def _draft(order: Order) -> dict[str, Any] | None:
    """What the draft asks for, as it was written; its price is in lines and totals."""
    draft = order.draft
    if draft is None:
        return None
    return {
        "lines": [_draft_line(line, order.currency) for line in draft.lines],
        "payment_method": draft.method or None,
        "delivery": draft.delivery or None,
        "delivery_slot": draft.delivery_slot or None,
        "discount_code": draft.discount_code or None,
        "charges": [
            {"type": one.kind, "title": one.title, "amount": money(one.amount, order.currency)}
            for one in draft.charges
        ],
        "expires_at": draft.expires_at or None,
        "store_credit": True if draft.credit == ALL_CREDIT else _amount(draft.credit, order.currency),
    }


def _amount(amount: int, currency: str) -> dict[str, Any] | None:
    return money(amount, currency) if amount else None


def _draft_line(line: DraftLine, currency: str) -> dict[str, Any]:
    agreed = None if line.unit_price is None else money(line.unit_price, currency)
    return {"sku": line.sku, "quantity": line.quantity, "unit_price": agreed}


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


def edit_answer(order: Order, personal: dict[str, Any]) -> dict[str, Any] | None:
    """The open edit; None when there is none."""
    edit = order.edit
    if edit is None:
        return None
    return {
        "edit_id": edit.edit_id,
        "stale": edit_is_stale(order),
        "requested_at": edit.requested_at,
        "requested_by": edit.requested_by,
        "actions": [_action(change, personal) for change in edit.changes],
        "total": money(edit.total, order.currency),
        "difference": money(edit.difference, order.currency),
        "note": personal.get(edit.note) if edit.note else None,
        "asked_until": edit.asked_until or None,
    }


def _action(change: Change, personal: dict[str, Any]) -> dict[str, Any]:
    """An action of the open edit, with the texts that wait with it by the names they are to have."""
    told = {name: value for name, value in change.to_dict().items() if name not in ("kind", "texts")}
    texts = {name.rpartition(":")[2]: personal.get(name) for name in change.texts}
    return {"type": change.kind, **told, **texts}


def _charge(charge: Charge, currency: str) -> dict[str, Any]:
    return {
        "kind": charge.kind,
        "code": charge.code,
        "title": charge.title,
        "amount": money(charge.amount, currency),
    }


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


def _entry(entry: Entry, personal: dict[str, Any], order: Order) -> dict[str, Any]:
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
        "taking": _amount(entry.taking, entry.currency) if held else None,
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


def _shipment(shipment: Shipment, order: Order, personal: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: getattr(shipment, name) or None for name in ("shipped_at", "scan_at", "delivered_at")}
    told = {"address": destination(shipment, personal), "scans": [_scan(one) for one in shipment.scans]}
    return shipment_answer(shipment, order) | times | told


def _scan(scan: RawScan) -> dict[str, str | None]:
    """A scan in its carrier's words; `local` is the time as it was written, with its offset."""
    names = ("at", "local", "status", "place", "message", "carrier")
    return {name: getattr(scan, name) or None for name in names}


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
