"""One sentence for every place an order can be in."""

from dataclasses import replace

import pytest

from comanda.conversation.speech import Speech
from comanda.conversation.state import state_sentence
from comanda.orders.model import Order, Terms
from comanda.orders.vocabulary import Lifecycle
from tests.unit.conversation.samples import half_shipped, lines, order, paid, parcel, shipped_in_two

HOME = tuple(replace(line, shipped=line.quantity, delivered=line.quantity) for line in lines())
HALF_HOME = (replace(lines()[0], shipped=2, delivered=2), lines()[1])

CASES: list[tuple[Order, str]] = [
    (
        order(lifecycle=Lifecycle.AWAITING_VERIFICATION, verified=False, approved=False),
        "Tu solicitud de pedido P-000123 espera a que confirmes tu correo.",
    ),
    (order(approved=False), "La tienda tiene tu solicitud de pedido P-000123 y la está revisando."),
    (order(), "Tu pedido P-000123 está confirmado y espera tu pago de $1,728.00."),
    (
        order(ledger=(paid(100_000),)),
        "Tu pedido P-000123 está confirmado y espera tu pago de $728.00.",
    ),
    (order(ledger=(paid(),)), "Tu pedido P-000123 está confirmado y se está preparando."),
    (order(terms=Terms(payable=False)), "Tu pedido P-000123 está confirmado y se está preparando."),
    (
        order(ledger=(replace(paid(), kind="intent", status="failed"),)),
        "Falló el pago de tu pedido P-000123; puedes pagar otra vez.",
    ),
    (half_shipped(), "Parte de tu pedido P-000123 va en camino; el resto se está preparando."),
    (shipped_in_two(), "Tu pedido P-000123 va en camino y llega el jueves 26 de noviembre."),
    (
        order(lines=HALF_HOME, shipments=(parcel(),), ledger=(paid(),)),
        "Parte de tu pedido P-000123 ya se entregó; falta el resto.",
    ),
    (order(lines=HOME, ledger=(paid(),)), "Tu pedido P-000123 ya se entregó."),
    (
        order(lifecycle=Lifecycle.CLOSED, lines=HOME, ledger=(paid(),)),
        "Tu pedido P-000123 ya se entregó.",
    ),
    (
        order(lifecycle=Lifecycle.EXPIRED, verified=False),
        "Tu solicitud de pedido P-000123 caducó: no se confirmó el correo.",
    ),
    (order(lifecycle=Lifecycle.CANCELLED, cancel_reason="unpaid"), "Tu pedido P-000123 fue cancelado."),
    (
        order(lifecycle=Lifecycle.CANCELLED, cancel_reason="rejected"),
        "La tienda no pudo aceptar tu solicitud de pedido P-000123.",
    ),
]


@pytest.mark.capability("C01")
@pytest.mark.parametrize(("placed", "sentence"), CASES)
def test_the_state_is_said_first_and_in_one_sentence(placed, sentence):
    assert state_sentence(placed, Speech("es", "MX", "America/Mexico_City")) == sentence


def test_no_arrival_is_promised_when_one_parcel_has_none():
    first, second = shipped_in_two().shipments
    unsure = replace(shipped_in_two(), shipments=(first, replace(second, expected_at="")))
    assert state_sentence(unsure, Speech("en")) == "Your order P-000123 is on its way."


def test_lost_parcels_are_said():
    lost = order(lines=lines(shipped=2), shipments=(parcel(status="lost"),), ledger=(paid(),))
    assert state_sentence(lost, Speech("en")) == (
        "Your order P-000123 could not be delivered; the shop looks into it."
    )
