"""Payments: each try of a customer is one of its own; what follows changes it and is told."""

from datetime import datetime, timedelta
from decimal import Decimal

from local.peers.database import Json
from local.peers.mercadopago import amounts, reports
from local.peers.mercadopago.account import COLLECTOR, Account, written
from local.peers.mercadopago.errors import ApiError, invalid

VOUCHER_DAYS = 3
# How a customer may end on the page: status, detail, means of payment and its kind.
OUTCOMES = {
    "pay": ("approved", "accredited", "visa", "credit_card"),
    "decline": ("rejected", "cc_rejected_other_reason", "visa", "credit_card"),
    "review": ("in_process", "pending_review_manual", "visa", "credit_card"),
    "voucher": ("pending", "pending_waiting_payment", "oxxo", "ticket"),
}
CANCELLABLE = ("pending", "in_process", "authorized")


def attempt(account: Account, preference: Json, outcome: str) -> Json:
    """A customer's try on the checkout page of a preference."""
    items = preference["items"]
    total = sum((Decimal(item["unit_price"]) * item["quantity"] for item in items), Decimal(0))
    payment = _new(account, total, items[0]["currency_id"], *OUTCOMES[outcome])
    payment |= {
        "description": items[0]["title"], "external_reference": preference["external_reference"],
        "metadata": preference["metadata"],
        "order": {"id": _order(account, preference), "type": "mercadopago"},
    }  # fmt: skip
    if outcome == "voucher":
        ends = account.now + timedelta(days=VOUCHER_DAYS)
        payment["date_of_expiration"] = preference["date_of_expiration"] or written(ends)
    return _born(account, payment)


def create(account: Account, wish: Json) -> Json:
    """By the API: only with a made-up card, to reserve or to take its money."""
    if wish.get("token") not in ("card_approved", "card_declined"):
        raise invalid("Card token not found", 2006)
    amount = amounts.read(wish.get("transaction_amount"), "transaction_amount", "MXN")
    good, later = wish["token"] == "card_approved", wish.get("capture") is False
    outcome = OUTCOMES["pay" if good else "decline"]
    if good and later:
        outcome = ("authorized", "pending_capture", *outcome[2:])
    payment = _new(account, amount, "MXN", *outcome)
    payment |= {
        "description": wish.get("description"), "external_reference": wish.get("external_reference"),
        "metadata": wish.get("metadata") or {}, "order": {},
    }  # fmt: skip
    return _born(account, payment)


def update(account: Account, wish: Json, key: str) -> Json:
    """Cancel what has brought no money, or capture what was reserved."""
    payment = account.find("payment", key)
    if wish == {"status": "cancelled"}:
        if payment["status"] not in CANCELLABLE:
            raise ApiError(400, f"Payment is {payment['status']} and cannot be cancelled", 2018)
        return change(account, payment, "cancelled", "by_collector")
    if wish.get("capture") is not True:
        raise invalid("Only status cancelled and capture are served here")
    if payment["status"] != "authorized":
        raise ApiError(400, f"Payment is {payment['status']} and cannot be captured", 2018)
    amount = amounts.read(
        wish.get("transaction_amount", payment["transaction_amount"]), "transaction_amount", "MXN"
    )
    if amount > Decimal(payment["transaction_amount"]):
        raise ApiError(400, "Capture amount is more than was authorized", 2067)
    payment |= {"transaction_amount": str(amount), "captured": True}
    return change(account, payment, "approved", "accredited")


def settle(account: Account, key: str, good: bool) -> Json:
    """The shop at the corner took the money, or the review ended."""
    payment = account.find("payment", key)
    if payment["status"] not in ("pending", "in_process"):
        raise invalid(f"Payment is {payment['status']}: there is nothing to settle")
    ends = payment["date_of_expiration"]
    if good and ends and datetime.fromisoformat(ends) <= account.now:
        raise invalid("The voucher has expired: the money goes back to the customer")
    if good:
        payment["captured"] = True
        return change(account, payment, "approved", "accredited")
    return change(account, payment, "rejected", "cc_rejected_high_risk")


def expire(account: Account, key: str) -> Json:
    payment = account.find("payment", key)
    if payment["status"] != "pending":
        raise invalid(f"Payment is {payment['status']} and cannot expire")
    return change(account, payment, "cancelled", "expired")


def change(account: Account, payment: Json, status: str, detail: str) -> Json:
    payment |= {"status": status, "status_detail": detail, "date_last_updated": account.at}
    if status == "approved" and not payment["date_approved"]:
        payment |= {
            "date_approved": account.at,
            "authorization_code": payment["authorization_code"] or "301299",
        }
        reports.release(account, payment)
    account.save("payment", payment)
    account.tell("payment", "payment.updated", {"id": str(payment["id"])})
    return payment


def search(account: Account, query: dict[str, str]) -> Json:
    wanted = {"external_reference": query["external_reference"]} if "external_reference" in query else {}
    offset, limit = int(query.get("offset", "0")), min(int(query.get("limit", "30")), 100)
    wanted |= {"status": query["status"]} if "status" in query else {}
    found = [one for one in account.records.newest_first("payment", wanted) if _in_range(one, query)]
    paging = {"total": len(found), "limit": limit, "offset": offset}
    return {"results": found[offset : offset + limit], "paging": paging}


def _in_range(payment: Json, query: dict[str, str]) -> bool:
    """`range` names a date of the payment, `begin_date` and `end_date` what it lies between."""
    name = query.get("range")
    if name is None:
        return True
    if name not in ("date_created", "date_last_updated"):
        raise invalid("range is date_created or date_last_updated")
    begin, end = (datetime.fromisoformat(query[key]) for key in ("begin_date", "end_date"))
    return begin <= datetime.fromisoformat(payment[name]) <= end


def _born(account: Account, payment: Json) -> Json:
    if payment["status"] == "approved":
        reports.release(account, payment)
    account.save("payment", payment)
    account.tell("payment", "payment.created", {"id": str(payment["id"])})
    return payment


def _order(account: Account, preference: Json) -> int:
    """The merchant order of a preference: one, with its first payment."""
    known = next(account.records.newest_first("merchant_order", {"preference_id": preference["id"]}), None)
    if known is None:
        known = {
            "id": account.new_number(), "preference_id": preference["id"], "status": "opened",
            "external_reference": preference["external_reference"], "collector": {"id": COLLECTOR},
            "date_created": account.at,
        }  # fmt: skip
        account.save("merchant_order", known)
    number: int = known["id"]
    return number


def _new(
    account: Account, amount: Decimal, currency: str, status: str, detail: str, means: str, kind: str
) -> Json:
    good = status == "approved"
    return {
        "id": account.new_number(), "date_created": account.at, "date_approved": account.at if good else None,
        "date_last_updated": account.at, "date_of_expiration": None, "operation_type": "regular_payment",
        "payment_method_id": means, "payment_type_id": kind, "status": status, "status_detail": detail,
        "currency_id": currency, "transaction_amount": str(amount), "transaction_amount_refunded": "0",
        "captured": good, "live_mode": False, "collector_id": COLLECTOR, "installments": 1,
        "authorization_code": "301299" if good or status == "authorized" else None, "binary_mode": False,
    }  # fmt: skip
