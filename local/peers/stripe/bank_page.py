"""The bank's page of a 3-D Secure payment: looking at it changes nothing, a pressed button decides."""

from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from local.peers.database import Json
from local.peers.stripe import attempts, sessions
from local.peers.stripe.account import Account
from local.peers.stripe.amounts import shown
from local.peers.web import Reply, Request

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>3-D Secure</title>
<style>body{{font:1rem/1.5 sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}}
button{{font:inherit;padding:.5rem 1.5rem;margin-right:1rem}}</style>
<h1>Test bank</h1>
{content}
</html>
"""
QUESTION = """<p>Pay {amount} for {intent}?</p>
<form method="post">
<button name="decision" value="accept">Accept · Aceptar</button>
<button name="decision" value="refuse">Refuse · Rechazar</button>
</form>"""


def show(account: Account, request: Request) -> Reply:
    intent = account.find("payment_intent", request.path_values["intent"], "intent")
    if intent["status"] != "requires_action":
        return _page(409, f"<p>There is nothing to decide: the payment is {escape(intent['status'])}.</p>")
    amount = f"{shown(intent['amount'], intent['currency'])} {intent['currency'].upper()}"
    return _page(200, QUESTION.format(amount=escape(amount), intent=escape(intent["id"])))


def decide(account: Account, request: Request) -> Reply:
    intent = account.find("payment_intent", request.path_values["intent"], "intent")
    decision = parse_qs(request.body.decode("utf-8", "replace")).get("decision", [""])[0]
    if decision not in ("accept", "refuse"):
        return _page(400, "<p>Choose to accept or to refuse.</p>")
    if intent["status"] != "requires_action":
        return _page(409, f"<p>There is nothing to decide: the payment is {escape(intent['status'])}.</p>")
    return_url = intent["next_action"]["redirect_to_url"]["return_url"]
    intent = attempts.customer_answered(account, intent, decision == "accept")
    sessions.follow(account, intent)
    if return_url is None:
        return _page(200, f"<p>Thank you. The payment is {escape(intent['status'])}.</p>")
    return Reply(303, headers={"Location": _with_outcome(return_url, intent)})


def _with_outcome(url: str, intent: Json) -> str:
    parts = urlsplit(url)
    outcome = "failed" if intent["status"] == "requires_payment_method" else "succeeded"
    told = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": outcome,
    }
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *told.items()])
    return urlunsplit(parts._replace(query=query))


def _page(status: int, content: str) -> Reply:
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return Reply(status, PAGE.format(content=content).encode(), headers)
