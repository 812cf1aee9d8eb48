"""Refunds, which carry no name of the merchant's, and chargebacks: money that goes back."""

from datetime import timedelta
from decimal import Decimal

from local.peers.database import Json
from local.peers.mercadopago import amounts, payments, reports
from local.peers.mercadopago.account import Account, written
from local.peers.mercadopago.errors import ApiError, invalid

GONE = ("approved", "in_process")  # refunds that hold money
DAYS_TO_ANSWER = 10
CHARGEBACK_ENDS = {"won": "reimbursed", "lost": "settled"}


def create(account: Account, wish: Json, key: str, status: str = "approved") -> Json:
    """All that is left, or `amount`."""
    payment = account.find("payment", key)
    if set(wish) - {"amount"}:
        raise invalid("A refund has an amount and nothing else")
    if payment["status"] != "approved":
        raise ApiError(400, f"Payment is {payment['status']} and cannot be refunded", 2018)
    left = Decimal(payment["transaction_amount"]) - _given(account, payment)
    amount = amounts.read(wish["amount"], "amount", payment["currency_id"]) if wish.get("amount") else left
    if amount > left or left <= 0:
        raise ApiError(400, f"The amount {amount} is more than the {left} that is left", 2017)
    refund: Json = {
        "id": account.new_number(), "payment_id": payment["id"], "amount": str(amount), "metadata": {},
        "source": {"id": "446566691", "name": "Casa Jacaranda", "type": "collector"}, "reason": None,
        "date_created": account.at, "refund_mode": "standard", "unique_sequence_number": None,
        "status": status,
    }  # fmt: skip
    account.save("refund", refund)
    if status == "approved":
        _take(account, payment, refund)
    _follow(account, payment)
    return refund


def decide(account: Account, refund_id: str, good: bool) -> Json:
    """A refund that took its time went through, or the customer's bank sent the money back."""
    refund = account.find("refund", refund_id)
    if refund["status"] not in GONE:
        raise invalid(f"Refund is {refund['status']}")
    before, payment = refund["status"], account.find("payment", refund["payment_id"])
    refund["status"] = "approved" if good else "rejected"
    account.save("refund", refund)
    if good and before != "approved":
        _take(account, payment, refund)
    elif not good and before == "approved":
        _take(account, payment, refund, back=True)
    _follow(account, payment)
    return refund


def of(account: Account, payment_id: str) -> list[Json]:
    payment = account.find("payment", payment_id)
    refunds = account.records.newest_first("refund")
    return [one for one in refunds if one["payment_id"] == payment["id"]][::-1]


def charge_back(account: Account, payment_id: str) -> Json:
    """The customer disowns the payment at the bank."""
    payment = account.find("payment", payment_id)
    if payment["status"] != "approved":
        raise invalid(f"Payment is {payment['status']}: nobody can disown it")
    chargeback: Json = {
        "id": account.new_number(), "payment_id": payment["id"], "payments": [payment["id"]],
        "currency": payment["currency_id"], "status": "in_process", "date_created": account.at,
        "amount": str(Decimal(payment["transaction_amount"]) - _given(account, payment)),
        "documentation_required": True, "documentation_status": "pending",
        "date_documentation_deadline": written(account.now + timedelta(days=DAYS_TO_ANSWER)),
    }  # fmt: skip
    account.save("chargeback", chargeback)
    _dispute(account, payment, chargeback, "chargeback")
    payments.change(account, payment, "charged_back", "in_process")
    _tell(account, chargeback)
    return chargeback


def close_chargeback(account: Account, chargeback_id: str, end: str) -> Json:
    chargeback = account.find("chargeback", chargeback_id)
    if end not in CHARGEBACK_ENDS or chargeback["status"] != "in_process":
        raise invalid("An open chargeback is won or lost")
    chargeback["status"] = CHARGEBACK_ENDS[end]
    account.save("chargeback", chargeback)
    payment = account.find("payment", chargeback["payment_id"])
    if end == "won":
        _dispute(account, payment, chargeback, "chargeback_cancel")
    payments.change(account, payment, "charged_back", chargeback["status"])
    _tell(account, chargeback)
    return chargeback


def chargebacks(account: Account, query: dict[str, str]) -> Json:
    found = [
        one
        for one in account.records.newest_first("chargeback")
        if str(one["payment_id"]) == query.get("payment_id", str(one["payment_id"]))
    ]
    return {"results": found, "paging": {"total": len(found), "limit": len(found), "offset": 0}}


def _take(account: Account, payment: Json, refund: Json, *, back: bool = False) -> None:
    """A refund leaves the balance, or comes back to it; the rows of reports name its payment."""
    amount, reference = Decimal(refund["amount"]), payment.get("external_reference") or ""
    move = "refund_cancel" if back else "refund"
    reports.move(account, move, str(payment["id"]), amount if back else -amount, reference=reference)


def _dispute(account: Account, payment: Json, chargeback: Json, what: str) -> None:
    amount = Decimal(chargeback["amount"]) * (-1 if what == "chargeback" else 1)
    reference = payment.get("external_reference") or ""
    reports.move(account, what, str(payment["id"]), amount, reference=reference)


def _tell(account: Account, chargeback: Json) -> None:
    data = {"payment_id": chargeback["payment_id"], "id": str(chargeback["id"])}
    account.tell("topic_chargebacks_wh", "changed_case_status", data)


def _given(account: Account, payment: Json) -> Decimal:
    found = (one for one in of(account, payment["id"]) if one["status"] in GONE)
    return sum((Decimal(one["amount"]) for one in found), Decimal(0))


def _follow(account: Account, payment: Json) -> None:
    """The payment after its refunds changed."""
    done = (one for one in of(account, payment["id"]) if one["status"] == "approved")
    back = sum((Decimal(one["amount"]) for one in done), Decimal(0))
    payment["transaction_amount_refunded"] = str(back)
    if back == Decimal(payment["transaction_amount"]):
        payments.change(account, payment, "refunded", "refunded")
    else:
        payments.change(account, payment, "approved", "partially_refunded" if back else "accredited")
