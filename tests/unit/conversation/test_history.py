"""The history in the customer's words."""

import pytest

from comanda.conversation.history import PLAIN, TELLERS, WITH_AMOUNT, customer_history, history_text
from comanda.orders.evolve import STEPS
from comanda.orders.facts import Fact
from tests.unit.conversation.samples import PLACED, paid, parcel


def fact(kind: str, data: dict | None = None, visibility: str = "customer") -> Fact:
    return Fact(1, kind, PLACED, "system", "request:1", visibility, data or {}, "")


@pytest.mark.capability("C01")
def test_every_kind_of_fact_can_be_told():
    assert {"OrderPlaced", *STEPS} - {*PLAIN, *WITH_AMOUNT, *TELLERS} == set()


@pytest.mark.parametrize(
    ("one", "spanish", "english"),
    [
        (fact("OrderPlaced"), "Hiciste el pedido.", "You placed the order."),
        (
            fact("OrderApproved", {"by": "merchant"}),
            "La tienda confirmó el pedido.",
            "The shop confirmed the order.",
        ),
        (
            fact("PaymentCaptured", {"entry": paid().to_dict()}),
            "Recibimos tu pago de $1,728.00.",
            "We received your payment of MX$1,728.00.",
        ),
        (
            fact("LinesShipped", {"shipment": parcel().to_dict(), "taken": []}),
            "Se enviaron 2 artículos con Estafeta, número de rastreo 90s15512.",
            "2 articles were shipped with Estafeta, tracking number 90s15512.",
        ),
        (
            fact("ShipmentScanned", {"shipment_id": "s1", "changes": {"status": "out_for_delivery"}}),
            "La paquetería informa: en reparto.",
            "The carrier says: out for delivery.",
        ),
        (
            fact("LinesDelivered", {"lines": [{"line_id": "l1", "quantity": 1}]}),
            "Se entregó 1 artículo.",
            "1 article was delivered.",
        ),
    ],
)
def test_facts_in_both_languages(one, spanish, english):
    assert history_text(one, "es", "MX") == spanish
    assert history_text(one, "en", "MX") == english


def test_internal_facts_and_wordless_ones_stay_out():
    facts = [
        fact("OrderPlaced"),
        fact("HoldOpened", {"hold": {}}, "internal"),
        fact("ShipmentScanned", {"shipment_id": "s1", "changes": {"scan_rank": 2}}),
        fact("SomethingNewer"),
    ]
    assert customer_history(facts, "en") == [
        {"at": PLACED, "type": "OrderPlaced", "text": "You placed the order."}
    ]
