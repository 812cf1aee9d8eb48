"""What each mail says, in both languages; the plain texts are kept as snapshots."""

from dataclasses import replace

import pytest

from comanda.conversation.letters import LETTERS
from comanda.conversation.letters.merchant import export_failed
from comanda.conversation.mime import Unsendable
from comanda.conversation.render import Rendered, render_letter
from comanda.conversation.send import write
from comanda.conversation.view import shop_view, speech_for
from comanda.orders.model import Terms
from comanda.orders.vocabulary import Lifecycle
from tests.unit.conversation.samples import (
    KEYS,
    ORDER_ID,
    SECTIONS,
    URLS,
    effect,
    half_shipped,
    letters,
    lines,
    loaded,
    order,
    paid,
    parcel,
    proposed,
    shipped_in_two,
)

FIRST_LINES = {
    "verification": "Hemos recibido tu solicitud de pedido P-000123.",
    "quotation": "Esta es tu cotización P-000123: $1,728.00.",
    "order_placed": "La tienda tiene tu solicitud de pedido P-000123 y la está revisando.",
    "authorization_expiring": "Hasta el 28 de noviembre de 2026",
    "authorization_lapsed": "El banco liberó el dinero del pedido P-000123",
    "merchant_order": "Pedido P-000123 nuevo de Café Ñandú: $1,728.00.",
    "order_approved": "La tienda confirmó tu pedido P-000123.",
    "order_rejected": "La tienda no pudo aceptar tu solicitud de pedido P-000123.",
    "order_cancelled": "Tu pedido P-000123 fue cancelado.",
    "order_edited": "La tienda modificó tu pedido P-000123. Ahora suma $1,728.00.",
    "payment_instructions": "Para pagar tu pedido P-000123, envía $1,728.00 con la referencia P-000123.",
    "payment_reminder": "Tu pedido P-000123 sigue esperando tu pago de $1,728.00.",
    "payment_received": "Recibimos tu pago de $1,728.00 por el pedido P-000123.",
    "payment_failed": "El pago de tu pedido P-000123 no se completó y no se te cobró nada.",
    "refunded": "Te reembolsamos $500.00 de tu pedido P-000123.",
    "shipped": "Un bulto de tu pedido P-000123 va en camino y llega el jueves 26 de noviembre.",
    "promise_changed": "Una parte de tu pedido P-000123 espera existencias. Ahora la esperamos para el 14 de",
    "delivered": "Tu pedido P-000123 ya se entregó.",
    "order_ready": "Una parte de tu pedido P-000123 está lista para salir.",
    "ready_for_pickup": "Una parte de tu pedido P-000123 está lista para recoger.",
    "pickup_reminder": "Tu pedido P-000123 todavía te espera en la tienda.",
}


def letter(event: str, locale: str = "es", **replaced) -> Rendered:
    """The mail of an event to a reader of `locale`; `replaced` changes its order."""
    found, wanted = letters()[event]
    notifications = SECTIONS["notifications"].model_copy(update={"merchant_locale": locale})
    found = replace(found, order=replace(found.order, locale=locale, **replaced))
    return render_letter(write(found, wanted, SECTIONS | {"notifications": notifications}, URLS))


def about(placed, event: str, **data) -> Rendered:
    return render_letter(write(loaded(placed), effect(event, **data), SECTIONS, URLS))


@pytest.mark.capability("D32")
@pytest.mark.parametrize("locale", ["es", "en"])
@pytest.mark.parametrize("event", LETTERS)
def test_the_plain_text_reads_as_well(event, locale, snapshot):
    rendered = letter(event, locale)
    assert f"{rendered.letter.subject}\n\n{rendered.text}" == snapshot


@pytest.mark.parametrize("event", LETTERS)
def test_the_answer_comes_first_and_the_subject_says_shop_and_order(event):
    rendered = letter(event)
    assert rendered.text.splitlines()[0].startswith(FIRST_LINES[event])
    assert rendered.letter.subject.startswith("Barro y Lana: ")
    assert "P-000123" in rendered.letter.subject


@pytest.mark.parametrize("locale", ["es", "en"])
@pytest.mark.parametrize("event", LETTERS)
def test_html_and_text_say_the_same_and_have_one_button(event, locale):
    rendered = letter(event, locale)
    said = rendered.letter
    assert rendered.html.count('class="button"') == 1
    for text in (*said.paragraphs, *said.closing, said.button.label, said.button.url):
        assert text in rendered.text
    for block in said.blocks:
        if block.kind == "goods":
            for line in block.lines:
                assert line.name in rendered.text
                assert line.name in rendered.html


@pytest.mark.capability("A06")
def test_verification_carries_the_button_with_the_link_and_a_short_summary():
    rendered = letter("verification")
    url = f"https://pedidos.example.com/verify-email?token={KEYS.link('verify', ORDER_ID, '1')}"
    assert rendered.letter.button.label == "Verificar usuario"
    assert rendered.letter.button.url == url
    assert f'href="{url}"' in rendered.html
    assert "2 × Taza de barro negro" in rendered.text
    assert "Total: $1,728.00" in rendered.text
    assert "Subtotal" not in rendered.text


@pytest.mark.capability("A08", "A17", "D02")
def test_the_merchant_gets_the_order_the_decision_and_the_file():
    rendered = letter("merchant_order")
    approve = f"https://pedidos.example.com/approve-order?token={KEYS.link('approve', ORDER_ID, '1')}"
    csv = f"https://pedidos.example.com/orders/{ORDER_ID}/export.csv?token={KEYS.link('csv', ORDER_ID, '1')}"
    assert (rendered.letter.button.label, rendered.letter.button.url) == (
        "Confirmar tramitación del pedido",
        approve,
    )
    assert [(link.label, link.url) for link in rendered.letter.more] == [
        ("Rechazar", f"{approve}#reject"),
        ("Descargar CSV", csv),
    ]
    for wanted in (
        "Correo: ana@example.com (Verificado)",
        "Teléfono: +525512345678",
        "Orden de compra: OC-778",
        "Es un regalo: sí",
        "Piso: 3",
        "Por favor, envolver por separado.",
        "Total: $1,728.00",
    ):
        assert wanted in rendered.text
    assert "Correo sin confirmar" not in rendered.text
    assert "Responde a este mensaje" not in rendered.text


def test_the_merchant_is_told_when_the_address_is_not_confirmed():
    rendered = letter("merchant_order", verified=False)
    note = "Correo sin confirmar: el cliente aún no ha verificado su dirección."
    assert note in rendered.text
    assert f">{note}</div>" in rendered.html
    assert "ana@example.com (sin confirmar)" in rendered.text


def test_an_order_approved_by_setting_leaves_nothing_to_decide():
    rendered = about(order(), "merchant_order")
    assert rendered.letter.button.label == "Descargar CSV"
    assert "approve-order" not in rendered.text + rendered.html


@pytest.mark.capability("A09", "A11")
def test_the_order_mail_holds_the_whole_order_and_its_page():
    rendered = letter("order_placed")
    token = KEYS.access(ORDER_ID, 1)
    assert rendered.letter.button.url == f"https://pedidos.example.com/orders/{ORDER_ID}?token={token}"
    for wanted in (
        "Subtotal: $1,810.00",
        "Descuento (OTOÑO10): -$181.00",
        "Envío a domicilio: $99.00",
        "OC-778",
    ):
        assert wanted in rendered.text
    assert "solicitud" not in about(order(), "order_placed").text.splitlines()[0]


@pytest.mark.capability("C17", "D08")
def test_payment_instructions_are_the_merchants_own_words_with_amount_and_reference():
    text = letter("payment_instructions").text
    assert "Banco del Valle\nCLABE 012 180 0012 3456 7899" in text
    assert "Importe: $1,728.00" in text
    assert "Referencia: P-000123" in text
    assert "Paga antes del: 27 de noviembre de 2026, 10:30\u00a0a.m." in text


@pytest.mark.capability("C20")
def test_the_receipt_says_what_came_and_what_is_left():
    rendered = about(order(ledger=(paid(100_000),)), "payment_received", amount=100_000)
    assert "Recibimos tu pago de $1,000.00" in rendered.text
    assert "Por pagar: $728.00 (Transferencia bancaria)." in rendered.text


@pytest.mark.capability("C23", "D14")
def test_shipped_says_what_left_when_it_comes_and_where_to_follow_it():
    rendered = letter("shipped")
    assert (rendered.letter.button.label, rendered.letter.button.url) == (
        "Rastrear el envío",
        "https://rastreo.example.com/s1",
    )
    assert "Paquetería: Estafeta\nNúmero de rastreo: 90s15512\nLlega: jueves 26 de noviembre" in rendered.text
    assert "En este bulto\n-------------\n2 × Taza de barro negro" in rendered.text
    assert "Falta por llegar\n----------------\n1 × Tapete" in rendered.text


def test_the_second_of_two_parcels_is_told_as_such():
    text = about(shipped_in_two(), "shipped", shipment_id="s2").text
    assert text.startswith("Un bulto de tu pedido P-000123 va en camino")
    assert "Bulto 2 de 2" in text
    assert "1 × Tapete" in text
    assert "Taza" not in text


def test_one_parcel_with_everything_is_the_order():
    full = tuple(replace(line, shipped=line.quantity) for line in lines())
    text = about(
        order(lines=full, shipments=(parcel(expected_at=""),), ledger=(paid(),)), "shipped", shipment_id="s1"
    ).text
    assert text.startswith("Tu pedido P-000123 va en camino.\n")
    assert "Llega" not in text


def test_a_carriers_link_that_is_none_is_not_offered():
    sent = half_shipped(locale="en")
    bad = replace(sent, shipments=(parcel(tracking_url="javascript:alert(1)"),))
    rendered = about(bad, "shipped", shipment_id="s1")
    assert "javascript" not in rendered.html + rendered.text
    assert rendered.letter.button.label == "See my order"


def test_delivered_in_part_says_what_is_to_come():
    there = lines(shipped=2, delivered=2)
    done = parcel(status="delivered", delivered_at="2026-11-26T17:20:00.000Z")
    text = about(order(lines=there, shipments=(done,), ledger=(paid(),)), "delivered", shipment_id="s1").text
    assert text.startswith("Se entregó un bulto de tu pedido P-000123.")
    assert "Entregado: jueves 26 de noviembre" in text
    assert "Falta por llegar" in text


@pytest.mark.capability("A22")
def test_the_customer_hears_yes_and_no_with_its_reason():
    assert letter("order_approved").text.startswith("La tienda confirmó tu pedido P-000123.")
    refused = letter("order_rejected").text
    assert "Lo que dice la tienda\n---------------------\nNo surtimos este tapete hasta enero." in refused
    assert "No se te cobró nada." in refused


def test_a_cancelled_order_says_why_and_where_the_money_goes():
    ended = {"lifecycle": Lifecycle.CANCELLED, "cancel_reason": "unpaid"}
    assert "El pago no llegó a tiempo." in about(order(**ended), "order_cancelled").text
    granted = replace(paid(kind="refund"), status="granted")
    promised = about(order(ledger=(paid(), granted), **ended), "order_cancelled").text
    assert "Se te devuelve lo que pagaste: $1,728.00." in promised
    withheld = about(order(ledger=(paid(),), **ended), "order_cancelled").text
    assert "Sobre lo que pagaste, $1,728.00, escribe a la tienda" in withheld
    assert "devuelve" not in withheld
    back = order(ledger=(paid(), paid(kind="refund")), **ended)
    assert "Lo que pagaste ya se te devolvió." in about(back, "order_cancelled").text


def test_an_order_request_without_anything_optional_still_reads_well():
    bare = order(charges=(), terms=Terms(payable=False), approved=False, lines=lines()[:1], method="request")
    kept = loaded(
        bare,
        contact={"email": "a@example.com", "name": "A"},
        shipping=None,
        fields=None,
        comment=None,
        purchase_order=None,
    )
    for event in ("order_placed", "merchant_order", "order_approved"):
        text = render_letter(write(kept, effect(event), SECTIONS, URLS)).text
        assert "None" not in text
        assert "\n\n\n" not in text
        assert not any(line.endswith(": ") for line in text.splitlines())


def test_no_mail_without_the_link_it_is_for():
    found, wanted = letters()["verification"]
    lost = replace(wanted, data=wanted.data | {"links": {"verify": {"hash": "0" * 64, "serial": "1"}}})
    with pytest.raises(Unsendable, match="send the link anew"):
        write(found, lost, SECTIONS, URLS)


def test_an_unknown_event_is_refused():
    with pytest.raises(Unsendable, match="no letter for the event newsletter"):
        write(loaded(), effect("newsletter"), SECTIONS, URLS)


@pytest.mark.parametrize("locale", ["es", "en"])
def test_a_failed_export_is_told_without_an_order(locale, snapshot):
    data = {"batch_id": "b-77", "destination": "sftp", "problem": "connection-lost: timed out"}
    said = export_failed(speech_for(SECTIONS, locale), shop_view(SECTIONS), data)
    rendered = render_letter(said)
    assert rendered.html.count('class="button"') == 0
    assert f"{said.subject}\n\n{rendered.text}" == snapshot


@pytest.mark.capability("F03")
@pytest.mark.parametrize(
    ("difference", "said"),
    [(18_000, "$180.00 más"), (-500, "$5.00 menos"), (0, "El total no cambia")],
)
def test_a_proposed_change_shows_the_order_as_it_would_be_and_asks(difference, said):
    found, wanted = proposed(difference)
    mail = render_letter(write(found, wanted, SECTIONS, URLS))
    assert mail.letter.subject == "Barro y Lana: acepta un cambio en tu pedido P-000123"
    assert mail.letter.button.label == "Ver el cambio"
    assert "/accept-edit?token=" in mail.letter.button.url
    assert said in mail.text
    assert "La taza grande ya llegó." in mail.text
    assert "Taza de barro negro" in mail.text
    assert "Nada cambia hasta que aceptes." in mail.text


def test_a_proposal_without_its_link_is_not_sent():
    found, wanted = proposed()
    with pytest.raises(Unsendable):
        write(found, replace(wanted, data=wanted.data | {"links": {}}), SECTIONS, URLS)


def test_what_the_shop_does_not_have_and_the_money_for_it_are_told_in_one_mail():
    gone = effect("order_edited", gone=[["Café", 2]], amount=5_000)
    letter = write(loaded(order(ledger=(paid(172_800),))), gone, SECTIONS, URLS)
    mail = render_letter(letter)
    assert "vimos que no tenemos todo" in mail.text
    assert "Te devolvemos $50.00 por donde pagaste" in mail.text
    assert "2 × Café" in mail.text


def test_who_paid_too_much_for_the_changed_order_is_told():
    mail = about(order(ledger=(paid(200_000),)), "order_edited")
    assert "Pagaste $272.00 más que eso; la tienda se encarga." in mail.text
