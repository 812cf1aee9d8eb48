"""The page of a Checkout Session, Spanish or English: a look changes nothing, a sent card is a try."""

from html import escape
from urllib.parse import parse_qs

from local.peers.database import Json
from local.peers.stripe import session_rules, sessions, typed_cards
from local.peers.stripe.account import Account
from local.peers.stripe.amounts import shown
from local.peers.stripe.errors import ApiError
from local.peers.web import Reply, Request

PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root{{color-scheme:light dark}}
body{{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem}}
h1{{font-size:2rem;margin:.25rem 0}} p{{margin:.25rem 0}}
form{{margin:1.5rem 0}} label{{display:block;margin:.75rem 0 .25rem}}
input,button{{font:inherit;box-sizing:border-box;width:100%;min-height:2.75rem;padding:.5rem .75rem}}
input{{border:1px solid;border-radius:.4rem}} .two{{display:flex;gap:1rem}} .two div{{flex:1}}
button{{margin-top:1.25rem;border:0;border-radius:.4rem;background:#0b57d0;color:#fff;cursor:pointer}}
.bad{{border-left:.25rem solid #c5221f;padding:.25rem .75rem}} small,.soft{{opacity:.75}}
table{{border-spacing:0;width:100%}} code{{white-space:nowrap}}
td{{padding:.2rem 0;vertical-align:top}} td+td{{padding-left:1rem}}
</style>
{content}
</html>
"""
FORM = """<p>{name}</p>
<h1>{amount}</h1>
<p class="soft">{email}</p>
{problem}
<form method="post">
<label for="number">{word_number}</label>
<input id="number" name="number" inputmode="numeric" autocomplete="off" required maxlength="23">
<div class="two">
<div><label for="expiry">{word_expiry}</label>
<input id="expiry" name="expiry" value="12/34" required></div>
<div><label for="cvc">{word_cvc}</label>
<input id="cvc" name="cvc" inputmode="numeric" value="123" required></div>
</div>
<button>{word_pay} {amount}</button>
</form>
<p>{back}</p>
<h2><small>{word_tests}</small></h2>
<table>
<tr><td><code>4242 4242 4242 4242</code><td>{word_good}
<tr><td><code>4000 0000 0000 0002</code><td>{word_declined}
<tr><td><code>4000 0000 0000 9995</code><td>{word_poor}
<tr><td><code>4000 0000 0000 3220</code><td>{word_asks}
</table>"""
WORDS = {
    "es": {
        "title": "Pagar", "number": "Número de la tarjeta", "expiry": "Caduca (MM/AA)", "cvc": "CVC",
        "pay": "Pagar", "back": "Volver a la tienda", "tests": "Números de prueba", "good": "se paga",
        "declined": "se rechaza", "poor": "sin fondos", "asks": "el banco pregunta (3-D Secure)",
        "over": "Esta página de pago ya no está disponible.", "done": "Ya está pagado. Gracias.",
        "incorrect_number": "Ese número no es de una tarjeta de prueba.",
        "invalid_expiry_year": "La tarjeta ha caducado.", "invalid_cvc": "El CVC tiene 3 o 4 cifras.",
        "insufficient_funds": "La tarjeta no tiene fondos suficientes. Prueba con otra.",
        "card_declined": "El banco ha rechazado la tarjeta. Prueba con otra.",
        "payment_intent_authentication_failure": "No se ha confirmado con el banco. Prueba otra vez.",
    },
    "en": {
        "title": "Pay", "number": "Card number", "expiry": "Expires (MM/YY)", "cvc": "CVC", "pay": "Pay",
        "back": "Back to the shop", "tests": "Test numbers", "good": "is paid", "declined": "is declined",
        "poor": "has no funds", "asks": "the bank asks (3-D Secure)",
        "over": "This page to pay is no longer available.", "done": "This is paid. Thank you.",
        "incorrect_number": "That is no number of a test card.", "invalid_cvc": "The CVC has 3 or 4 digits.",
        "invalid_expiry_year": "The card has expired.",
        "insufficient_funds": "There is not enough money on the card. Try another.",
        "card_declined": "The bank declined the card. Try another.",
        "payment_intent_authentication_failure": "The bank did not confirm it. Try again.",
    },
}  # fmt: skip


def show(account: Account, request: Request) -> Reply:
    session = sessions.current(account, request.path_values["session"])
    back_from_bank = "redirect_status" in parse_qs(request.query)
    if session["status"] == "complete" and back_from_bank:
        return _leave(session)
    if session["status"] != "open":
        return _ended(session)
    return _form(account, session, _last_problem(account, session) if back_from_bank else "")


def pay(account: Account, request: Request) -> Reply:
    """Try the card that was typed: back to the shop, to the bank's page, or here again with what is wrong."""
    session = sessions.current(account, request.path_values["session"])
    if session["status"] != "open":
        return _ended(session)
    typed = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
    here = f"{account.page_url}{session_rules.PAGE}/{session['id']}"
    try:
        intent = sessions.pay(account, session, _token(account, typed), here)
    except ApiError as error:
        return _form(account, session, _said(session, error.error))
    if intent["status"] == "requires_action":
        return Reply(303, headers={"Location": intent["next_action"]["redirect_to_url"]["url"]})
    return _leave(session)


def _token(account: Account, typed: dict[str, str]) -> str:
    month, _, year = typed.get("expiry", "").replace(" ", "").partition("/")
    card = {
        "number": typed.get("number", ""),
        "exp_month": month,
        "exp_year": year,
        "cvc": typed.get("cvc", ""),
    }
    return str(typed_cards.as_token({"payment_method_data": {"card": card}}, account.now)["payment_method"])


def _leave(session: Json) -> Reply:
    address = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
    return Reply(303, headers={"Location": address})


def _last_problem(account: Account, session: Json) -> str:
    intent = account.find("payment_intent", session["payment_intent"]) if session["payment_intent"] else {}
    return _said(session, intent.get("last_payment_error") or {})


def _said(session: Json, error: Json) -> str:
    """What is wrong with a card, in the customer's words."""
    words = WORDS[_language(session)]
    codes = (error.get("decline_code"), error.get("code"))
    return next((words[code] for code in codes if code in words), str(error.get("message", "")))


def _language(session: Json) -> str:
    return "es" if str(session["locale"]).startswith("es") else "en"


def _form(account: Account, session: Json, problem: str) -> Reply:
    words = WORDS[_language(session)]
    amount = f"{shown(session['amount_total'], session['currency'])} {session['currency'].upper()}"
    told = {"name": sessions.wish(account, session)["name"], "amount": amount}
    content = FORM.format(
        **{name: escape(text) for name, text in told.items()},
        **{f"word_{name}": escape(text) for name, text in words.items()},
        email=escape(session["customer_email"] or ""),
        problem=f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else "",
        back=_back(session, words),
    )
    return _page(402 if problem else 200, session, content)


def _back(session: Json, words: dict[str, str]) -> str:
    address = session["cancel_url"]
    return f'<a href="{escape(address)}">← {escape(words["back"])}</a>' if address else ""


def _ended(session: Json) -> Reply:
    words = WORDS[_language(session)]
    paid = session["status"] == "complete"
    content = f"<p>{escape(words['done' if paid else 'over'])}</p><p>{_back(session, words)}</p>"
    return _page(409 if paid else 410, session, content)


def _page(status: int, session: Json, content: str) -> Reply:
    language = _language(session)
    text = PAGE.format(language=language, title=escape(WORDS[language]["title"]), content=content)
    return Reply(
        status, text.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    )
