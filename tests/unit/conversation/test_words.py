"""Every code has its word in both languages."""

import pytest

from comanda.conversation import words
from comanda.conversation.speech import Speech
from comanda.conversation.words import carrier_name, word
from comanda.orders.vocabulary import Fulfilment, Label, Lifecycle, Method, Payment, Returns

AXES = [
    (Lifecycle, words.LIFECYCLE),
    (Payment, words.PAYMENT),
    (Fulfilment, words.FULFILMENT),
    (Returns, words.RETURNS),
    (Label, words.LABEL),
    (Method, words.METHOD),
]


@pytest.mark.parametrize(("codes", "table"), AXES)
def test_each_axis_is_named_whole(codes, table):
    assert set(table) == {code.value for code in codes}


def test_the_merchants_labels_are_theirs():
    said = [word(words.LABEL, code, Speech("es")) for code in Label]
    assert said == ["por revisar", "pendiente", "tramitado", "error", "embarcado", "entregado"]
    assert word(words.LABEL, "shipped", Speech("en")) == "shipped"
    assert word(words.FULFILMENT, "shipped", Speech("es")) == "enviado"


def test_an_unknown_code_stands_for_itself():
    assert word(words.PARCEL, "held_at_customs", Speech("es")) == "held at customs"


@pytest.mark.parametrize(
    ("code", "name"),
    [("fedex", "FedEx"), ("DHL", "DHL"), ("paquete_norte", "Paquete Norte"), ("99minutos", "99Minutos")],
)
def test_carriers_are_written_as_they_write_themselves(code, name):
    assert carrier_name(code) == name
