"""Refusals in Spanish: every text that code can say has its Spanish, and is recognised for what it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.refusals.spanish import (
    HOLE,
    catalogue,
    document_in_spanish,
    in_spanish,
    template_of,
    wants_spanish,
)
from local.refusals import said
from local.words_of_refusals import renewed

VALUES = st.text("ABCXYZ0123456789-", min_size=1, max_size=12)


def test_every_refusal_has_its_spanish() -> None:
    lacks = sorted(template for template, spanish in renewed().items() if not spanish)
    assert lacks == [], "translate these in refusals/es.json (make words puts them there)"
    assert set(catalogue()) == set(renewed()), "make words"


def test_spanish_carries_what_the_english_is_about() -> None:
    for english, spanish in catalogue().items():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", spanish)), english


@given(st.data())
def test_a_filled_template_is_said_in_its_spanish(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(sorted(catalogue())))
    names = [found[1] for found in HOLE.finditer(template)]
    values = {name: data.draw(VALUES) for name in names}
    told = HOLE.sub(lambda hole: values[hole[1]], template)
    recognised = template_of(told)
    assert recognised is not None
    expected = HOLE.sub(lambda hole: values[hole[1]], catalogue()[template])
    assert in_spanish(told) == expected or len(HOLE.sub("", recognised)) >= len(HOLE.sub("", template)) - 1


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("there is no product CAFE-1 for sale", "no hay un producto CAFE-1 a la venta"),
        (
            "A: 3 wanted, 1 available; B: 2 wanted, 0 available",
            "A: se piden 3, hay 1; B: se piden 2, hay 0",
        ),
        ("at least 3 characters", "al menos 3 caracteres"),
        (
            "A (line l1): 9 asked for, 3 ready to ship; B (line l2): 2 asked for, packed: 0",
            "A (línea l1): se piden 9, hay 3 listas para salir; B (línea l2): se piden 2, hay 0 empacadas",
        ),
        (
            "A (line l1): 2 asked for, 1 picked and not packed",
            "A (línea l1): se piden 2, hay 1 surtidas y sin empacar",
        ),
        ("nothing is to pick", "no hay unidades por surtir"),
        ("the code was valid until 2026-11-01", "el código valió hasta 2026-11-01"),
        (
            "A comes in boxes of 6 and takes 12 at least: order 12 instead of 5",
            "A viene en cajas de 6 y pide al menos 12: pide 12 en vez de 5",
        ),
        (
            "takes 4 units away, but only 1 are free (2 reserved and 1 allocated for orders)",
            "quita 4 unidades, pero solo hay 1 libres (2 apartadas y 1 asignadas a pedidos)",
        ),
        ("nobody ever wrote this", "nobody ever wrote this"),
        ("", ""),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_details_as_they_come(english: str, spanish: str) -> None:
    assert in_spanish(english) == spanish


def test_what_programs_read_stays() -> None:
    errors = [{"pointer": "/lines/0", "detail": "is missing", "quantities": [6]}]
    told = document_in_spanish(
        {"type": "invalid", "title": "T", "status": 422, "detail": "nothing would change", "errors": errors}
    )
    assert told["detail"] == "no cambiaría nada"
    assert told["errors"] == [{"pointer": "/lines/0", "detail": "falta", "quantities": [6]}]
    assert (told["type"], told["title"], told["status"]) == ("invalid", "T", 422)


@pytest.mark.parametrize(
    ("accepted", "spanish"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", True),
        ("en-US,en;q=0.9,es;q=0.8", False),
        ("", False),
        ("*", False),
        ("de,es", True),
    ],
)
def test_spanish_is_for_who_asks_for_it(accepted: str, spanish: bool) -> None:
    assert wants_spanish(accepted) is spanish


def test_texts_are_found_in_the_code() -> None:
    found = {one.template for one in said()}
    assert "the order is on hold" in found  # a guard's
    assert "must not be empty" in found  # of validation
    assert len(found) > 400
