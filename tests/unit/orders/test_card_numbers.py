"""Which numbers are those of cards, and which only look so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comanda.orders.card_numbers import card_number_errors, holds_card_number

# https://docs.stripe.com/testing and https://www.mercadopago.com.mx/developers/en/docs/your-integrations/test/cards
CARDS = ["4242424242424242", "4000000000000002", "5555555555554444", "2223003122003222", "6011111111111117",
         "378282246310005", "4075595716483764", "5474925432670366", "375365153556885"]  # fmt: skip


@pytest.mark.capability("D05")
@pytest.mark.parametrize("number", CARDS)
def test_test_cards_of_the_providers_are_known_in_any_writing(number: str) -> None:
    grouped = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
    for text in (number, grouped, grouped.replace(" ", "-"), f"cobren a {number}, vence 12/30"):
        assert holds_card_number(text), text
        assert not holds_card_number(text.replace(number[-1], str((int(number[-1]) + 1) % 10), 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+52 55 1234 5678",
        "+49 1511 2345678",
        "Calle 42, 4242 Ciudad, CP 42424",
        "CLABE 014027000005555558",
        "IMEI 490154203237518",
        "guía 4242424242424243",
        "pedido 42424242424242424242",
        "2026-11-22 12:00:01.000000",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not holds_card_number(text)


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    assert holds_card_number(f"{text} 4242424242424242 {text}") or text[-1:].isdigit() or text[:1].isdigit()


def test_a_refusal_names_the_place_and_not_the_number() -> None:
    given_texts = {"note": f"mi tarjeta es {CARDS[0]}", "gift": True, "age": 30, "other": "nada"}
    (error,) = card_number_errors(given_texts, "/fields")
    assert error["pointer"] == "/fields/note"
    assert "4242" not in error["detail"]
