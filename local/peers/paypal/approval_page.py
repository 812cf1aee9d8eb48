"""The page where a customer pays: looking at it changes nothing, a pressed button decides."""

from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from local.peers.database import Json
from local.peers.paypal import orders
from local.peers.paypal.account import Account
from local.peers.web import Reply, Request

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>PayPal (test)</title>
<style>body{{font:1rem/1.5 sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}}
button{{font:inherit;display:block;width:100%;padding:.6rem 1rem;margin:.6rem 0}}</style>
<h1>PayPal (test)</h1>
{content}
</html>
"""
QUESTION = """<p>{description}</p>
<p><strong>{amount}</strong></p>
<form method="post">
<button name="decision" value="pay">Pay · Pagar</button>
<button name="decision" value="decline">Pay with a declined card · Pagar con tarjeta rechazada</button>
<button name="decision" value="cancel">Cancel and return to the shop · Cancelar y volver a la tienda</button>
</form>"""


def show(account: Account, request: Request) -> Reply:
    order = _order(account, request)
    if not _open(order):
        return _nothing(order)
    unit = order["purchase_units"][0]
    amount = f"{unit['amount']['value']} {unit['amount']['currency_code']}"
    description = escape(unit.get("description", order["id"]))
    return _page(200, QUESTION.format(description=description, amount=escape(amount)))


def decide(account: Account, request: Request) -> Reply:
    order = _order(account, request)
    decision = parse_qs(request.body.decode("utf-8", "replace")).get("decision", [""])[0]
    if decision not in ("pay", "decline", "cancel"):
        return _page(400, "<p>Choose to pay or to cancel.</p>")
    if not _open(order):
        return _nothing(order)
    told = {"token": order["id"]}
    if decision != "cancel":
        orders.approve(account, order, declined=decision == "decline")
        told["PayerID"] = order["payer"]["payer_id"]
    url = order["_context"].get("cancel_url" if decision == "cancel" else "return_url")
    if not url:
        return _page(200, f"<p>Thank you. The order is {escape(order['status'])}.</p>")
    return Reply(303, headers={"Location": _with(url, told)})


def _order(account: Account, request: Request) -> Json:
    return orders.find(account, parse_qs(request.query).get("token", [""])[0])


def _open(order: Json) -> bool:
    """A customer whose card was declined may choose another."""
    declined = order["status"] == "APPROVED" and order["_declined"]
    return bool(declined or order["status"] in ("CREATED", "PAYER_ACTION_REQUIRED"))


def _nothing(order: Json) -> Reply:
    return _page(409, f"<p>There is nothing to decide: the order is {escape(order['status'])}.</p>")


def _with(url: str, told: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *told.items()])
    return urlunsplit(parts._replace(query=query))


def _page(status: int, content: str) -> Reply:
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return Reply(status, PAGE.format(content=content).encode(), headers)
