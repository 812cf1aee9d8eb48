"""Disputes: opened and decided through the control URL, read through the API."""

from local.peers.database import Json
from local.peers.paypal import reporting
from local.peers.paypal.account import Account
from local.peers.paypal.amounts import checked, minor
from local.peers.paypal.errors import no_such, refused

REASONS = ("MERCHANDISE_OR_SERVICE_NOT_RECEIVED", "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED", "UNAUTHORISED")
OUTCOMES = (
    "RESOLVED_BUYER_FAVOUR", "RESOLVED_SELLER_FAVOUR", "RESOLVED_WITH_PAYOUT", "CANCELED_BY_BUYER",
    "ACCEPTED", "DENIED",
)  # fmt: skip
LOST = ("RESOLVED_BUYER_FAVOUR", "ACCEPTED")
DAYS_TO_ANSWER = 10


def open_dispute(account: Account, capture_id: str, amount: object, reason: str) -> Json:
    capture = account.find("capture", capture_id)
    disputed = capture["amount"] if amount is None else checked(amount)
    if reason not in REASONS or minor(disputed) > minor(capture["amount"]):
        raise refused("INVALID_DISPUTE", f"A reason of {', '.join(REASONS)}, and no more than was captured.")
    about = {
        "seller_transaction_id": capture_id, "gross_amount": capture["amount"],
        "transaction_status": "COMPLETED", "create_time": capture["create_time"],
        "custom": capture.get("custom_id", ""),
    }  # fmt: skip
    number = sum(1 for _ in account.records.newest_first("dispute")) + 1
    dispute: Json = {
        "dispute_id": f"PP-D-{number:05d}", "create_time": account.now, "update_time": account.now,
        "disputed_transactions": [about], "reason": reason, "dispute_amount": disputed,
        "seller_response_due_date": account.later(DAYS_TO_ANSWER),
        "status": "OPEN", "dispute_state": "OPEN_INQUIRIES", "dispute_life_cycle_stage": "INQUIRY",
    }  # fmt: skip
    account.save("dispute", dispute)
    reporting.move(
        account, "T1110", -minor(disputed), disputed["currency_code"], above=capture_id
    )  # held until it is decided
    account.tell("CUSTOMER.DISPUTE.CREATED", "dispute", dispute, "A new dispute opened")
    return dispute


def close(account: Account, dispute_id: str, outcome: str) -> Json:
    dispute = account.find("dispute", dispute_id)
    if dispute["status"] == "RESOLVED" or outcome not in OUTCOMES:
        raise refused("INVALID_DISPUTE", f"An open dispute, and an outcome of {', '.join(OUTCOMES)}.")
    refunded = dispute["dispute_amount"]
    dispute |= {
        "status": "RESOLVED", "dispute_state": "RESOLVED", "update_time": account.now,
        "dispute_outcome": {"outcome_code": outcome, "amount_refunded": refunded},
    }  # fmt: skip
    account.save("dispute", dispute)
    about, held = dispute["disputed_transactions"][0]["seller_transaction_id"], minor(refunded)
    reporting.move(account, "T1111", held, refunded["currency_code"], above=about)
    if outcome in LOST:
        reporting.move(account, "T1106", -held, refunded["currency_code"], above=about)
    account.tell("CUSTOMER.DISPUTE.RESOLVED", "dispute", dispute, "A dispute was resolved")
    return dispute


def read(account: Account, key: str) -> Json:
    found = account.records.get("dispute", key)
    if found is None:
        raise no_such(key)
    return found


def listed(account: Account, transaction: str, since: str = "") -> Json:
    """The short form: it does not say how a dispute ended. `since`: opened from then on."""
    short = (
        "dispute_id",
        "create_time",
        "update_time",
        "reason",
        "status",
        "dispute_state",
        "dispute_amount",
    )
    items = [
        {name: one[name] for name in short}
        for one in account.records.newest_first("dispute")
        if transaction in ("", one["disputed_transactions"][0]["seller_transaction_id"])
        and one["create_time"] >= since
    ]
    return {"items": items, "links": [account.link("/v1/customer/disputes", "self")]}
