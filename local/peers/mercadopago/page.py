"""The checkout page: looking at it changes nothing, each button is one try of the customer."""

from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from local.peers.database import Json
from local.peers.mercadopago import payments, preferences
from local.peers.mercadopago.account import Account
from local.peers.web import Reply, Request

PAGE = """<!doctype html>
<html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Mercado Pago (prueba)</title>
<style>body{{font:1rem/1.5 sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}}
button{{font:inherit;display:block;width:100%;padding:.75rem;margin:.5rem 0}}</style>
<h1>Mercado Pago, local</h1>
{content}
</html>
"""
BUTTONS = {
    "pay": "Pagar con tarjeta · Pay by card",
    "decline": "Tarjeta rechazada · Card declined",
    "review": "Pago en revisión · Payment under review",
    "voucher": "Voucher en tienda, se paga después · Voucher, paid later",
}
BACK = {"approved": "success", "pending": "pending", "in_process": "pending", "rejected": "failure"}


def show(account: Account, request: Request) -> Reply:
    preference = _preference(account, request)
    if not preferences.is_open(account, preference):
        return _page(410, "<p>Este pago ya no está disponible · This payment is no longer available.</p>")
    items = "".join(f"<li>{escape(_told(item))}</li>" for item in preference["items"])
    means = "".join(
        f'<button name="outcome" value="{name}">{escape(text)}</button>'
        for name, text in BUTTONS.items()
        if name in offered(preference)
    )
    return _page(200, f'<ul>{items}</ul><form method="post">{means}</form>')


def decide(account: Account, request: Request) -> Reply:
    preference = _preference(account, request)
    outcome = parse_qs(request.body.decode("utf-8", "replace")).get("outcome", [""])[0]
    if not preferences.is_open(account, preference):
        return _page(410, "<p>Este pago ya no está disponible · This payment is no longer available.</p>")
    if outcome not in offered(preference):
        return _page(400, "<p>Elige cómo pagar · Choose how to pay.</p>")
    payment = payments.attempt(account, preference, outcome)
    back = (preference["back_urls"] or {}).get(BACK[payment["status"]])
    if not back:
        return _page(200, f"<p>{escape(payment['status'])}: {escape(str(payment['id']))}</p>")
    return Reply(303, headers={"Location": _with_outcome(back, payment, preference)})


def offered(preference: Json) -> list[str]:
    """The ways to end that the preference leaves open."""
    excluded = {one["id"] for one in (preference["payment_methods"] or {}).get("excluded_payment_types", [])}
    return [name for name, (*_, kind) in payments.OUTCOMES.items() if kind not in excluded]


def _preference(account: Account, request: Request) -> Json:
    return account.find("preference", parse_qs(request.query).get("pref_id", [""])[0])


def _told(item: Json) -> str:
    return f"{item['title']}: {item['quantity']} × {item['unit_price']} {item['currency_id']}"


def _with_outcome(url: str, payment: Json, preference: Json) -> str:
    told = {
        "collection_id": payment["id"], "collection_status": payment["status"], "payment_id": payment["id"],
        "status": payment["status"], "external_reference": preference["external_reference"],
        "payment_type": payment["payment_type_id"], "merchant_order_id": payment["order"]["id"],
        "preference_id": preference["id"],
    }  # fmt: skip
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *told.items()])
    return urlunsplit(parts._replace(query=query))


def _page(status: int, content: str) -> Reply:
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return Reply(status, PAGE.format(content=content).encode(), headers)
