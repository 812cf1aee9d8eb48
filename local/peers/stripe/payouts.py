"""Payouts: what lies on the balance goes to the merchant's bank; begun through the control URL."""

from local.peers.database import Json
from local.peers.stripe import charges
from local.peers.stripe.account import Account
from local.peers.stripe.errors import invalid

DAY = 24 * 3600
DAYS_TO_ARRIVE = 2
STATES = ("pending", "in_transit", "paid")
CONTENT = "payout_content"  # what went out with which payout: Stripe keeps it to itself, too


def pay_out(account: Account, currency: str, status: str, *, automatic: bool) -> Json:
    """Everything of a currency that was not paid out before, as one payout. A manual one does not say
    what is in it, as Stripe's do not."""
    if status not in STATES:
        raise invalid(f"Invalid status: must be one of {', '.join(STATES)}", "status")
    waiting = [row for row in _unpaid(account) if row["currency"] == currency]
    amount = sum(row["net"] for row in waiting)
    if amount <= 0:
        raise invalid("You have insufficient funds in your Stripe account.", "amount", "balance_insufficient")
    payout = _payout(account, amount, currency, status, automatic=automatic)
    own = charges.move(account, payout, -amount, 0, "payout")
    payout["balance_transaction"] = own["id"]
    account.save(payout)
    for row in (*waiting, own):
        account.records.put(CONTENT, row["id"], {"id": row["id"], "payout": payout["id"]})
    account.tell("payout.created", payout)
    if status == "paid":
        account.tell("payout.paid", payout)
    if automatic:
        account.tell("payout.reconciliation_completed", payout)
    return payout


def fail(account: Account, payout_id: str, code: str) -> Json:
    """The bank sends it back: the money is on the balance again."""
    payout = account.find("payout", payout_id, "payout")
    if payout["status"] in ("failed", "canceled"):
        raise invalid(f"Payout {payout_id} is {payout['status']} already.")
    before = dict(payout)
    back = charges.move(account, payout, payout["amount"], 0, "payout_failure")
    payout |= {
        "failure_balance_transaction": back["id"], "failure_code": code, "status": "failed",
        "failure_message": "The bank could not process this transfer.",
    }  # fmt: skip
    account.save(payout)
    account.tell("payout.failed", payout, before)
    return payout


def content(account: Account, payout_id: str) -> set[str]:
    """The ids of the balance transactions of an automatic payout."""
    payout = account.find("payout", payout_id, "payout")
    if not payout["automatic"]:
        message = "Balance transaction history can only be filtered on automatic transfers, not manual."
        raise invalid(message, "payout")
    return {row["id"] for row in account.records.newest_first(CONTENT, {"payout": payout_id})}


def _unpaid(account: Account) -> list[Json]:
    gone = {row["id"] for row in account.records.newest_first(CONTENT)}
    return [row for row in account.records.newest_first("balance_transaction") if row["id"] not in gone]


def _payout(account: Account, amount: int, currency: str, status: str, *, automatic: bool) -> Json:
    nothing = dict.fromkeys((
        "application_fee", "application_fee_amount", "failure_balance_transaction", "failure_code",
        "failure_message", "original_payout", "payout_method", "reversed_by", "statement_descriptor",
    ))  # fmt: skip
    arrival = account.now if status == "paid" else account.now + DAYS_TO_ARRIVE * DAY
    return {
        "id": account.new_id("po"), "object": "payout", "amount": amount, **nothing,
        "arrival_date": arrival - arrival % DAY,
        "automatic": automatic, "balance_transaction": None, "created": account.now, "currency": currency,
        "description": "STRIPE PAYOUT", "destination": "ba_3DemoBankAccount", "livemode": False,
        "metadata": {}, "method": "standard",
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "source_type": "card", "status": status,
        "trace_id": {"status": "supported", "value": f"TRC{account.now}"}, "type": "bank_account",
    }  # fmt: skip
