"""Charges and the money they move on the balance."""

from local.peers.database import Json
from local.peers.stripe.account import Account
from local.peers.stripe.payment_methods import NOBODY, Decline

FEE_PER_MILLE = 29
FEE_FIXED = 30
HELD = 7 * 86_400  # seconds for which a bank keeps money set aside that nobody has taken
SHOWN_OF_CARD = (
    "brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet",
)  # fmt: skip


def succeeded(account: Account, intent: Json, method: Json, *, captured: bool) -> Json:
    outcome = {
        "advice_code": None, "network_advice_code": None, "network_decline_code": None,
        "network_status": "approved_by_network", "reason": None, "risk_level": "normal", "risk_score": 8,
        "seller_message": "Payment complete.", "type": "authorized",
    }  # fmt: skip
    charge = _charge(account, intent, method, outcome)
    charge |= {"amount_captured": charge["amount"] if captured else 0, "captured": captured, "paid": True}
    charge["status"] = "succeeded"
    account.save(charge)
    return charge


def failed(account: Account, intent: Json, method: Json, code: str, refusal: Decline) -> Json:
    outcome = {
        "advice_code": "try_again_later", "network_advice_code": None, "network_decline_code": "01",
        "network_status": "declined_by_network", "reason": refusal.decline_code, "risk_level": "normal",
        "risk_score": 8, "seller_message": "The bank did not say more.", "type": "issuer_declined",
    }  # fmt: skip
    charge = _charge(account, intent, method, outcome)
    charge |= {"failure_code": code, "failure_message": refusal.message, "status": "failed"}
    account.save(charge)
    return charge


def settle_balance(account: Account, charge: Json) -> None:
    """The captured amount reaches the balance, less the fee; halves of a cent are rounded up."""
    amount = charge["amount_captured"]
    fee = (amount * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED
    charge["balance_transaction"] = move(account, charge, amount, fee, "charge")["id"]
    account.save(charge)


def move(account: Account, source: Json, amount: int, fee: int, kind: str) -> Json:
    detail = {
        "amount": fee, "application": None, "currency": source["currency"],
        "description": "Processing fee", "type": "stripe_fee",
    }  # fmt: skip
    transaction: Json = {
        "id": account.new_id("txn"), "object": "balance_transaction", "amount": amount,
        "available_on": account.now, "balance_type": "payments", "created": account.now,
        "currency": source["currency"], "description": source.get("description"), "exchange_rate": None,
        "fee": fee, "fee_details": [detail] if fee else [], "net": amount - fee,
        "reporting_category": _category(kind, amount), "source": source["id"],
        "status": "available", "type": kind,
    }  # fmt: skip
    account.save(transaction)
    return transaction


def _category(kind: str, amount: int) -> str:
    if kind == "adjustment":
        return "dispute" if amount < 0 else "dispute_reversal"
    return {"payout_failure": "payout_reversal"}.get(kind, kind)


def _charge(account: Account, intent: Json, method: Json, outcome: Json) -> Json:
    nothing = dict.fromkeys((
        "application", "application_fee", "application_fee_amount", "balance_transaction",
        "calculated_statement_descriptor", "customer", "failure_balance_transaction", "failure_code",
        "failure_message", "on_behalf_of", "receipt_number", "receipt_url", "review", "source",
        "source_transfer", "transfer_data",
    ))  # fmt: skip
    inherited = ("amount", "currency", "description", "metadata", "receipt_email", "shipping",
                 "statement_descriptor", "statement_descriptor_suffix", "transfer_group")  # fmt: skip
    return {
        "id": account.new_id("ch"), "object": "charge", "amount_captured": 0, "amount_refunded": 0, **nothing,
        "billing_details": NOBODY, "captured": False, "created": account.now, "disputed": False,
        "fraud_details": {}, "livemode": False, "outcome": outcome, "paid": False,
        "payment_intent": intent["id"], "payment_method": method["id"],
        "payment_method_details": {"card": _card(intent, method, account.now), "type": "card"},
        "radar_options": {}, "refunded": False, "status": "pending",
        **{name: intent[name] for name in inherited},
    }  # fmt: skip


def _card(intent: Json, method: Json, now: int) -> Json:
    card = {name: method["card"][name] for name in SHOWN_OF_CARD}
    if intent["capture_method"] == "manual":
        card["capture_before"] = now + HELD
    return {
        **card, "amount_authorized": intent["amount"], "authorization_code": "123456", "installments": None,
        "mandate": None, "network": card["brand"], "three_d_secure": None,
    }  # fmt: skip
