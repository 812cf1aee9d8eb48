"""Orders: created, approved by the customer on a page, then captured or authorised by the merchant."""

import re
from urllib.parse import urlsplit

from local.peers.database import Json
from local.peers.paypal import payments
from local.peers.paypal.account import Account, new_id
from local.peers.paypal.amounts import checked
from local.peers.paypal.errors import ApiError, invalid, refused

INTENTS = ("CAPTURE", "AUTHORIZE")
HIDDEN = "_"  # what begins so is the peer's own and never told
FORGOTTEN_SECONDS = 3 * 3600
PATCHABLE = re.compile(r"/purchase_units/@reference_id=='([^']+)'/(custom_id|description)")


def create(account: Account, wish: Json) -> Json:
    if wish.get("intent") not in INTENTS:
        raise invalid("INVALID_PARAMETER_VALUE", "intent is CAPTURE or AUTHORIZE.")
    units = wish.get("purchase_units")
    if not isinstance(units, list) or len(units) != 1 or not isinstance(units[0], dict):
        raise invalid("MISSING_REQUIRED_PARAMETER", "One purchase unit, please.")
    source = (wish.get("payment_source") or {}).get("paypal")
    context = (source or {}).get("experience_context") or wish.get("application_context") or {}
    for name in ("return_url", "cancel_url"):
        if name in context and urlsplit(str(context[name])).scheme not in ("http", "https"):
            raise invalid("INVALID_PARAMETER_SYNTAX", f"{name} is a web address.")
    order: Json = {
        "id": new_id(), "intent": wish["intent"], "purchase_units": [_unit(units[0])],
        "status": "CREATED" if source is None else "PAYER_ACTION_REQUIRED",
        "create_time": account.now, "_context": context, "_born": account.moment,
        "_link": "approve" if source is None else "payer-action",
    }  # fmt: skip
    if source is not None:
        order["payment_source"] = {"paypal": {}}
    account.save("order", order)
    return shown(account, order)


def find(account: Account, key: str) -> Json:
    """PayPal forgets an order that nobody completes."""
    order = account.find("order", key)
    if order["status"] != "COMPLETED" and account.moment - order["_born"] > FORGOTTEN_SECONDS:
        raise ApiError(404, "INVALID_RESOURCE_ID", "Specified resource ID does not exist.")
    return order


def shown(account: Account, order: Json) -> Json:
    """The order as PayPal tells it, its payments with it."""
    told = {name: value for name, value in order.items() if not name.startswith(HIDDEN)}
    path = f"/v2/checkout/orders/{order['id']}"
    links = [account.link(path, "self")]
    if order["status"] in ("CREATED", "PAYER_ACTION_REQUIRED"):
        links.append(account.link(f"/checkoutnow?token={order['id']}", order["_link"]))
    if order["status"] == "APPROVED":
        verb = order["intent"].lower()
        links.append(account.link(f"{path}/{verb}", verb, "POST"))
    made = payments.of_order(account, order["id"])
    unit = order["purchase_units"][0] | ({"payments": made} if made else {})
    return told | {"purchase_units": [unit], "links": links}


def patch(account: Account, key: str, changes: object) -> None:
    order = find(account, key)
    if order["status"] == "COMPLETED":
        raise refused("ORDER_ALREADY_COMPLETED", "The order cannot be patched after it is completed.")
    for change in changes if isinstance(changes, list) else [changes]:
        wish: Json = change if isinstance(change, dict) else {}
        place, unit = PATCHABLE.fullmatch(str(wish.get("path"))), order["purchase_units"][0]
        if place is None or wish.get("op") not in ("add", "replace"):
            raise invalid("INVALID_PATCH_OPERATION", "This cannot be patched.")
        if place[1] != unit["reference_id"]:
            raise refused("INVALID_PURCHASE_UNIT", "There is no such purchase unit.")
        unit[place[2]] = _text({"it": wish.get("value")}, "it", 255)
    account.save("order", order)


def approve(account: Account, order: Json, *, declined: bool = False) -> None:
    """The customer agreed, with a source of money that is good or will be declined."""
    payer = {"email_address": "buyer@example.com", "payer_id": "QYR5Z8XDVJNXQ"}
    order |= {
        "status": "APPROVED", "update_time": account.now, "payer": payer, "_declined": declined,
        "payment_source": {"paypal": payer},
    }  # fmt: skip
    account.save("order", order)
    told = "An order has been approved by buyer"
    account.tell("CHECKOUT.ORDER.APPROVED", "checkout-order", shown(account, order), told)


def capture(account: Account, key: str) -> Json:
    order = _ready(account, key, "CAPTURE")
    unit = order["purchase_units"][0]
    made = payments.new_capture(account, order, unit["amount"], pending=bool(order.get("_pending")))
    _complete(account, order)
    payments.tell_capture(account, made)
    return shown(account, order)


def authorize(account: Account, key: str) -> Json:
    order = _ready(account, key, "AUTHORIZE")
    made = payments.new_authorization(account, order)
    _complete(account, order)
    account.tell("PAYMENT.AUTHORIZATION.CREATED", "authorization", made, "An authorization was created")
    return shown(account, order)


def _ready(account: Account, key: str, intent: str) -> Json:
    order = find(account, key)
    if order["intent"] != intent:
        raise refused("ACTION_DOES_NOT_MATCH_INTENT", f"The order's intent is {order['intent']}.")
    if order["status"] == "COMPLETED":
        verb = "CAPTURED" if intent == "CAPTURE" else "AUTHORIZED"
        raise refused(f"ORDER_ALREADY_{verb}", f"Order already {verb.lower()}.")
    if order["status"] != "APPROVED":
        raise refused("ORDER_NOT_APPROVED", "Payer has not yet approved the Order for payment.")
    if order["_declined"]:
        again = account.link(f"/checkoutnow?token={key}", "redirect")
        told = "The instrument presented was either declined by the processor or bank, or it can't be used."
        raise refused("INSTRUMENT_DECLINED", told, again)
    return order


def _complete(account: Account, order: Json) -> None:
    order |= {"status": "COMPLETED", "update_time": account.now}
    account.save("order", order)


def _unit(wish: Json) -> Json:
    unit = {
        "reference_id": _text(wish, "reference_id", 256) or "default",
        "amount": checked(wish.get("amount")),
    }
    for name, longest in (("custom_id", 255), ("invoice_id", 127), ("description", 127)):
        if text := _text(wish, name, longest):
            unit[name] = text
    return unit


def _text(wish: Json, name: str, longest: int) -> str:
    value = wish.get(name, "")
    if not isinstance(value, str) or len(value) > longest:
        raise invalid("INVALID_STRING_LENGTH", f"{name} is text of at most {longest} characters.")
    return value
