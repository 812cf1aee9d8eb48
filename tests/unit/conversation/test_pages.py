"""The pages: what they say, what they let people do, and what goes with them."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from comanda.conversation import pages
from comanda.conversation.speech import Speech
from comanda.conversation.view import order_view, shop_view
from comanda.errors import Busy, Forbidden, LinkExpired, LinkUsed, NotFound, PriceChanged, RateLimited
from comanda.orders.model import Ending, Terms
from comanda.orders.vocabulary import Lifecycle
from tests.unit.conversation.samples import (
    CONTACT,
    ORDER_ID,
    SECTIONS,
    half_shipped,
    loaded,
    order,
    paid,
    proposed,
)

REQUEST = order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, approved=False)
TO_REVIEW = order(approved=False)
CANCELLED = order(lifecycle=Lifecycle.CANCELLED, cancel_reason="rejected", approved=False)
SHOP = shop_view(SECTIONS)
HISTORY = [{"at": "2026-11-20T16:30:00.000Z", "type": "OrderPlaced", "text": "Hiciste el pedido."}]


def view(placed, locale: str = "es", **texts):
    return order_view(loaded(placed, **texts), SECTIONS, locale)


def headline(page: str) -> str:
    return re.sub("<[^>]+>", "", re.search("<h1>(.*?)</h1>", page)[1])


@pytest.mark.capability("A06")
def test_the_verification_page_changes_nothing_by_itself_and_posts_the_token():
    page = pages.verify_page(view(REQUEST), 'tok"en')
    assert headline(page) == "Confirma tu correo para enviar la solicitud de pedido P-000123."
    assert '<form method="post" action="verify-email">' in page
    assert 'name="token" value="tok&#34;en"' in page
    assert ">Verificar usuario</button>" in page
    assert "ana@example.com" in page
    assert "Taza de barro negro" in page


def test_after_verifying_the_customer_reads_the_state_and_goes_on():
    page = pages.verified_page(view(TO_REVIEW, "en"), "https://pedidos.example.com/orders/1?token=t")
    assert headline(page) == "Your e-mail is confirmed."
    assert "The shop has your order request P-000123 and is reviewing it." in page
    assert 'href="https://pedidos.example.com/orders/1?token=t"' in page


@pytest.mark.capability("A08")
def test_the_merchant_decides_on_the_page_with_the_order_before_them():
    page = pages.approve_page(view(TO_REVIEW), "tok")
    assert headline(page) == "Pedido P-000123 de Café Ñandú: $1,728.00."
    assert page.count('action="approve-order"') == 2
    assert 'name="decision" value="approve"' in page
    assert 'name="decision" value="reject"' in page
    assert '<textarea id="reason" name="reason"' in page
    for shown in (
        "Ana Muñoz Íñiguez",
        "OC-778",
        "Es un regalo",
        "Por favor, envolver por separado.<br>Gracias.",
    ):
        assert shown in page
    assert "Correo sin confirmar" not in page


@pytest.mark.parametrize(
    ("placed", "decisions", "said"),
    [
        (REQUEST, ["reject"], "Podrás confirmarlo cuando el cliente confirme su correo."),
        (order(), [], "El pedido P-000123 ya estaba confirmado."),
        (CANCELLED, [], "El pedido P-000123 fue rechazado."),
        (replace(CANCELLED, cancel_reason="unpaid"), [], "El pedido P-000123 fue cancelado."),
        (
            order(approved=False, ending=Ending("cancelled", "unpaid", "system")),
            [],
            "El pedido P-000123 se está cancelando.",
        ),
        (
            replace(REQUEST, lifecycle=Lifecycle.EXPIRED),
            [],
            "El pedido P-000123 caducó: el cliente no confirmó su correo.",
        ),
    ],
)
def test_only_open_decisions_are_offered(placed, decisions, said):
    page = pages.approve_page(view(placed), "tok")
    assert re.findall(r'name="decision" value="(\w+)"', page) == decisions
    assert said in re.sub("<[^>]+>", "", page)


def test_an_unverified_address_is_seen_before_deciding():
    page = pages.approve_page(view(order(verified=False, approved=False)), "tok")
    assert '<p class="note">Correo sin confirmar' in page
    assert re.findall(r'name="decision" value="(\w+)"', page) == ["approve", "reject"]


def test_the_decision_is_confirmed_with_what_follows():
    assert headline(pages.decided_page(view(order()), "approve")) == "Confirmaste el pedido P-000123."
    refused = pages.decided_page(view(CANCELLED), "reject")
    assert headline(refused) == "Rechazaste el pedido P-000123."
    assert "las existencias quedan libres" in refused


@pytest.mark.capability("C01", "C05", "D18")
def test_the_customers_page_says_the_state_first_and_shows_each_parcel():
    page = pages.order_page(view(half_shipped()), HISTORY)
    assert headline(page) == "Parte de tu pedido P-000123 va en camino; el resto se está preparando."
    assert page.count('<li class="done">') == 1
    assert "jueves 26 de noviembre" in page
    assert "90s15512" in page
    assert 'href="https://rastreo.example.com/s1"' in page
    assert "2 en camino" in page
    assert "<li>1 × Tapete de lana" in page
    assert "<time>20 de noviembre de 2026, 10:30\u00a0a.m.</time>Hiciste el pedido." in page
    assert "<form" not in page


def test_what_is_to_pay_and_how_is_on_the_page():
    page = pages.order_page(view(order()), HISTORY, methods=[("stripe", "Tarjeta")], access_token="t1")
    assert "Por pagar</dt><dd>$1,728.00" in page
    assert "CLABE 012 180 0012 3456 7899" in page
    assert f'action="{ORDER_ID}/payments"' in page
    assert 'name="payment_method" value="stripe"' in page
    assert 'name="access_token" value="t1"' in page


def test_a_paid_or_ended_order_asks_for_no_payment():
    for placed in (order(ledger=(paid(),)), CANCELLED, order(terms=Terms(payable=False))):
        page = pages.order_page(view(placed), HISTORY, methods=[("stripe", "Tarjeta")])
        assert "Por pagar" not in page
        assert "/payments" not in page


def test_a_guest_can_correct_the_address_and_have_the_mail_again():
    page = pages.order_page(view(REQUEST), HISTORY, access_token="t1")
    assert f'action="{ORDER_ID}/resend-verification"' in page
    assert 'type="email" id="email" name="email" value="ana@example.com"' in page
    sent = pages.resent_page(view(REQUEST), "https://x.example.com/o")
    assert headline(sent) == "Enviamos el mensaje otra vez a ana@example.com."


def test_an_order_with_nothing_optional_and_no_history_has_no_empty_parts():
    bare = view(
        order(charges=(), terms=Terms(payable=False)),
        contact={"email": "a@example.com", "name": "A"},
        shipping=None,
        fields=None,
        comment=None,
        purchase_order=None,
    )
    page = pages.order_page(bare, [])
    assert "None" not in page
    assert "Historial" not in page
    assert "<dd></dd>" not in page


def test_erased_personal_data_leaves_a_page_that_works():
    gone = {name: None for name in ("contact", "shipping", "fields", "comment", "purchase_order")}
    assert "Taza de barro negro" in pages.order_page(view(order(), **gone), HISTORY)


def test_what_people_write_is_text_and_never_markup():
    hostile = '"><script>alert(1)</script>'
    texts = {"contact": CONTACT | {"name": hostile, "company": "", "email": hostile}, "comment": hostile}
    for page in (
        pages.order_page(view(REQUEST, **texts), [{"at": "2026-11-20T16:30:00Z", "text": hostile}]),
        pages.approve_page(view(TO_REVIEW, **texts), hostile),
        pages.verify_page(view(REQUEST, **texts), hostile),
    ):
        assert "<script" not in page
        assert 'value=""><' not in page


@pytest.mark.parametrize(
    ("problem", "spanish", "english"),
    [
        (LinkUsed("x"), "Este enlace ya se usó.", "This link has been used already."),
        (LinkExpired("x"), "Este enlace ya no funciona.", "This link no longer works."),
        (NotFound("x"), "Aquí no hay nada.", "There is nothing at this address."),
        (RateLimited("x"), "Fueron demasiadas veces en poco tiempo.", "That was too often in a short time."),
        (Busy("x"), "En este momento hay demasiadas solicitudes.", "We are too busy just now."),
        (Forbidden("x"), "No tienes permiso para hacer esto.", "You may not do this."),
        (PriceChanged("secret detail"), "Eso no funcionó.", "That did not work."),
    ],
)
def test_problems_in_plain_words(problem, spanish, english):
    assert headline(pages.problem_page(problem, Speech("es"), SHOP)) == spanish
    assert headline(pages.problem_page(problem, Speech("en"), SHOP)) == english
    assert problem.detail == "x" or problem.detail not in pages.problem_page(problem, Speech("en"), SHOP)


def test_the_policy_allows_exactly_the_style_of_the_page_and_no_script():
    sent = pages.headers()
    page = pages.order_page(view(half_shipped()), HISTORY)
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in sent["Content-Security-Policy"]
    assert "default-src 'none'" in sent["Content-Security-Policy"]
    assert "script-src" not in sent["Content-Security-Policy"]
    assert sent["Referrer-Policy"] == "no-referrer"
    assert sent["Cache-Control"] == "no-store"
    assert sent["X-Frame-Options"] == "DENY"
    assert "<script" not in page
    assert " style=" not in page
    assert re.findall(r' on\w+="', page) == []


@pytest.mark.capability("F03")
def test_a_proposed_change_is_answered_on_a_page_without_script():
    found, _ = proposed()
    shown = order_view(found, SECTIONS, "es")
    page = pages.edit_page(shown, 'tok"en', "¿La cambiamos?", "23 de noviembre")
    assert headline(page) == "La tienda te propone un cambio en tu pedido P-000123."
    assert page.count('<form method="post" action="accept-edit">') == 2
    assert page.count('name="token" value="tok&#34;en"') == 2
    assert 'name="decision" value="accept"' in page
    assert 'name="decision" value="decline"' in page
    for said in (
        "$180.00 más que antes",
        "¿La cambiamos?",
        "23 de noviembre",
        "Taza de barro negro",
        "$1,728.00",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("said", "placed", "told", "button"),
    [
        ("accept", order(), "Por pagar: $1,728.00", "Pagar mi pedido"),
        ("accept", order(ledger=(paid(),)), "Tu pedido P-000123 está confirmado", "Ver mi pedido"),
        ("decline", order(), "queda como estaba", "Ver mi pedido"),
    ],
)
def test_after_the_answer_the_customer_reads_what_holds(said, placed, told, button):
    page = pages.edit_answered_page(view(placed), said, "https://pedidos.example.com/orders/1?token=t")
    assert told in page
    assert f">{button}</a>" in page
