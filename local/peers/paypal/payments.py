"""Payments of an order: authorisations, captures and refunds, never more than there is."""

from local.peers.database import Json
from local.peers.paypal import reporting
from local.peers.paypal.account import Account, new_id
from local.peers.paypal.amounts import checked, minor, told
from local.peers.paypal.errors import refused

FEE_PERCENT = 4
CAPTURE_EVENTS = {"COMPLETED": "COMPLETED", "PENDING": "PENDING", "DECLINED": "DENIED"}


def of_order(account: Account, order_id: str) -> Json:
    """As an order shows them, oldest first."""
    found: Json = {}
    for kind, name in (("authorization", "authorizations"), ("capture", "captures"), ("refund", "refunds")):
        made = [*account.records.newest_first(kind, {"_order": order_id})][::-1]
        if made:
            found[name] = [shown(one) for one in made]
    return found


def shown(thing: Json) -> Json:
    return {name: value for name, value in thing.items() if not name.startswith("_")}


def new_authorization(account: Account, order: Json) -> Json:
    made = _payment(account, "authorization", order, order["purchase_units"][0]["amount"], "CREATED")
    account.save("authorization", made)
    return shown(made)


def new_capture(account: Account, order: Json, amount: Json, *, pending: bool = False) -> Json:
    made = _payment(account, "capture", order, amount, "PENDING" if pending else "COMPLETED")
    made |= {"final_capture": True, "_refunded": 0}
    if pending:
        made["status_details"] = {"reason": "PENDING_REVIEW"}
    account.save("capture", made | _breakdown(amount))
    if not pending:
        _credit(account, made)
    return made | _breakdown(amount)


def tell_capture(account: Account, capture: Json) -> None:
    event = CAPTURE_EVENTS[capture["status"]]
    summary = f"Payment {event.lower()} for {capture['amount']['value']}"
    account.tell(f"PAYMENT.CAPTURE.{event}", "capture", shown(capture), summary)


def settle(account: Account, capture_id: str, *, good: bool) -> Json:
    """A pending capture comes to its end."""
    capture = account.find("capture", capture_id)
    if capture["status"] != "PENDING":
        raise refused("CAPTURE_NOT_PENDING", f"The capture is {capture['status']}.")
    capture |= {"status": "COMPLETED" if good else "DECLINED", "update_time": account.now}
    capture.pop("status_details", None)
    account.save("capture", capture)
    if good:
        _credit(account, capture)
    tell_capture(account, capture)
    return shown(capture)


def capture_authorized(account: Account, key: str, wish: Json) -> Json:
    held = account.find("authorization", key)
    if held["status"] != "CREATED":
        issue = "AUTHORIZATION_VOIDED" if held["status"] == "VOIDED" else "AUTHORIZATION_ALREADY_CAPTURED"
        raise refused(issue, f"The authorization is {held['status']}.")
    amount = checked(wish["amount"]) if "amount" in wish else held["amount"]
    if amount["currency_code"] != held["amount"]["currency_code"]:
        raise refused("CURRENCY_MISMATCH", "The currency is not that of the authorization.")
    if minor(amount) > minor(held["amount"]):
        raise refused("MAX_CAPTURE_AMOUNT_EXCEEDED", "More than was authorized.")
    held |= {
        "status": "CAPTURED" if wish.get("final_capture") else "PARTIALLY_CAPTURED",
        "update_time": account.now,
    }
    account.save("authorization", held)
    made = new_capture(account, account.find("order", held["_order"]), amount)
    tell_capture(account, made)
    return shown(made)


def void(account: Account, key: str) -> Json:
    held = account.find("authorization", key)
    if held["status"] == "VOIDED":
        raise refused("PREVIOUSLY_VOIDED", "Authorization has been previously voided.")
    if held["status"] != "CREATED":
        raise refused("PREVIOUSLY_CAPTURED", "Authorization has been previously captured.")
    held |= {"status": "VOIDED", "update_time": account.now}
    account.save("authorization", held)
    account.tell("PAYMENT.AUTHORIZATION.VOIDED", "authorization", shown(held), "An authorization was voided")
    return shown(held)


def refund(account: Account, key: str, wish: Json) -> Json:
    capture = account.find("capture", key)
    whole, currency = minor(capture["amount"]), capture["amount"]["currency_code"]
    left = whole - capture["_refunded"]
    amount = checked(wish["amount"]) if "amount" in wish else told(left, currency)
    if capture["status"] not in ("COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"):
        raise refused("CAPTURE_STATUS_NOT_VALID", f"The capture is {capture['status']}.")
    if left == 0:
        raise refused("CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded.")
    if amount["currency_code"] != currency:
        raise refused("REFUND_CAPTURE_CURRENCY_MISMATCH", "Refund in the currency of the capture.")
    if minor(amount) > left:
        raise refused(
            "REFUND_AMOUNT_EXCEEDED", "The refund amount must be less than or equal to what is left."
        )
    made: Json = {
        "id": new_id(), "amount": amount, "status": "COMPLETED", "create_time": account.now,
        "update_time": account.now, "_order": capture["_order"], "_capture": key,
        "links": [account.link(f"/v2/payments/captures/{key}", "up")],
    }  # fmt: skip
    made["links"].insert(0, account.link(f"/v2/payments/refunds/{made['id']}", "self"))
    reference = wish.get("custom_id", capture.get("custom_id"))
    account.save("refund", made | ({"custom_id": reference} if reference else {}))
    _given_back(account, capture, minor(amount))
    reporting.move(
        account, "T1107", -minor(amount), currency, made["id"], above=key, custom=str(reference or "")
    )
    done = account.find("refund", made["id"])
    account.tell("PAYMENT.CAPTURE.REFUNDED", "refund", shown(done), "A refund was made")
    return shown(done)


def fail_refund(account: Account, refund_id: str) -> Json:
    """The money could not be paid out: the capture can be refunded again."""
    made = account.find("refund", refund_id)
    if made["status"] != "COMPLETED":
        raise refused("REFUND_NOT_COMPLETED", f"The refund is {made['status']}.")
    made |= {"status": "FAILED", "update_time": account.now, "status_details": {"reason": "ECHECK"}}
    account.save("refund", made)
    _given_back(account, account.find("capture", made["_capture"]), -minor(made["amount"]))
    back = minor(made["amount"]), made["amount"]["currency_code"]
    reporting.move(account, "T1100", *back, above=made["_capture"], custom=made.get("custom_id", ""))
    account.tell("PAYMENT.REFUND.FAILED", "refund", shown(made), "A refund failed")
    return shown(made)


def _credit(account: Account, capture: Json) -> None:
    """The money comes onto the balance, less the fee."""
    whole, currency = minor(capture["amount"]), capture["amount"]["currency_code"]
    fee, custom = -(whole * FEE_PERCENT // 100), str(capture.get("custom_id", ""))
    reporting.move(account, "T0006", whole, currency, capture["id"], fee=fee, custom=custom)


def _given_back(account: Account, capture: Json, units: int) -> None:
    capture["_refunded"] += units
    left = minor(capture["amount"]) - capture["_refunded"]
    done = "REFUNDED" if left == 0 else "PARTIALLY_REFUNDED" if capture["_refunded"] else "COMPLETED"
    account.save("capture", capture | {"status": done, "update_time": account.now})


def _payment(account: Account, kind: str, order: Json, amount: Json, status: str) -> Json:
    key = new_id()
    unit = order["purchase_units"][0]
    reference = {name: unit[name] for name in ("custom_id", "invoice_id") if name in unit}
    path = f"/v2/payments/{kind}s/{key}"
    return reference | {
        "id": key, "status": status, "amount": amount, "create_time": account.now, "update_time": account.now,
        "seller_protection": {"status": "ELIGIBLE"}, "_order": order["id"],
        "supplementary_data": {"related_ids": {"order_id": order["id"]}},
        "links": [account.link(path, "self"), account.link(f"/v2/checkout/orders/{order['id']}", "up")],
    }  # fmt: skip


def _breakdown(amount: Json) -> Json:
    """What the merchant gets of it."""
    whole, currency = minor(amount), amount["currency_code"]
    fee = whole * FEE_PERCENT // 100
    parts = {
        "gross_amount": amount,
        "paypal_fee": told(fee, currency),
        "net_amount": told(whole - fee, currency),
    }
    return {"seller_receivable_breakdown": parts}
