"""Example orders for tests: small, plain, and changed by the field."""

from dataclasses import replace
from typing import Any

from comanda.orders.decision import Decision, Loaded, Outgoing
from comanda.orders.facts import Happened
from comanda.orders.model import Entry, Hold, Line, Order, Shipment, ShipmentLine, Terms, Totals
from comanda.orders.vocabulary import Channel, Lifecycle, Method
from comanda.origin import Origin

AT = "2026-11-21T18:00:00.000Z"
ORIGIN = Origin("system", "test", AT)
TOTAL = 30_000


def a_line(line_id: str = "l1", sku: str = "CAFE-1", quantity: int = 2, **changes: Any) -> Line:
    """Two units at 100.00."""
    sums = {"unit_price": 10_000, "subtotal": 10_000 * quantity, "total": 10_000 * quantity}
    given = {"name": sku, "discount": 0, "tax": 0, "tax_ppm": 0, "location": "main"} | sums | changes
    return Line(line_id=line_id, sku=sku, quantity=quantity, **given)


def an_order(**changes: Any) -> Order:
    """A placed, verified order of 2 × CAFE-1 and 1 × TAZA-1 for 300.00 by bank transfer, not approved."""
    given: dict[str, Any] = {
        "order_id": "o1",
        "number": "P-000001",
        "currency": "MXN",
        "channel": Channel.WEB,
        "locale": "es",
        "lifecycle": Lifecycle.PLACED,
        "method": Method.BANK_TRANSFER,
        "delivery": "ship",
        "created_at": AT,
        "updated_at": AT,
        "lines": (a_line(), a_line("l2", "TAZA-1", 1)),
        "charges": (),
        "tax_lines": (),
        "totals": Totals(TOTAL, 0, 0, 0, 0, TOTAL, tax_included=True),
        "terms": Terms(),
        "verified": True,
        "run": 1,
    }
    return Order(**given | changes)


def an_entry(kind: str, amount: int = TOTAL, status: str = "ok", **changes: Any) -> Entry:
    """A ledger entry at Stripe: `ref` and `parent` as the adapters name them."""
    ref = changes.pop("ref", {"intent": "pi_1", "capture": "ch_1"}.get(kind, f"{kind}_1"))
    parent = changes.pop("parent", {"capture": "pi_1", "authorization": "pi_1"}.get(kind, "ch_1"))
    given = {"method": "stripe", "provider": "stripe", "currency": "MXN", "at": AT} | changes
    parent = "" if kind == "intent" else parent
    return Entry(f"stripe:{kind}:{ref}", kind, amount=amount, status=status, ref=ref, parent=parent, **given)


def a_hold(reason: str = "manual", **changes: Any) -> Hold:
    return Hold(**{"hold_id": "h1", "reason": reason, "opened_at": AT, "opened_by": "staff:1"} | changes)


def a_shipment(*lines: tuple[str, str, int], **changes: Any) -> Shipment:
    """A parcel with (line id, SKU, units)."""
    given = {"shipment_id": "s1", "carrier": "dhl", "tracking_number": "JD0001", "shipped_at": AT} | changes
    return Shipment(lines=tuple(ShipmentLine(*line) for line in lines or (("l1", "CAFE-1", 2),)), **given)


def loaded(order: Order, *effects: Outgoing, **personal: Any) -> Loaded:
    return Loaded(order, personal, effects)


def counts(order: Order, **changes: Any) -> Order:
    """The order with the same counters set on every line; a string names another field to copy."""
    lines = tuple(
        replace(line, **{k: getattr(line, v) if isinstance(v, str) else v for k, v in changes.items()})
        for line in order.lines
    )
    return replace(order, lines=lines)


def named(decision: Decision) -> list[str]:
    """The types of a decision's facts."""
    return [fact.type for fact in decision.facts]


def happening(decision: Decision, fact_type: str) -> Happened:
    """The one fact of a type."""
    (found,) = [fact for fact in decision.facts if fact.type == fact_type]
    return found
