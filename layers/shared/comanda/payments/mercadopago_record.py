"""Mercado Pago's preferences, payments and refunds, as plain data, in the port's words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from comanda.money import exponent
from comanda.payments.provider import Charge, Dispute, ProviderRecord, Refund

type Json = dict[str, Any]

CODE = "mercadopago"
TAKEN = ("approved", "in_mediation", "refunded", "charged_back")  # money came, whatever became of it since
OPEN = ("pending", "in_process", "authorized")  # may still bring money, and can be given up
# https://www.mercadopago.com.mx/developers/en/docs/checkout-api/response-handling/query-results
DISPUTE_STATUS = {"settled": "lost", "reimbursed": "won"}  # else: open
REFUND_STATUS = {"approved": "ok", "rejected": "failed", "cancelled": "failed"}  # else: pending


def record_of(
    ref: str,
    preference: Json | None,
    payments: Sequence[Json],
    refunds: Mapping[str, Sequence[Json]],
    now: datetime,
) -> ProviderRecord:
    """All tries at one preference, or a single payment begun without one, as one attempt to pay.

    `refunds` are those of each payment by its id. Each payment that took money is a charge of its own:
    whoever pays twice has paid twice.
    """
    tries = sorted(payments, key=lambda one: (str(one.get("date_created", "")), int(one["id"])))
    amount, currency = _asked(preference, tries)
    named = (preference or tries[0]).get("metadata") or {}
    closed = preference is not None and is_closed(preference, now)
    over = closed if preference else tries[-1]["status"] == "cancelled"
    status, failure = standing(tries, over=over)
    taken = [one for one in tries if one["status"] in TAKEN]
    held = [one for one in tries if one["status"] == "authorized"]
    return ProviderRecord(
        provider=CODE,
        ref=ref,
        status=status,
        amount=amount,
        currency=currency,
        order_id=str(named.get("order_id", "")),
        effect_id=str(named.get("effect_id", "")),
        charges=tuple(charge_of(one) for one in taken or held),
        refunds=tuple(refund_of(refund, one) for one in taken for refund in refunds.get(str(one["id"]), ())),
        disputes=tuple(_dispute(one, refunds) for one in taken if one["status"] == "charged_back"),
        failure=failure,
        names_refunds=False,
        open=preference is not None and not closed,
    )


def standing(tries: Sequence[Json], *, over: bool) -> tuple[str, str]:
    """The status of the attempt and why it failed, from its tries, oldest first. `over`: none can follow."""
    found = {one["status"] for one in tries}
    if found & set(TAKEN):
        return "succeeded", ""
    for theirs, ours in (("authorized", "authorized"), ("in_process", "processing"), ("pending", "pending")):
        if theirs in found:
            return ours, ""
    if over:
        return "void", ""
    return ("failed", str(tries[-1].get("status_detail", ""))) if tries else ("pending", "")


def is_closed(preference: Json, now: datetime) -> bool:
    """Whether nobody can pay it any more."""
    ends = preference.get("expiration_date_to")
    return bool(preference.get("expires") and ends and datetime.fromisoformat(str(ends)) <= now)


def charge_of(payment: Json) -> Charge:
    amount = minor(payment["transaction_amount"], payment["currency_id"])
    return Charge(
        ref=str(payment["id"]),
        amount=amount,
        captured=amount if payment["status"] in TAKEN else 0,
        currency=payment["currency_id"],
        bank_ref=str(payment.get("authorization_code") or ""),
    )


def refund_of(refund: Json, payment: Json) -> Refund:
    return Refund(
        ref=str(refund["id"]),
        charge=str(payment["id"]),
        amount=minor(refund["amount"], payment["currency_id"]),
        currency=payment["currency_id"],
        status=REFUND_STATUS.get(str(refund.get("status")), "pending"),
        reason=str(refund.get("reason") or ""),
    )


def minor(amount: Any, currency: str) -> int:
    """Minor units of a decimal amount. Raises ValueError when there is more than the currency has."""
    scaled = Decimal(str(amount)).scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is no amount of {currency}")
    return int(scaled)


def _asked(preference: Json | None, tries: Sequence[Json]) -> tuple[int, str]:
    if preference is None:
        return minor(tries[0]["transaction_amount"], tries[0]["currency_id"]), tries[0]["currency_id"]
    items = preference["items"]
    currency = str(items[0]["currency_id"])
    return sum(minor(item["unit_price"], currency) * int(item["quantity"]) for item in items), currency


def _dispute(payment: Json, refunds: Mapping[str, Sequence[Json]]) -> Dispute:
    """What was not given back before is what the customer's bank took."""
    given = (refund_of(one, payment) for one in refunds.get(str(payment["id"]), ()))
    back = sum(one.amount for one in given if one.status != "failed")
    return Dispute(
        ref=f"chargeback-{payment['id']}",
        charge=str(payment["id"]),
        amount=minor(payment["transaction_amount"], payment["currency_id"]) - back,
        currency=payment["currency_id"],
        status=DISPUTE_STATUS.get(str(payment.get("status_detail")), "open"),
        reason="chargeback",
    )
