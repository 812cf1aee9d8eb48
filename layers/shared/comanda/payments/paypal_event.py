"""What PayPal's webhooks are about: an order, or a capture that leads to one."""

import json
from datetime import datetime
from typing import Any

from comanda.errors import Malformed
from comanda.payments.paypal_record import capture_above
from comanda.payments.provider import Event

CAPTURE = "capture/"  # what begins so is a reference to a capture, whose order PayPal names
REFUNDS = ("PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED", "PAYMENT.REFUND.")

type Json = dict[str, Any]


def parse_event(raw: bytes) -> Event:
    """The event's id and type and the payment it is about. Raises Malformed."""
    try:
        return event_of(json.loads(raw))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed("this is no event of PayPal's") from error


def event_of(event: Json) -> Event:
    """An event as webhooks and PayPal's list of them tell it. Raises KeyError, TypeError or ValueError."""
    event_id, event_type = event["id"], event["event_type"]
    if not isinstance(event_id, str) or not isinstance(event_type, str) or not event_id:
        raise ValueError("an event has an id and a type")
    thing = event.get("resource")
    ref = _about(event_type, thing) if isinstance(thing, dict) else ""
    return Event(event_id, event_type, ref, _moment(event.get("create_time")))


def _about(event_type: str, thing: Json) -> str:
    if event_type.startswith("CHECKOUT.ORDER."):
        return _text(thing.get("id"))
    if event_type.startswith("CUSTOMER.DISPUTE."):
        return _behind(_disputed(thing))
    if event_type.startswith("PAYMENT."):
        return _order_of(thing) or _behind(_capture_of(event_type, thing))
    return ""


def _order_of(payment: Json) -> str:
    """The order that a payment names; refunds do not name theirs."""
    extra = payment.get("supplementary_data")
    related = extra.get("related_ids") if isinstance(extra, dict) else None
    return _text(related.get("order_id")) if isinstance(related, dict) else ""


def _capture_of(event_type: str, thing: Json) -> str:
    above = capture_above(thing) if isinstance(thing.get("links"), list) else ""
    refund = event_type.startswith(
        ("PAYMENT.CAPTURE.REFUNDED", "PAYMENT.CAPTURE.REVERSED", "PAYMENT.REFUND.")
    )
    if refund:
        return above
    return _text(thing.get("id")) if event_type.startswith("PAYMENT.CAPTURE.") else ""


def _disputed(dispute: Json) -> str:
    about = dispute.get("disputed_transactions")
    first = about[0] if isinstance(about, list) and about else None
    return _text(first.get("seller_transaction_id")) if isinstance(first, dict) else ""


def _behind(capture: str) -> str:
    return f"{CAPTURE}{capture}" if capture else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(told: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
