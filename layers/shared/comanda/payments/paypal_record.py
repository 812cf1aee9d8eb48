"""PayPal's objects, as plain data, in the port's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from comanda.payments.paypal_money import read
from comanda.payments.provider import Charge, Dispute, ProviderRecord, Refund

type Json = dict[str, Any]

GIVEN_UP = "void"  # what we write behind the reference of an order that must never be captured
TAKEN = ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED")
BROKEN = ("DECLINED", "FAILED")
HELD = ("CREATED", "PARTIALLY_CAPTURED")  # an authorisation that can be captured
REFUND_STATUS = {"COMPLETED": "ok", "FAILED": "failed", "CANCELLED": "failed"}  # else: pending
# How a dispute ended: whose the money is. What is not known stays open, so that a person looks.
OUTCOMES = {
    "RESOLVED_BUYER_FAVOUR": "lost",
    "ACCEPTED": "lost",
    "RESOLVED_SELLER_FAVOUR": "won",
    "RESOLVED_WITH_PAYOUT": "won",
    "CANCELED_BY_BUYER": "won",
    "DENIED": "won",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What we wrote on a payment or refund when it began: `order:effect`, `order:effect:void`."""

    order_id: str = ""
    effect_id: str = ""
    given_up: bool = False

    @classmethod
    def of(cls, thing: Json) -> "Reference":
        order_id, _, rest = str(thing.get("custom_id") or "").partition(":")
        effect_id, _, mark = rest.partition(":")
        return cls(order_id, effect_id, mark == GIVEN_UP)


def unit_of(order: Json) -> Json:
    """Our orders have one purchase unit."""
    unit: Json = order["purchase_units"][0]
    return unit


def captures_of(order: Json) -> list[Json]:
    return list((unit_of(order).get("payments") or {}).get("captures") or [])


def authorization_of(order: Json) -> Json | None:
    """The newest authorisation of an order with the intent to authorise."""
    made = (unit_of(order).get("payments") or {}).get("authorizations") or []
    return made[-1] if made else None


def record_of(order: Json, disputes: Iterable[Json]) -> ProviderRecord:
    """An order as `GET /v2/checkout/orders/{id}` answers it, and the disputes of its captures."""
    unit, captures = unit_of(order), captures_of(order)
    about = Reference.of(unit)
    amount, currency = read(unit["amount"])
    refunds = (unit.get("payments") or {}).get("refunds") or []
    status, failure = _status(order, captures, about)
    return ProviderRecord(
        provider="paypal",
        ref=str(order["id"]),
        status=status,
        amount=amount,
        currency=currency,
        order_id=about.order_id,
        effect_id=about.effect_id,
        charges=_charges(order, captures),
        refunds=tuple(refund_of(one, payment=about) for one in refunds),
        disputes=tuple(_dispute(one) for one in disputes),
        failure=failure,
        approval=str(order.get("update_time") or order.get("create_time") or ""),
    )


def refund_of(refund: Json, payment: Reference | None = None) -> Refund:
    """A refund; one that was made in PayPal's own pages may carry the payment's reference, not one of
    its own."""
    about = Reference.of(refund)
    ours = payment is None or about.effect_id != payment.effect_id
    amount, currency = read(refund["amount"])
    reason = (refund.get("status_details") or {}).get("reason")
    return Refund(
        ref=str(refund["id"]),
        charge=capture_above(refund),
        amount=amount,
        currency=currency,
        status=REFUND_STATUS.get(str(refund.get("status")), "pending"),
        effect_id=about.effect_id if ours else "",
        reason=str(reason or ""),
    )


def capture_above(refund: Json) -> str:
    """The capture that a refund gives back, named by its link `up`."""
    links = refund.get("links") or []
    up = (str(link.get("href", "")) for link in links if isinstance(link, dict) and link.get("rel") == "up")
    return next(up, "").rstrip("/").rpartition("/")[2]


def _status(order: Json, captures: list[Json], about: Reference) -> tuple[str, str]:
    """The port's status, and why a payment failed."""
    found = {str(capture.get("status")) for capture in captures}
    held = authorization_of(order)
    if found & {*TAKEN}:
        return "succeeded", ""
    if "PENDING" in found or (held and held.get("status") == "PENDING"):
        return "processing", ""
    if about.given_up or order.get("status") == "VOIDED" or (held and held.get("status") == "VOIDED"):
        return "void", ""
    if held:
        return ("authorized", "") if held.get("status") in HELD else ("failed", str(held.get("status")))
    if found & {*BROKEN}:
        return "failed", _why(captures[-1])
    return ("approved", "") if order.get("status") == "APPROVED" else ("pending", "")


def _why(capture: Json) -> str:
    code = (capture.get("processor_response") or {}).get("response_code")
    return str((capture.get("status_details") or {}).get("reason") or code or capture.get("status"))


def _charges(order: Json, captures: list[Json]) -> tuple[Charge, ...]:
    taken = tuple(_charge(one, captured=True) for one in captures if one.get("status") in TAKEN)
    held = authorization_of(order)
    if taken or held is None or held.get("status") not in HELD:
        return taken
    return (_charge(held, captured=False),)


def _charge(thing: Json, *, captured: bool) -> Charge:
    amount, currency = read(thing["amount"])
    bank = (thing.get("network_transaction_reference") or {}).get("id")
    return Charge(str(thing["id"]), amount, amount if captured else 0, currency, str(bank or ""))


def _dispute(dispute: Json) -> Dispute:
    amount, currency = read(dispute["dispute_amount"])
    about = dispute.get("disputed_transactions") or [{}]
    outcome = str((dispute.get("dispute_outcome") or {}).get("outcome_code"))
    closed = dispute.get("status") == "RESOLVED"
    return Dispute(
        ref=str(dispute["dispute_id"]),
        charge=str(about[0].get("seller_transaction_id") or ""),
        amount=amount,
        currency=currency,
        status=OUTCOMES.get(outcome, "open") if closed else "open",
        reason=str(dispute.get("reason") or "").lower(),
    )
